import { lastOf, type Query } from '../../http/query.js';
import type { NcpSettings } from './settings.js';
import { badRequest } from './errors.js';

/** The page that a list call asks for: 0-based, with at most one order per property. */
export interface PageRequest {
  readonly page: number;
  readonly size: number;
  readonly sort: readonly SortOrder[];
}

export interface SortOrder {
  readonly property: string;
  readonly ascending: boolean;
}

/** Reads `page`, `size` and `sort` (ncp.md §2, "Page envelope"). */
export function readPage(query: Query, sortable: readonly string[], settings: NcpSettings): PageRequest {
  const size = wholeNumber(query, 'size', 10);
  if (size < 1 || (settings.maxPageSize !== null && size > settings.maxPageSize)) throw badRequest('size is bad');
  return { page: wholeNumber(query, 'page', 0), size, sort: (query.get('sort') ?? []).map((s) => order(s, sortable)) };
}

function order(text: string, sortable: readonly string[]): SortOrder {
  const [property = '', direction = 'asc'] = text.split(',');
  if (!sortable.includes(property) || !/^(asc|desc)$/i.test(direction)) throw badRequest(`sort=${text} is bad`);
  return { property, ascending: direction.toLowerCase() === 'asc' };
}

function wholeNumber(query: Query, name: string, fallback: number): number {
  const text = lastOf(query, name);
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`${name} must be a whole number`);
  return Number(text);
}

/** Throws 77102 for query names that the operation does not have (strict mode). */
export function checkQueryNames(query: Query, names: readonly string[], settings: NcpSettings): void {
  if (settings.unknownFields === 'ignore') return;
  for (const name of query.keys()) {
    if (!names.includes(name) && !['page', 'size', 'sort'].includes(name)) throw badRequest(`query ${name} is unknown`);
  }
}

/** Spring page envelope around rows; only the rows of the page are made. `rows` is a list, or a count of all rows. */
export function pageOf<Row, Item>(rows: readonly Row[] | number, request: PageRequest, toItem: (row: Row) => Item) {
  const total = typeof rows === 'number' ? rows : rows.length;
  const from = Math.min(request.page * request.size, total);
  const to = Math.min(from + request.size, total);
  const content: Item[] = [];
  for (let at = from; at < to; at += 1) content.push(toItem((typeof rows === 'number' ? at : rows[at]) as Row));
  const totalPages = Math.ceil(total / request.size);
  return {
    content,
    totalElements: total,
    totalPages,
    numberOfElements: content.length,
    first: request.page === 0,
    last: request.page + 1 >= totalPages,
    number: request.page,
    size: request.size,
    sort: request.sort.map(({ property, ascending }) => ({
      direction: ascending ? 'ASC' : 'DESC',
      property,
      ignoreCase: false,
      nullHandling: 'NATIVE',
      ascending,
      descending: !ascending,
    })),
  };
}
