import { MarkerUnreadableError, ProviderUnavailableError, type FindQuery, type FoundRequest } from '@gateway/core';
import { wordsOf } from '../../shared/answer.js';
import { mapLimited } from '../../shared/map-limited.js';
import type { SensApi } from '../sens.api.js';
import { SEND_OPERATION } from '../../naver/verdict.js';
import { tokenOf } from '../sens.marker.js';
import { requestListSchema, type ListedRequest } from '../sens.wire.js';
import { pagesOf } from './sens.pages.js';
import { recognise, type Recognition, type Wanted } from './sens.recognise.js';

/** Clocks may differ by 5 minutes (sens.md §1.1); the rest is caution. */
const MARGIN_MS = 60 * 60_000;
const AT_ONCE = 4;

/**
 * Looks a marker up: lists the requests of this sender in the window and reads a mail of each (sens.md §4 to §6). The
 * requests to the first recipient come first, as they are few. Only when none of them is the one, all others are read: a
 * filter that compares more strictly than it is documented must not make a request absent.
 * @returns `undefined` only after it is certain of every candidate that it is another request.
 * @throws ProviderUnavailableError, also while some candidate may be the one and its marker cannot be read.
 */
export async function findRequest(
  api: SensApi,
  query: FindQuery,
  signal: AbortSignal,
): Promise<FoundRequest | undefined> {
  const search = new Search(api, query, signal);
  const { address } = query.first;
  const narrow = address === '' ? undefined : await search.among([['recipientAddress', address]]);
  const found = narrow ?? (await search.among([]));
  if (found !== undefined) return { requestId: found, operation: SEND_OPERATION };
  if (search.undecided === undefined) return undefined;
  const Unknown = search.unreadable ? MarkerUnreadableError : ProviderUnavailableError;
  throw new Unknown(search.undecided, wordsOf(api.account, {}));
}

type Filters = readonly (readonly [name: string, value: string])[];

class Search {
  /** Why it cannot be said that the request is absent. */
  undecided: string | undefined;
  /** The mail of some candidate had no marker. */
  unreadable = false;
  private readonly judged = new Set<string>();
  private readonly wanted: Wanted;

  constructor(
    private readonly api: SensApi,
    private readonly query: FindQuery,
    private readonly signal: AbortSignal,
  ) {
    this.wanted = { query, tokens: new Set(query.markers.map(tokenOf)) };
  }

  /** @returns the id of the request that has the marker. */
  async among(filters: Filters): Promise<string | undefined> {
    const { from, to } = this.query.window;
    const period = [
      ['fromDateTime', new Date(from.getTime() - MARGIN_MS).toISOString()],
      ['toDateTime', new Date(to.getTime() + MARGIN_MS).toISOString()],
    ] as const;
    const listing = {
      path: this.api.requestsPath(),
      query: [...period, ['senderAddress', this.query.sender], ...filters, ['sort', 'createDateTime,asc']] as const,
      schema: requestListSchema,
      idOf: ({ requestId }: ListedRequest) => requestId,
    };
    for await (const rows of pagesOf(this.api, listing, this.signal)) {
      const candidates = await this.candidatesOf(rows);
      const judgements = await mapLimited(candidates, AT_ONCE, (row) => this.judge(row));
      const at = judgements.findIndex(({ is }) => is === 'ours');
      if (at >= 0) return candidates[at]?.requestId;
    }
    return undefined;
  }

  /** Without those that are judged already, that belong to other batches, or that have more recipients. */
  private async candidatesOf(rows: readonly ListedRequest[]): Promise<readonly ListedRequest[]> {
    const candidates: ListedRequest[] = [];
    for (const row of rows) {
      if (this.judged.has(row.requestId) || !mayBe(row, this.query.recipientCount)) continue;
      if (!(await this.query.isAdopted(row.requestId))) candidates.push(row);
    }
    return candidates;
  }

  private async judge(row: ListedRequest): Promise<Recognition> {
    this.judged.add(row.requestId);
    const recognition = await recognise(this.api, row, this.wanted, this.signal);
    if (recognition.is === 'unclear') {
      this.undecided ??= recognition.why;
      this.unreadable ||= recognition.unreadable === true;
    }
    return recognition;
  }
}

/** Counts below the expected are kept: the list may show a request while its recipients are still read. */
const mayBe = ({ recipientCount, requestCount }: ListedRequest, expected = Infinity): boolean =>
  (requestCount ?? 0) <= expected && (recipientCount ?? 0) <= expected;
