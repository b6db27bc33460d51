import { lastOf, type Query } from '../../http/query.js';
import { invalid, notFound } from './errors.js';
import type { SensSettings } from './settings.js';

/** The page that a list call asks for (sens.md §1.6). */
export interface PageRequest {
  readonly pageNo: number;
  readonly pageSize: number;
  readonly sort: { readonly field: string; readonly ascending: boolean };
}

const MOST = 1000;

/** Reads `pageNo`, `pageSize` and `sort`. */
export function readPage(query: Query, sortable: readonly string[]): PageRequest {
  const pageSize = wholeNumber(query, 'pageSize', 10);
  if (pageSize < 1 || pageSize > MOST) throw invalid('pageSize', `must be 1 to ${MOST}`);
  return { pageNo: wholeNumber(query, 'pageNo', 0), pageSize, sort: readSort(query, sortable) };
}

function readSort(query: Query, sortable: readonly string[]): PageRequest['sort'] {
  const values = query.get('sort') ?? ['createDateTime,desc'];
  const [field = '', direction = 'asc', ...rest] = (values[0] ?? '').split(',');
  const isGood = values.length === 1 && rest.length === 0 && ['asc', 'desc'].includes(direction);
  if (!isGood || !sortable.includes(field)) throw invalid('sort', 'must be {field},{direction}');
  return { field, ascending: direction === 'asc' };
}

function wholeNumber(query: Query, name: string, fallback: number): number {
  const text = lastOf(query, name);
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw invalid(name, 'must be a whole number');
  return Number(text);
}

/** Statuses of a repeatable filter; a comma list is not supported (§1.6). */
export function readStatuses(query: Query, known: readonly string[]): readonly string[] {
  const wanted = query.get('status') ?? [];
  if (wanted.some((status) => !known.includes(status))) throw invalid('status', `must be one of ${known.join(', ')}`);
  return wanted;
}

/** Throws for query names that the operation does not have (strict mode). */
export function checkQueryNames(query: Query, names: readonly string[], settings: SensSettings): void {
  if (settings.unknownFields === 'ignore') return;
  for (const name of query.keys()) {
    if (![...names, 'pageNo', 'pageSize', 'sort'].includes(name)) throw invalid(name, 'is unknown');
  }
}

/** A list in its container; only the rows of the page are made. `rows` is a list, or a count of all rows. */
export function pageOf<Row>(
  name: 'requests' | 'mails',
  rows: readonly Row[] | number,
  { page, settings, toItem }: { page: PageRequest; settings: SensSettings; toItem: (row: Row) => object },
): object {
  const total = typeof rows === 'number' ? rows : rows.length;
  if (total === 0 && settings.emptyList === 'not-found')
    throw notFound('nothing to list', { ...settings, notFound: 'empty' });
  const { pageNo, pageSize } = page;
  const from = Math.min(pageNo * pageSize, total);
  const to = Math.min(from + pageSize, total);
  const items: object[] = [];
  for (let at = from; at < to; at += 1) items.push(toItem((typeof rows === 'number' ? at : rows[at]) as Row));
  const counters = settings.pageCounters === 'none' ? {} : { [settings.pageCounters]: total, pageNo, pageSize };
  return { [name]: items, ...counters };
}
