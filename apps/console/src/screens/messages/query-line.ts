import type { operations } from '@gateway/client';
import { now } from '../../gateway/clock';
import type { Zone } from '../../shared/time';

type Filter = NonNullable<operations['listMessages']['parameters']['query']>;

export const statuses = [
  'held',
  'scheduled',
  'queued',
  'sending',
  'completed',
  'partially_failed',
  'failed',
  'cancelled',
] as const;

export const categories = ['authentication', 'transactional', 'marketing'] as const;

/** Name in the line, and the API's name of it. */
const NAMES = {
  to: 'to',
  from: 'from',
  subject: 'subject',
  status: 'status',
  category: 'category',
  account: 'provider',
  tag: 'tag',
  template: 'templateId',
  after: 'createdAfter',
  before: 'createdBefore',
} as const;

export type FilterName = keyof typeof NAMES | 'client';

/** `client:` is no filter of the list: the whole session looks at that client. */
export const filterNames: readonly FilterName[] = [...(Object.keys(NAMES) as (keyof typeof NAMES)[]), 'client'];

export type FaultKind =
  'unknownName' | 'noValue' | 'badTime' | 'badStatus' | 'badCategory' | 'badTemplate' | 'badClient' | 'twice';

export interface Fault {
  readonly kind: FaultKind;
  readonly text: string;
}

export interface Line {
  readonly filter: Filter;
  /** Whose messages; the session's own client unless given. */
  readonly client?: string;
  readonly faults: readonly Fault[];
}

/**
 * `status:failed subject:"two words" kim@example.com`: what it asks for, or what is wrong with it.
 * @param clients those that the session may look at.
 */
export function readLine(line: string, zone: Zone, clients: readonly string[] = []): Line {
  const filter: Record<string, string> = {};
  const faults: Fault[] = [];
  let client: string | undefined;
  for (const token of tokensOf(line)) {
    const { name, value } = pairOf(token);
    const api = isName(name) ? NAMES[name] : undefined;
    if (name === 'client' && value !== '') {
      client = value;
      if (!clients.includes(value)) faults.push({ kind: 'badClient', text: token });
    } else if (!isName(name) || api === undefined) faults.push({ kind: 'unknownName', text: token });
    else if (value === '') faults.push({ kind: 'noValue', text: token });
    else if (filter[api] !== undefined) faults.push({ kind: 'twice', text: token });
    else {
      const read = READERS[name]?.(value, zone) ?? value;
      if (typeof read === 'string') filter[api] = read;
      else faults.push({ kind: read.fault, text: token });
    }
  }
  return { filter: filter, faults, ...(client !== undefined && { client }) };
}

const isName = (name: string): name is keyof typeof NAMES => Object.hasOwn(NAMES, name);

/** Blanks end a token, except between quotes. */
export const tokensOf = (line: string): readonly string[] => line.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];

/** A word without a name is an address if it looks like one, else a part of the subject. */
function pairOf(token: string): { readonly name: string; readonly value: string } {
  const colon = /^([a-z]+):(.*)$/is.exec(token);
  if (colon) return { name: (colon[1] ?? '').toLowerCase(), value: (colon[2] ?? '').replaceAll('"', '').trim() };
  const value = token.replaceAll('"', '').trim();
  return { name: /.@./.test(value) ? 'to' : 'subject', value };
}

type Read = string | { readonly fault: FaultKind };

const READERS: Partial<Record<FilterName, (value: string, zone: Zone) => Read>> = {
  status: (value) => (statuses.some((status) => status === value) ? value : { fault: 'badStatus' }),
  category: (value) => (categories.some((category) => category === value) ? value : { fault: 'badCategory' }),
  template: (value) => (/^tpl_[0-9a-z]{26}$/.test(value) ? value : { fault: 'badTemplate' }),
  after: (value, zone) => readTime(value, zone) ?? { fault: 'badTime' },
  before: (value, zone) => readTime(value, zone) ?? { fault: 'badTime' },
};

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const OFFSETS: Readonly<Record<Zone, number>> = { 'Asia/Seoul': 9 * 3_600_000, UTC: 0 };
const DAY_MS = 86_400_000;

/** `24h` ago, `today`, `yesterday`, a day or a time in the operator's zone, or a full timestamp. */
function readTime(value: string, zone: Zone): string | undefined {
  const ago = /^(\d{1,5})([mhd])$/.exec(value);
  if (ago) return new Date(now() - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0)).toISOString();
  if (value === 'today' || value === 'yesterday') {
    const day = Math.floor((now() + OFFSETS[zone]) / DAY_MS) - (value === 'today' ? 0 : 1);
    return new Date(day * DAY_MS - OFFSETS[zone]).toISOString();
  }
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?$/.test(value)) return undefined;
  const hasZone = /(Z|[+-]\d{2}:\d{2})$/.test(value.slice(10));
  const text = value.length === 10 ? `${value}T00:00` : value;
  const at = Date.parse(hasZone ? text : `${text}${zone === 'UTC' ? 'Z' : '+09:00'}`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** The line with one filter set to a value, or without it when it had that value. */
export function withFilter(line: string, name: FilterName, value: string): string {
  const tokens = tokensOf(line);
  const wanted = `${name}:${/\s/.test(value) ? `"${value}"` : value}`;
  const others = tokens.filter((token) => pairOf(token).name !== name);
  return (tokens.includes(wanted) ? others : [...others, wanted]).join(' ');
}

/** What may stand where the line ends: names of filters, then the values that are known. */
export function completionsOf(
  line: string,
  accounts: readonly string[],
  clients: readonly string[] = [],
): readonly string[] {
  const last = /\s$/.test(line) ? '' : (tokensOf(line).at(-1) ?? '');
  const before = line.slice(0, line.length - last.length);
  const known: Partial<Record<FilterName, readonly string[]>> = {
    status: statuses,
    category: categories,
    account: accounts,
    client: clients,
    after: ['1h', '24h', '7d', 'today', 'yesterday'],
    before: ['1h', '24h', 'today', 'yesterday'],
  };
  const { name, value } = pairOf(last);
  const candidates = last.includes(':')
    ? (known[name as FilterName] ?? []).filter((each) => each !== value).map((each) => `${name}:${each}`)
    : filterNames.map((each) => `${each}:`);
  return candidates.filter((each) => each.startsWith(last)).map((each) => before + each);
}
