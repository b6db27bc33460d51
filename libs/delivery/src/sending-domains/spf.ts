import type { TextRecords } from '@gateway/platform';

/** What a receiver makes of the SPF of a domain (RFC 7208), as far as records say it. */
export interface Spf {
  /** `fault`: receivers answer it with "permerror", as if there were none. */
  readonly state: 'ok' | 'missing' | 'fault';
  readonly record: string | null;
  readonly detail: string;
  /** Every domain whose record is a part of it, lower case. */
  readonly includes: readonly string[];
}

/** RFC 7208 §4.6.4: terms that need a look-up, over all records together. */
const MOST_LOOKUPS = 10;
/** A record in a record in a record; more is a mistake, even where the look-ups are few. */
const MOST_DEPTH = 10;
const VERSION = /^v=spf1(?:\s|$)/i;
const LOOKED_UP = /^[+?~-]?(?:a|mx|ptr|exists)(?:[:/]|$)/i;
const INCLUDE = /^[+?~-]?include:(\S+)$/i;
const REDIRECT = /^redirect=(\S+)$/i;
const ALL = /^[+?~-]?all$/i;

class SpfFault extends Error {}

interface Walk {
  readonly records: TextRecords;
  readonly includes: Set<string>;
  lookups: number;
}

/** @throws DnsUnavailableError */
export async function readSpf(domain: string, records: TextRecords): Promise<Spf> {
  const walk: Walk = { records, includes: new Set(), lookups: 0 };
  let record: string | null = null;
  try {
    record = (await recordOf(domain, records)) ?? null;
    if (record === null) {
      return { state: 'missing', record, detail: 'the domain has no SPF record', includes: [] };
    }
    await follow(record, [domain], walk);
    const detail = `${walk.lookups} of at most ${MOST_LOOKUPS} look-ups`;
    return { state: 'ok', record, detail, includes: [...walk.includes] };
  } catch (error) {
    if (!(error instanceof SpfFault)) throw error;
    return { state: 'fault', record, detail: error.message, includes: [...walk.includes] };
  }
}

async function recordOf(domain: string, records: TextRecords): Promise<string | undefined> {
  const found = (await records.find(domain)).filter((text) => VERSION.test(text));
  if (found.length > 1) throw new SpfFault(`${domain} has ${found.length} SPF records; receivers ignore all of them`);
  return found[0];
}

async function follow(record: string, path: readonly string[], walk: Walk): Promise<void> {
  const terms = record.split(/\s+/).slice(1);
  for (const term of terms) {
    if (LOOKED_UP.test(term)) count(walk);
    const included = INCLUDE.exec(term)?.[1];
    if (included !== undefined) await descend(included, path, walk, 'include');
  }
  // A redirect counts only where nothing else matches everything.
  const target = terms.some((term) => ALL.test(term))
    ? undefined
    : terms.map((term) => REDIRECT.exec(term)?.[1]).find(Boolean);
  if (target !== undefined) await descend(target, path, walk, 'redirect');
}

async function descend(
  target: string,
  path: readonly string[],
  walk: Walk,
  how: 'include' | 'redirect',
): Promise<void> {
  count(walk);
  const domain = target.toLowerCase().replace(/\.$/, '');
  // What a macro becomes depends on the mail.
  if (domain.includes('%')) return;
  if (path.includes(domain)) throw new SpfFault(`the records of ${path[0]} and ${domain} include each other`);
  if (path.length >= MOST_DEPTH) throw new SpfFault(`records are nested deeper than ${MOST_DEPTH}`);
  walk.includes.add(domain);
  const record = await recordOf(domain, walk.records);
  if (record === undefined) throw new SpfFault(`${how}: ${domain} has no SPF record`);
  await follow(record, [...path, domain], walk);
}

function count(walk: Walk): void {
  walk.lookups += 1;
  if (walk.lookups > MOST_LOOKUPS)
    throw new SpfFault(`it needs more than ${MOST_LOOKUPS} look-ups; receivers ignore it`);
}
