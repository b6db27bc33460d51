import type { TextRecords } from '@gateway/platform';

/** What the owner of a domain asks receivers to do with mail that is not authenticated (RFC 7489). */
export interface Dmarc {
  readonly state: 'ok' | 'missing' | 'fault';
  /** For mail of the very domain that was asked for. */
  readonly policy: 'none' | 'quarantine' | 'reject' | null;
  readonly record: string | null;
  /** Where the record is: the domain, or one above it. */
  readonly domain: string | null;
  readonly detail: string;
}

const VERSION = /^v\s*=\s*DMARC1\s*(?:;|$)/i;
/** Domains above a name that are asked, as a tree walk does. */
const MOST_STEPS = 8;

/** @throws DnsUnavailableError */
export async function readDmarc(domain: string, records: TextRecords): Promise<Dmarc> {
  const labels = domain.split('.');
  const steps = Math.min(labels.length - 1, MOST_STEPS);
  for (let step = 0; step < steps; step += 1) {
    const at = labels.slice(step).join('.');
    const found = (await records.find(`_dmarc.${at}`)).filter((text) => VERSION.test(text));
    const [record] = found;
    if (record === undefined) continue;
    if (found.length > 1)
      return fault(at, record, `_dmarc.${at} has ${found.length} DMARC records; receivers ignore them`);
    return judge(record, { at, isAbove: step > 0 });
  }
  const detail = 'the domain has no DMARC record, nor has one above it';
  return { state: 'missing', policy: null, record: null, domain: null, detail };
}

function judge(record: string, { at, isAbove }: { readonly at: string; readonly isAbove: boolean }): Dmarc {
  const tags = tagsOf(record);
  const p = policyOf(tags.get('p'));
  const policy = (isAbove ? policyOf(tags.get('sp')) : undefined) ?? p;
  if (policy === undefined) return fault(at, record, `the record at _dmarc.${at} has no policy (p=)`);
  return { state: 'ok', policy, record, domain: at, detail: `the policy is ${policy}` };
}

const fault = (domain: string, record: string, detail: string): Dmarc => ({
  state: 'fault',
  policy: null,
  record,
  domain,
  detail,
});

const POLICIES = ['none', 'quarantine', 'reject'] as const;

const policyOf = (text: string | undefined): (Dmarc['policy'] & string) | undefined =>
  POLICIES.find((policy) => policy === text?.toLowerCase());

/** `name=value` pairs, as DMARC and DKIM write them; the first of a name counts. */
export function tagsOf(record: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const part of record.split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim().toLowerCase();
    if (at > 0 && !tags.has(name)) tags.set(name, part.slice(at + 1).trim());
  }
  return tags;
}
