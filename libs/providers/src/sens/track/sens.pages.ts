import { ProviderUnavailableError } from '@gateway/core';
import type { z } from 'zod';
import { wordsOf } from '../../shared/answer.js';
import type { Query } from '../../naver/apigw-signature.js';
import type { SensApi } from '../sens.api.js';

/** The largest page that is documented (sens.md §1.6). */
const PAGE_SIZE = 1000;
const MAX_PAGES = 20_000;

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number | undefined;
}

interface Listing<Row> {
  readonly path: string;
  /** Filters and order, without paging. */
  readonly query: Query;
  readonly schema: z.ZodType<Page<Row>>;
  readonly idOf: (row: Row) => string;
}

/**
 * Every page of a list. The names of the page counters are not documented, and a page may hold less than was asked for.
 * So a list ends when the total is reached, or with a page that brings nothing new: a vendor that ignores the number of
 * the page gives the same one again.
 * @throws ProviderUnavailableError also when the list does not end.
 */
export async function* pagesOf<Row>(
  api: SensApi,
  { path, query, schema, idOf }: Listing<Row>,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[], void, void> {
  const seen = new Set<string>();
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const paging = [...query, ['pageNo', page], ['pageSize', PAGE_SIZE]] as const;
    const { data } = await api.question(path, paging, schema, signal);
    const fresh = data.rows.filter((row) => !seen.has(idOf(row)));
    const before = seen.size;
    for (const id of fresh.map(idOf)) if (id !== '') seen.add(id);
    const nothingNew = page > 0 && seen.size === before;
    if (!nothingNew && fresh.length > 0) yield fresh;
    if (nothingNew || isLast(data, seen.size)) return;
  }
  throw new ProviderUnavailableError(`the list has more than ${MAX_PAGES} pages`, wordsOf(api.account, {}));
}

/** A full page may have others behind it whatever the total says. */
const isLast = ({ rows, total = Infinity }: Page<unknown>, seen: number): boolean =>
  rows.length === 0 || (seen >= total && rows.length < PAGE_SIZE);
