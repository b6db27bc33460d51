import { ProviderUnavailableError, type FindQuery, type FoundRequest } from '@gateway/core';
import { wordsOf } from '../../shared/answer.js';
import type { V1Api } from '../../naver/v1/api.js';
import { SEND_OPERATION } from '../../naver/verdict.js';
import { referencesOf } from '../ncp.mapper.js';
import { pagesOf } from '../../naver/v1/pages.js';
import { isPreparing } from '../../naver/track/words.js';
import { ncpWords } from './ncp.status.js';
import { mailPageSchema, referencesSchema, requestPageSchema, type ListedRequest } from '../../naver/v1/wire.js';

/** Clocks may differ by 5 minutes (ncp.md §1.2); the rest is caution. */
const MARGIN_MS = 60 * 60_000;

/**
 * Looks a marker up: reads the requests of this sender in the window, and the `referencesHeader` of the first mail of
 * each candidate (§3.2 to §3.4). @returns `undefined` only after all candidates have been checked.
 * @throws ProviderUnavailableError, also while a candidate has no mail yet to decide by.
 */
export async function findRequest(
  api: V1Api,
  query: FindQuery,
  signal: AbortSignal,
): Promise<FoundRequest | undefined> {
  const wanted = new Set(query.markers.map((marker) => bare(referencesOf(marker))));
  let undecided: string | undefined;
  for await (const request of listRequests(api, query, signal)) {
    if (!mayBe(request, query.recipientCount) || (await query.isAdopted(request.requestId))) continue;
    const references = await referencesOfRequest(api, request, signal);
    if (references === 'not yet') undecided = request.requestId;
    else if (wanted.has(bare(references))) return { requestId: request.requestId, operation: SEND_OPERATION };
  }
  if (undecided === undefined) return undefined;
  const words = wordsOf(api.account, {});
  throw new ProviderUnavailableError(`request ${undecided} cannot be read yet and may be the one`, words);
}

async function* listRequests(api: V1Api, query: FindQuery, signal: AbortSignal): AsyncGenerator<ListedRequest> {
  const { from, to } = query.window;
  const filters = [
    ['startUtc', from.getTime() - MARGIN_MS],
    ['endUtc', to.getTime() + MARGIN_MS],
    ['dispatchType', 'API'],
    ['senderAddress', query.sender],
    ['sort', 'createUtc'],
  ] as const;
  const listing = { path: '/mails/requests', query: filters, schema: requestPageSchema };
  for await (const page of pagesOf(api, listing, signal)) yield* page.content;
}

/** Counts below the expected are kept: the list may show a request while its recipients are still read. */
const mayBe = ({ recipientCount, requestCount }: ListedRequest, expected = Infinity): boolean =>
  (requestCount ?? 0) <= expected && (recipientCount ?? 0) <= expected;

async function referencesOfRequest(api: V1Api, request: ListedRequest, signal: AbortSignal): Promise<string> {
  const path = `/mails/requests/${encodeURIComponent(request.requestId)}/mails`;
  const { content } = await api.get(path, [['size', 1]], mailPageSchema, signal);
  const first = content[0];
  if (first === undefined) return isPreparing(ncpWords, request.emailStatus ?? 'P') ? 'not yet' : '';
  if (first.mailId === '') return 'not yet';
  const mail = await api.get(`/mails/${encodeURIComponent(first.mailId)}`, [], referencesSchema, signal);
  return mail.referencesHeader ?? '';
}

const bare = (references: string): string => references.trim().replace(/^<|>$/g, '');
