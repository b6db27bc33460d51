import {
  ProviderUnavailableError,
  type ProviderUpdates,
  type RecipientReport,
  type RecipientUpdate,
} from '@gateway/core';
import { z } from 'zod';
import { wordsOf } from '../../shared/answer.js';
import { code, entries, id, optional, words } from '../../shared/wire.js';
import { PAGE_SIZE, type NhnApi } from '../nhn.api.js';
import { timeReader, writeTime } from '../nhn.time.js';
import { whole } from '../nhn.wire.js';
import { ask } from './nhn.question.js';
import { rowReport } from './nhn.status.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** 2026-11, nhn21.md §3.3: how late an update is listed is not documented. Each reading goes back a little, */
const SHORT_OVERLAP_MS = 20 * SECOND_MS;
/** and one every few minutes goes back further. */
const LONG_OVERLAP_MS = 5 * MINUTE_MS;
/** Clocks differ; a mail that is updated during the call belongs to the next one. */
const AHEAD_MS = MINUTE_MS;
/** §3.3: the longest window is not documented. What is older is found by polls of the requests. */
const LONGEST_WINDOW_MS = 60 * MINUTE_MS;
/** Of one reading. A thousand mails a second for five minutes are fewer. */
const MAX_PAGES = 500;

const cursorSchema = z.object({ until: z.coerce.date(), lookedBack: z.coerce.date() });

const rowSchema = z.object({
  /** Empty: there is none that can be read. */
  requestId: id.catch(''),
  mailSeq: optional(id),
  mailStatusCode: optional(code),
  requestDate: optional(z.string()),
  resultDate: optional(z.string()),
  openedDate: optional(z.string()),
  dsnCode: optional(code),
  dsnMessage: optional(words),
  senderGroupingKey: optional(id),
});
type UpdateRow = z.output<typeof rowSchema>;

/** `body` of `GET sender/update-mails`; the vendor's table forgets it, its sample has it. */
const pageSchema = z.object({ totalCount: optional(whole), data: entries(rowSchema, { requestId: '' }).nullish() });

/**
 * sender/update-mails (nhn21.md §3.3): final results of all mails of the account by the time at which they were found,
 * from v2.1 on. 2026-11: the time zone is not documented; where it is not Korea's, the list is empty and polls find all.
 */
export const createNhnUpdates = (api: NhnApi): ProviderUpdates => ({
  read: (cursor, signal) => readUpdates(api, cursor, signal),
});

async function* readUpdates(
  api: NhnApi,
  cursor: unknown,
  signal: AbortSignal,
): AsyncGenerator<readonly RecipientUpdate[], unknown, void> {
  const now = api.clock.now();
  const { from, lookedBack } = windowFrom(cursorSchema.safeParse(cursor).data, now);
  const window = {
    startMailStatusUpdateDate: writeTime(from),
    endMailStatusUpdateDate: writeTime(new Date(now.getTime() + AHEAD_MS)),
  };
  let seen = 0;
  for (let page = 1; ; page += 1) {
    if (page > MAX_PAGES)
      throw new ProviderUnavailableError('the list of updates is too long', wordsOf(api.account, {}));
    const { totalCount, rows } = await readPage(api, window, page, signal);
    seen += rows.length;
    const updates = rows.filter(({ requestId }) => requestId !== '').map((row) => toUpdate(row, now));
    if (updates.length > 0) yield updates;
    if (rows.length === 0 || seen >= totalCount) return { until: now, lookedBack };
  }
}

/** Where to begin, and when the last long look back was. */
function windowFrom(cursor: z.output<typeof cursorSchema> | undefined, now: Date): { from: Date; lookedBack: Date } {
  const { until = now, lookedBack = new Date(0) } = cursor ?? {};
  const isDue = now.getTime() - lookedBack.getTime() >= LONG_OVERLAP_MS;
  const overlap = isDue ? LONG_OVERLAP_MS : SHORT_OVERLAP_MS;
  const from = Math.max(until.getTime() - overlap, now.getTime() - LONGEST_WINDOW_MS);
  return { from: new Date(Math.min(from, now.getTime())), lookedBack: isDue ? now : lookedBack };
}

async function readPage(api: NhnApi, window: Readonly<Record<string, string>>, page: number, signal: AbortSignal) {
  const query = new URLSearchParams({ ...window, pageNum: String(page), pageSize: String(PAGE_SIZE) });
  const answer = await ask(api, `sender/update-mails?${query.toString()}`, pageSchema, signal);
  return { totalCount: answer?.totalCount ?? 0, rows: answer?.data ?? [] };
}

function toUpdate(row: UpdateRow, now: Date): RecipientUpdate {
  const { requestId, senderGroupingKey, ...state } = row;
  return { requestId, ...(senderGroupingKey && { batchId: senderGroupingKey }), report: reportOf(state, now) };
}

/**
 * §3.3: a mail of status SST2 is listed once the receiving side has confirmed it; one that shows no result is not taken
 * as confirmed.
 */
function reportOf(
  state: Omit<UpdateRow, 'requestId' | 'senderGroupingKey'>,
  now: Date,
): Omit<RecipientReport, 'address'> {
  const isReceived = Boolean(state.resultDate) || (state.dsnCode ?? '').startsWith('2');
  const row = { ...state, requestId: '', receiveMailAddr: '', isReceived, isOpened: Boolean(state.openedDate) };
  const { address: _, ...report } = rowReport(row, timeReader(state.requestDate, now));
  return report;
}
