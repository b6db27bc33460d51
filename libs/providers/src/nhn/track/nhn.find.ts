import { ProviderUnavailableError, isSameAddress, type FindQuery, type FoundRequest } from '@gateway/core';
import { wordsOf } from '../../shared/answer.js';
import { allPages, type NhnApi } from '../nhn.api.js';
import type { NhnVersion } from '../nhn.config.js';
import { hasGroupingKey, operationOf, saysBatch } from '../nhn.mapper.js';
import { ask } from './nhn.question.js';
import { outside, writeTime } from '../nhn.time.js';
import { mailDetailSchema, type MailRow } from '../nhn.wire.js';

const DAY_MS = 86_400_000;
/** 2026-11, nhn.md §1: the time zone is not documented, so a day is asked for on either side. */
const MARGIN_MS = DAY_MS;
/** 2026-11, §2.1: the console searches at most 7 days; whether the API does is not documented. */
const LONGEST_SEARCH_MS = 7 * DAY_MS;
/** How far a mail without marker may lie outside of the window: clocks differ. */
const CLOCK_TOLERANCE_MS = 15 * 60_000;

/**
 * Looks a batch up by its grouping key, or, where the call has none (auth-mail before v2.1), by sender, receiver,
 * title and time, and then by the header of each that it may be. `undefined` only after all have been looked at.
 */
export async function findRequest(
  api: NhnApi,
  version: NhnVersion,
  query: FindQuery,
  signal: AbortSignal,
): Promise<FoundRequest | undefined> {
  const operation = operationOf(query.category, query.delivery);
  const byKey = hasGroupingKey(operation, version);
  const search = byKey
    ? { senderGroupingKey: query.batchId }
    : { senderAddress: query.sender, receiveMailAddr: query.first.address };
  const isOurs = byKey ? (row: MailRow) => row.senderGroupingKey === query.batchId : looksLike(query);
  const rows = await listRows(api, { search, window: query.window, isOurs }, signal);
  const free = await nearestFree(rows, query);
  const requestId = byKey ? free[0]?.requestId : await marked(api, free, query.batchId, signal);
  return requestId === undefined ? undefined : { requestId, operation };
}

interface Listing {
  readonly search: Readonly<Record<string, string>>;
  readonly window: FindQuery['window'];
  readonly isOurs: (row: MailRow) => boolean;
}

/** One row of each request that may be ours. */
async function listRows(api: NhnApi, listing: Listing, signal: AbortSignal): Promise<readonly MailRow[]> {
  const byRequest = new Map<string, MailRow>();
  for (const slice of slices(listing.window)) {
    for await (const rows of allPages(api, { ...listing.search, ...slice }, signal)) {
      if (rows.some(({ requestId }) => requestId === '')) throw unreadable(api);
      rows.filter(listing.isOurs).forEach((row) => byRequest.set(row.requestId, row));
    }
  }
  return [...byRequest.values()];
}

/** A mail that cannot be read is not proof of absence. */
const unreadable = ({ account }: NhnApi): ProviderUnavailableError =>
  new ProviderUnavailableError('a listed mail cannot be read and may be the one', wordsOf(account, {}));

/** A window in pieces that NHN searches. */
export function slices({ from, to }: FindQuery['window']): { startSendDate: string; endSendDate: string }[] {
  const all: { startSendDate: string; endSendDate: string }[] = [];
  const end = to.getTime() + MARGIN_MS;
  for (let at = from.getTime() - MARGIN_MS; at < end; at += LONGEST_SEARCH_MS) {
    const until = Math.min(end, at + LONGEST_SEARCH_MS);
    all.push({ startSendDate: writeTime(new Date(at)), endSendDate: writeTime(new Date(until)) });
  }
  return all;
}

/** Those that belong to no batch, the nearest in time first. */
async function nearestFree(rows: readonly MailRow[], query: FindQuery): Promise<readonly MailRow[]> {
  const nearestFirst = rows
    .map((row) => ({ row, off: outside(row.requestDate, query.window) }))
    .sort((a, b) => a.off - b.off || (a.row.requestDate ?? '').localeCompare(b.row.requestDate ?? ''));
  const free: MailRow[] = [];
  for (const { row } of nearestFirst) if (!(await query.isAdopted(row.requestId))) free.push(row);
  return free;
}

/**
 * The row whose header has the batch id; else the nearest row that shows no headers. 2026-11, nhn.md §5.3: whether
 * headers are shown for auth-mail is not documented.
 */
async function marked(
  api: NhnApi,
  rows: readonly MailRow[],
  batchId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  let unmarked: string | undefined;
  for (const { requestId, mailSeq } of rows) {
    const call = `sender/mail/${encodeURIComponent(requestId)}/${mailSeq ?? 0}`;
    const headers = (await ask(api, call, mailDetailSchema, signal))?.data.customHeaders ?? {};
    if (saysBatch(headers, batchId)) return requestId;
    if (Object.keys(headers).length === 0) unmarked ??= requestId;
  }
  return unmarked;
}

/** Without a key: same sender, receiver and title, in time, and not sent by a call that carries a key. */
function looksLike({ sender, first, window }: FindQuery): (row: MailRow) => boolean {
  return (row) =>
    !row.senderGroupingKey &&
    isSameAddress(row.receiveMailAddr, first.address) &&
    isSameAddress(row.senderAddress ?? '', sender) &&
    titleMatches(row.title ?? '', first.subject) &&
    outside(row.requestDate, window) <= CLOCK_TOLERANCE_MS;
}

/** 2026-11, §5.2: whether a listed title is shown with its values or with its `##key##`s is not documented. */
export function titleMatches(listed: string, subject: string): boolean {
  const text = subject.trim();
  const [head = '', ...literals] = listed.trim().split(/##\w+##/);
  const tail = literals.pop();
  if (tail === undefined) return head === text;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const literal of literals) {
    const found = text.indexOf(literal, at);
    if (found < 0) return false;
    at = found + literal.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}
