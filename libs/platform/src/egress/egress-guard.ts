import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { canonical, parseAddress } from './address-kind.js';
import { EgressError, toEgressError } from './egress-errors.js';
import { addressFault, toTarget, unresolvedFault, urlFault, type Target, type TargetPolicy } from './target-policy.js';

/** @returns every address of a name, as text. Rejects when there is none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveByName: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

export interface GuardOptions {
  readonly policy: TargetPolicy;
  /** The machine's own resolver unless given. */
  readonly resolve?: Resolve;
  /** Certificates to trust besides the usual ones. */
  readonly ca?: string;
  readonly connectMs?: number;
}

const CONNECT_MS = 5000;

type Connector = buildConnector.connector;
type ConnectorOptions = buildConnector.Options;

/**
 * Decides where requests may go whose URL a caller chose. A name is resolved for every connection, all of its addresses
 * must be allowed, and the connection goes to an address that was checked. It does not rely on `lookup` or
 * `net.BlockList`: Node calls neither for TLS to a literal address.
 */
export class EgressGuard {
  private readonly resolve: Resolve;
  private readonly connectMs: number;

  constructor(private readonly options: GuardOptions) {
    this.resolve = options.resolve ?? resolveByName;
    this.connectMs = options.connectMs ?? CONNECT_MS;
  }

  /**
   * Checks a URL that a caller wants to be used. A name that cannot be resolved now is taken: it may exist later.
   * @throws EgressError `E_TARGET_FORBIDDEN`
   */
  async check(url: URL): Promise<void> {
    const fault = urlFault(url);
    if (fault !== undefined) throw forbidden(fault);
    const target = toTarget(url);
    try {
      await this.vetted(target);
    } catch (error) {
      if (!(error instanceof EgressError) || error.code === 'E_TARGET_FORBIDDEN') throw error;
      const unresolved = unresolvedFault(target, this.options.policy);
      if (unresolved !== undefined) throw forbidden(unresolved);
    }
  }

  /** For one request: a connector that only reaches what is allowed. @param onConnect gets the peer's address */
  connector(url: URL, onConnect: (address: string) => void): Connector {
    return (options, callback) => {
      this.connect(url, options).then(
        (socket) => {
          onConnect(socket.remoteAddress ?? '');
          callback(null, socket);
        },
        (error: unknown) => callback(toEgressError(error, false), null),
      );
    };
  }

  private async connect(url: URL, options: ConnectorOptions): Promise<Socket> {
    const fault = urlFault(url);
    if (fault !== undefined) throw forbidden(fault);
    const deadline = performance.now() + this.connectMs;
    const target = toTarget(url);
    const addresses = await inTime(this.vetted(target), this.connectMs);
    let failure: unknown;
    for (const [i, address] of addresses.entries()) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) break;
      try {
        return await this.connectTo({ address, target, timeoutMs: leftMs / (addresses.length - i) }, options);
      } catch (error) {
        failure = error;
      }
    }
    throw toEgressError(failure ?? new EgressError('E_TIMEOUT', 'no connection in time'), false);
  }

  private async connectTo(
    to: { readonly address: string; readonly target: Target; readonly timeoutMs: number },
    options: ConnectorOptions,
  ): Promise<Socket> {
    const { ca } = this.options;
    const connect = buildConnector({
      timeout: Math.ceil(to.timeoutMs),
      allowH2: false,
      maxCachedSessions: 0,
      ...(ca !== undefined && { ca }),
    });
    const { servername: _, ...rest } = options;
    // The name stays for SNI and the certificate; the connection goes to the address.
    const name = to.target.secure && parseAddress(to.target.host) === undefined && { servername: to.target.host };
    const socket = await new Promise<Socket>((resolve, reject) => {
      connect({ ...rest, ...name, hostname: to.address }, (error, connected) =>
        error === null ? resolve(connected) : reject(error),
      );
    });
    if (isSame(socket.remoteAddress, to.address)) return socket;
    socket.destroy();
    throw forbidden('the connection reached another address than the one that was checked');
  }

  /** All addresses of a target. @throws EgressError `E_DNS`, or `E_TARGET_FORBIDDEN` if any of them is not allowed */
  private async vetted(target: Target): Promise<readonly string[]> {
    const addresses = await this.addressesOf(target.host);
    for (const address of addresses) {
      const parsed = parseAddress(address);
      if (parsed === undefined) throw forbidden('its address cannot be read');
      const fault = addressFault(target, parsed, this.options.policy);
      if (fault !== undefined) throw forbidden(fault);
    }
    await this.refuseOwn(target, addresses);
    return addresses;
  }

  private async addressesOf(host: string): Promise<readonly string[]> {
    if (parseAddress(host) !== undefined) return [host];
    try {
      const addresses = await this.resolve(host);
      if (addresses.length > 0) return addresses;
    } catch (error) {
      throw new EgressError(
        'E_DNS',
        `the name was not resolved: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`,
        {
          cause: error,
        },
      );
    }
    throw new EgressError('E_DNS', 'the name has no address');
  }

  private async refuseOwn(target: Target, addresses: readonly string[]): Promise<void> {
    for (const { host, port } of this.options.policy.own) {
      if (port !== target.port) continue;
      const own = await this.addressesOf(host).catch(() => [] as readonly string[]);
      const isOwn = (address: string): boolean =>
        own.some((mine) => isSame(mine, address) || (isLoopback(mine) && isLoopback(address)));
      if (addresses.some(isOwn)) throw forbidden('is a service of the gateway itself');
    }
  }
}

const forbidden = (detail: string): EgressError => new EgressError('E_TARGET_FORBIDDEN', detail);

function isSame(a: string | undefined, b: string): boolean {
  const [one, other] = [parseAddress(a ?? ''), parseAddress(b)];
  return one !== undefined && other !== undefined && canonical(one).toString() === canonical(other).toString();
}

function isLoopback(address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && canonical(parsed).range() === 'loopback';
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new EgressError('E_DNS', 'the name was not resolved in time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
