import { canonical, isWithin, kindOf, type parseAddress } from './address-kind.js';

type Address = NonNullable<ReturnType<typeof parseAddress>>;

/** Where webhooks may go besides public addresses, which always take `https` on port 443. */
export interface TargetPolicy {
  readonly allowCidrs: readonly string[];
  /** In lower case; `*.example.com` allows every name below it. */
  readonly allowHosts: readonly string[];
  /** Inclusive ranges of ports, for the networks and hosts above. */
  readonly allowPorts: readonly (readonly [from: number, to: number])[];
  /** In a sandbox, every port of this machine. */
  readonly loopback: boolean;
  /** The gateway's own services, which are never a target. */
  readonly own: readonly { readonly host: string; readonly port: number }[];
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const HTTPS_PORT = 443;
/** Names that clouds give their metadata services, in case they resolve to an address that is not known for it. */
const METADATA_NAMES = ['metadata.google.internal', 'metadata.goog', 'metadata', 'instance-data'];

/** The parts of a URL that the rules look at. */
export interface Target {
  readonly url: URL;
  readonly secure: boolean;
  /** Without brackets and without a dot at the end. */
  readonly host: string;
  readonly port: number;
}

/** @returns what is wrong with the URL itself, before anything is resolved */
export function urlFault(url: URL): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not contain credentials; use a header or the signature';
  return url.hostname === '' ? 'must have a host' : undefined;
}

export function toTarget(url: URL): Target {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return { url, secure, host, port: url.port === '' ? (secure ? HTTPS_PORT : 80) : Number(url.port) };
}

/** @returns why the policy forbids this address as a target; nothing where it allows it */
export function addressFault(target: Target, address: Address, policy: TargetPolicy): string | undefined {
  if (METADATA_NAMES.includes(target.host)) return 'is a metadata service';
  const { kind, what } = kindOf(address);
  if (kind === 'never') return `${address.toString()} is ${what}, which is never a target`;
  if (policy.loopback && isWithin(canonical(address), LOOPBACK)) return undefined;
  if (isListed(target, address, policy)) return portFault(target, policy);
  if (kind !== 'public') {
    return `${address.toString()} is ${what}; an operator can allow it (WEBHOOK_ALLOW_CIDRS, WEBHOOK_ALLOW_HOSTS)`;
  }
  if (!target.secure) return 'must begin with https://';
  return target.port === HTTPS_PORT ? undefined : `port ${target.port} is not allowed; use 443`;
}

/** The same for a name without an address: what is only for networks that are allowed cannot be shown to be in one. */
export function unresolvedFault(target: Target, policy: TargetPolicy): string | undefined {
  if (isListedHost(target, policy)) return portFault(target, policy);
  if (target.secure && target.port === HTTPS_PORT) return undefined;
  return 'is not resolved, so only https on port 443 is allowed';
}

const isListed = (target: Target, address: Address, policy: TargetPolicy): boolean =>
  isWithin(address, policy.allowCidrs) || isListedHost(target, policy);

const isListedHost = ({ host }: Target, { allowHosts }: TargetPolicy): boolean =>
  allowHosts.some((pattern) => isHost(host, pattern));

const isHost = (host: string, pattern: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length >= pattern.length : host === pattern;

function portFault({ secure, port }: Target, { allowPorts }: TargetPolicy): string | undefined {
  if (secure && port === HTTPS_PORT) return undefined;
  if (allowPorts.some(([from, to]) => port >= from && port <= to)) return undefined;
  return `port ${port} is not allowed; an operator can allow it (WEBHOOK_ALLOW_PORTS)`;
}
