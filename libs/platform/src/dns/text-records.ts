import { Resolver } from 'node:dns/promises';

/** Which name servers are asked: those of this machine, none, or these (`1.1.1.1`, `127.0.0.1:5353`, `[::1]:53`). */
export type DnsServers = 'system' | 'off' | readonly string[];

/** No name server said whether there are records. */
export class DnsUnavailableError extends Error {
  override readonly name = 'DnsUnavailableError';
}

/** TXT records of the domain name system. */
export interface TextRecords {
  /** False: no name server is to be asked. */
  readonly isOn: boolean;
  /** @returns the records of a name, none if there are none. @throws DnsUnavailableError when that could not be found out. */
  find(name: string): Promise<readonly string[]>;
}

const TIMEOUT_MS = 2000;
const TRIES = 2;
/** The name, or records of this type, are not there. */
const ABSENT: ReadonlySet<string | undefined> = new Set(['ENOTFOUND', 'ENODATA']);
/** A name or answer that no server would take; asking again does not help. */
const LONGEST_NAME = 253;

/** Asks name servers. Nothing is kept: the caller knows for how long an answer is good enough. */
export function createTextRecords(servers: DnsServers): TextRecords {
  if (servers === 'off') {
    return { isOn: false, find: async () => Promise.reject(new DnsUnavailableError('DNS is switched off')) };
  }
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers !== 'system') resolver.setServers(servers);
  return {
    isOn: true,
    find: async (name) => {
      if (name.length > LONGEST_NAME) return [];
      try {
        // A record comes in pieces of at most 255 bytes.
        return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''));
      } catch (error) {
        const { code } = error as { readonly code?: string };
        if (ABSENT.has(code)) return [];
        throw new DnsUnavailableError(`no name server answered for ${name} (${code ?? 'unknown'})`, { cause: error });
      }
    },
  };
}
