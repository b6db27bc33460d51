import type { AccountRules } from '@gateway/core';
import { DnsUnavailableError, type TextRecords } from '@gateway/platform';
import { readDmarc, tagsOf, type Dmarc } from './dmarc.js';
import { readSpf, type Spf } from './spf.js';

/** Records that senders need, as the account's vendor documents them; absent where it documents nothing. */
export type SenderAuthentication = NonNullable<AccountRules['senderAuthentication']>;

export interface DkimKey {
  readonly selector: string;
  readonly state: 'ok' | 'missing' | 'fault';
}

/** A sender domain as name servers describe it. */
export interface InspectedDomain {
  readonly domain: string;
  readonly checkedAt: Date;
  /** Why some of it could not be looked up; that is then not known. */
  readonly problem: string | null;
  readonly spf: Spf | null;
  readonly dmarc: Dmarc | null;
  /** Keys under the selectors that were asked for. */
  readonly dkim: readonly DkimKey[];
}

/** Looks a domain up. Never throws: what cannot be found out is unknown. */
export async function inspectDomain(
  domain: string,
  selectors: readonly string[],
  { records, now }: { readonly records: TextRecords; readonly now: Date },
): Promise<InspectedDomain> {
  let problem: string | null = null;
  const orNull = (error: unknown): null => {
    problem ??= error instanceof DnsUnavailableError ? error.message : 'the answers could not be read';
    return null;
  };
  const [spf, dmarc, ...keys] = await Promise.all([
    readSpf(domain, records).catch(orNull),
    readDmarc(domain, records).catch(orNull),
    ...selectors.map((selector) => readKey(domain, selector, records).catch(orNull)),
  ]);
  return { domain, checkedAt: now, problem, spf, dmarc, dkim: keys.filter((key) => key !== null) };
}

async function readKey(domain: string, selector: string, records: TextRecords): Promise<DkimKey> {
  const found = await records.find(`${selector}._domainkey.${domain}`);
  const keys = found.map((text) => tagsOf(text).get('p')).filter((key) => key !== undefined);
  if (keys.length === 0) return { selector, state: 'missing' };
  // An empty key is one that was revoked.
  return { selector, state: keys.length === 1 && keys[0] !== '' ? 'ok' : 'fault' };
}

/** Authentication of a domain's mail through an account, as far as it is known. */
export interface AccountAuthentication {
  /** `unknown`: the vendor does not document what it needs, or the domain could not be looked up. */
  readonly spf: 'ok' | 'missing' | 'unknown';
  readonly dkim: 'ok' | 'missing' | 'unknown';
  readonly dmarc: 'pass' | 'fail' | 'no_policy' | 'unknown';
}

const UNKNOWN: AccountAuthentication = { spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' };

/**
 * DMARC passes by SPF or by DKIM of the sender's own domain. It fails for certain only where both are known to be missing;
 * what a vendor signs and which envelope sender it uses is not always documented.
 */
export function authenticationOf(
  inspected: InspectedDomain | undefined,
  documented: SenderAuthentication | undefined,
): AccountAuthentication {
  if (inspected === undefined || documented === undefined) return UNKNOWN;
  const { spf, dmarc, problem } = inspected;
  return spf === null || dmarc === null || problem !== null ? UNKNOWN : judge({ ...inspected, spf, dmarc }, documented);
}

function judge(
  { spf, dmarc, dkim }: Pick<InspectedDomain, 'dkim'> & { readonly spf: Spf; readonly dmarc: Dmarc },
  { spfDomains, dkimSelectors }: SenderAuthentication,
): AccountAuthentication {
  const isIncluded = spf.state === 'ok' && spf.includes.some((domain) => spfDomains.includes(domain));
  const isSigned = dkim.some(({ selector, state }) => state === 'ok' && dkimSelectors.includes(selector));
  const verdict = isIncluded || isSigned ? 'pass' : 'fail';
  return { spf: word(isIncluded), dkim: word(isSigned), dmarc: dmarc.state === 'ok' ? verdict : 'no_policy' };
}

const word = (isThere: boolean): 'ok' | 'missing' => (isThere ? 'ok' : 'missing');
