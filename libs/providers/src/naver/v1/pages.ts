import { ProviderUnavailableError } from '@gateway/core';
import type { z } from 'zod';
import { wordsOf } from '../../shared/answer.js';
import type { Query } from '../apigw-signature.js';
import type { V1Api } from './api.js';

/** 2026-11, ncp.md §2: the largest page is not documented, the default is 10. Tried from the largest on. */
const SIZES = [1000, 100, 10] as const;
const MAX_PAGES = 20_000;
const INVALID = '77102';

/** Members that the pages of all lists share (Spring style). */
export interface Page {
  readonly content: readonly unknown[];
  readonly last?: boolean | null | undefined;
  readonly totalPages?: number | null | undefined;
}

export interface Listing<T extends z.ZodType<Page>> {
  readonly path: string;
  /** Filters and order, without paging. */
  readonly query: Query;
  readonly schema: T;
}

/**
 * Every page of a list. Only the server's own word ends it, as it may give fewer at a time than it is asked for.
 * @throws ProviderUnavailableError also when the list does not end.
 */
export async function* pagesOf<T extends z.ZodType<Page>>(
  api: V1Api,
  listing: Listing<T>,
  signal: AbortSignal,
): AsyncGenerator<z.output<T>, void, void> {
  const first = await firstPage(api, listing, signal);
  yield first.answer;
  if (isLast(first.answer, 0)) return;
  for (let page = 1; page < MAX_PAGES; page += 1) {
    const answer = await onePage(api, listing, { size: first.size, page }, signal);
    yield answer;
    if (isLast(answer, page)) return;
  }
  throw new ProviderUnavailableError(`the list has more than ${MAX_PAGES} pages`, wordsOf(api.account, {}));
}

/** The position of a page in its list. */
export interface PagePlace {
  readonly size: number;
  readonly page: number;
}

/**
 * One page of a list: the first, or the one at `place`.
 * @returns it with the place of the next, if there is one.
 */
export async function pageAt<T extends z.ZodType<Page>>(
  api: V1Api,
  listing: Listing<T>,
  place: PagePlace | undefined,
  signal: AbortSignal,
): Promise<{ readonly answer: z.output<T>; readonly next?: PagePlace }> {
  const { answer, size } =
    place === undefined
      ? await firstPage(api, listing, signal)
      : { answer: await onePage(api, listing, place, signal), size: place.size };
  const page = place?.page ?? 0;
  if (isLast(answer, page)) return { answer };
  if (page + 1 < MAX_PAGES) return { answer, next: { size, page: page + 1 } };
  throw new ProviderUnavailableError(`the list has more than ${MAX_PAGES} pages`, wordsOf(api.account, {}));
}

/** Finds the largest page that NCP gives, and has the adapter remember it. */
async function firstPage<T extends z.ZodType<Page>>(api: V1Api, listing: Listing<T>, signal: AbortSignal) {
  for (const size of SIZES.filter((each) => each <= api.paging.largest)) {
    try {
      const answer = await onePage(api, listing, { size, page: 0 }, signal);
      api.paging.largest = size;
      return { answer, size };
    } catch (error) {
      const tooLarge = error instanceof ProviderUnavailableError && error.provider.code === INVALID;
      if (!tooLarge || size === SIZES.at(-1)) throw error;
    }
  }
  throw new ProviderUnavailableError('no page size is left to try', wordsOf(api.account, {}));
}

const onePage = <T extends z.ZodType<Page>>(
  api: V1Api,
  { path, query, schema }: Listing<T>,
  { size, page }: PagePlace,
  signal: AbortSignal,
): Promise<z.output<T>> => api.get(path, [...query, ['size', size], ['page', page]], schema, signal);

const isLast = ({ content, last, totalPages }: Page, page: number): boolean =>
  content.length === 0 || (last ?? (typeof totalPages === 'number' && page + 1 >= totalPages));
