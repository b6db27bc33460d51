import { lastOf, type Query } from '../../http/query.js';
import { NhnError } from './envelope.js';

/** 1-based page of a list call. */
export interface PageRequest {
  readonly pageNum: number;
  readonly pageSize: number;
}

/** Reads `pageNum` and `pageSize`; sizes above 1000 are refused with their own code (nhn.md §2.1). */
export function readPage(query: Query): PageRequest {
  const pageSize = wholeNumber(query, 'pageSize', 15);
  if (pageSize > 1_000) throw new NhnError(-2048, 'pageSize is over 1000.');
  return { pageNum: wholeNumber(query, 'pageNum', 1), pageSize };
}

/** `body` of a list call; only the rows of the page are made. */
export const pageOf = <Row, Item>(
  rows: readonly Row[],
  { pageNum, pageSize }: PageRequest,
  toItem: (row: Row) => Item,
) => ({
  pageNum,
  pageSize,
  totalCount: rows.length,
  data: rows.slice((pageNum - 1) * pageSize, pageNum * pageSize).map(toItem),
});

function wholeNumber(query: Query, name: string, fallback: number): number {
  const text = lastOf(query, name);
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new NhnError(-9993, `Request binding failed. ${name}: ${text}`);
  return Number(text);
}

/** Throws -9995 for query names that the operation does not have (strict mode). */
export function checkQueryNames(query: Query, names: readonly string[], unknownFields: 'reject' | 'ignore'): void {
  for (const name of query.keys()) {
    if (unknownFields === 'reject' && !names.includes(name) && name !== 'pageNum' && name !== 'pageSize') {
      throw new NhnError(-9995, `Invalid request. query ${name} is unknown`);
    }
  }
}
