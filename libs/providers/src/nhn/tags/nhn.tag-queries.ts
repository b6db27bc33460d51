import {
  ProviderUnavailableError,
  type FindQuery,
  type FoundRequest,
  type PollResult,
  type RecipientReport,
  type TrackedRequest,
} from '@gateway/core';
import { z } from 'zod';
import { wordsOf } from '../../shared/answer.js';
import { PAGE_SIZE, type NhnApi } from '../nhn.api.js';
import { slices } from '../track/nhn.find.js';
import { saysBatch } from '../nhn.mapper.js';
import { ask } from '../track/nhn.question.js';
import { rowReport } from '../track/nhn.status.js';
import { TAG_MAIL } from './nhn.tag-mail.js';
import { tagMailPageSchema, tagReceiverPageSchema, type TagMailRow, type TagReceiverRow } from './nhn.tag-wire.js';
import { timeReader, type TimeReader } from '../nhn.time.js';
import { mailDetailSchema } from '../nhn.wire.js';

/* Results of tag mails: the three queries of nhn.md §5.4. */

interface Page<Row> {
  readonly totalCount?: number | null | undefined;
  readonly data?: Row[] | null | undefined;
}

async function* pagesOf<Row>(
  api: NhnApi,
  question: {
    readonly path: string;
    readonly search: Readonly<Record<string, string>>;
    readonly schema: z.ZodType<Page<Row>>;
  },
  signal: AbortSignal,
): AsyncGenerator<readonly Row[], void, void> {
  const { path, search, schema } = question;
  let seen = 0;
  for (let page = 1; ; page += 1) {
    const query = new URLSearchParams({ ...search, pageNum: String(page), pageSize: String(PAGE_SIZE) });
    const answer = await ask(api, `${path}?${query.toString()}`, schema, signal);
    const rows = answer?.data ?? [];
    seen += rows.length;
    if (rows.length > 0) yield rows;
    if (rows.length === 0 || seen >= (answer?.totalCount ?? 0)) return;
  }
}

/**
 * Looks a tag mail up by its `createUser`, which is its batch; where the list does not show users, by the header of its
 * first mail.
 * @throws ProviderUnavailableError, also while a candidate has no receiver yet to decide by.
 */
export async function findTagMail(
  api: NhnApi,
  query: FindQuery,
  signal: AbortSignal,
): Promise<FoundRequest | undefined> {
  for await (const row of listTagMails(api, query, signal)) {
    if (await isOurs(api, row, query, signal)) return { requestId: row.requestId, operation: TAG_MAIL };
  }
  return undefined;
}

async function* listTagMails(api: NhnApi, query: FindQuery, signal: AbortSignal): AsyncGenerator<TagMailRow> {
  for (const slice of slices(query.window)) {
    const search = { ...slice, senderMail: query.sender };
    const question = { path: 'tagMails', search, schema: tagMailPageSchema };
    for await (const rows of pagesOf(api, question, signal)) yield* rows;
  }
}

async function isOurs(api: NhnApi, row: TagMailRow, query: FindQuery, signal: AbortSignal): Promise<boolean> {
  if (row.createUser) return row.createUser === query.batchId;
  if (await query.isAdopted(row.requestId)) return false;
  const requestId = encodeURIComponent(row.requestId);
  const detail = await ask(api, `tagMails/${requestId}/0`, mailDetailSchema, signal);
  const headers = detail?.data.customHeaders;
  if (headers) return saysBatch(headers, query.batchId);
  if (ENDED.has(row.tagSendStatus ?? '')) return false;
  throw new ProviderUnavailableError(`tag mail ${row.requestId} may be the one`, wordsOf(api.account, {}));
}

const ENDED: ReadonlySet<string> = new Set(['COMPLETE', 'FAIL', 'CANCEL']);
/** Statuses in which the recipients are known (console guide: "loading recipient data" comes before). */
const LISTED: ReadonlySet<string> = new Set(['SENDREADY', 'SENDWAIT', 'SENDING', 'COMPLETE']);
const BEGUN: ReadonlySet<string> = new Set(['SENDING', 'COMPLETE']);
const ENDS: Readonly<Record<string, PollResult['ended']>> = { FAIL: 'failed', CANCEL: 'cancelled' };

const cursorSchema = z.object({ counts: z.string() });

/** Polls the status of the mail as a whole, then its recipients, page by page. */
export async function* pollTagMail(
  api: NhnApi,
  request: TrackedRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
  const before = cursorSchema.safeParse(request.cursor).data?.counts ?? '';
  const mail = await tagMailOf(api, request.requestId, signal);
  const status = mail.tagSendStatus ?? '';
  const known = LISTED.has(status);
  const seen = known ? yield* receivers(api, request, { mail, signal }) : NOBODY;
  const counts = `${status} ${seen.counts}`;
  const ended = ENDS[status];
  return {
    begun: BEGUN.has(status),
    moved: counts !== before,
    listed: known && (seen.all >= request.recipientCount || status === 'COMPLETE'),
    ...(ended !== undefined && { ended }),
    cursor: { counts },
  };
}

async function tagMailOf(api: NhnApi, requestId: string, signal: AbortSignal): Promise<TagMailRow> {
  const page = await ask(api, `tagMails?${new URLSearchParams({ requestId }).toString()}`, tagMailPageSchema, signal);
  const mail = page?.data?.find((row) => row.requestId === requestId);
  if (mail === undefined) throw new ProviderUnavailableError('the tag mail is not listed', wordsOf(api.account, {}));
  return mail;
}

interface Seen {
  readonly all: number;
  readonly counts: string;
}

const NOBODY: Seen = { all: 0, counts: '' };

async function* receivers(
  api: NhnApi,
  request: TrackedRequest,
  { mail, signal }: { readonly mail: TagMailRow; readonly signal: AbortSignal },
): AsyncGenerator<readonly RecipientReport[], Seen, void> {
  const readTime = timeReader(mail.requestDate, request.acceptedAt);
  const counts = new Map<string, number>();
  let all = 0;
  const path = `tagMails/${encodeURIComponent(request.requestId)}`;
  for await (const rows of pagesOf(api, { path, search: {}, schema: tagReceiverPageSchema }, signal)) {
    for (const row of rows) {
      const moving = `${row.mailStatusCode ?? ''}${row.readYn === 'Y' ? '+read' : ''}${row.dsnCode ?? ''}`;
      counts.set(moving, (counts.get(moving) ?? 0) + 1);
    }
    all += rows.length;
    yield rows.map((row) => reportOf(row, readTime));
  }
  return {
    all,
    counts: [...counts]
      .map(([status, n]) => `${status} ${n}`)
      .sort()
      .join(', '),
  };
}

/** Tag mail reports no receipt, but a mail that was read has been delivered. */
function reportOf(row: TagReceiverRow, readTime: TimeReader): RecipientReport {
  const read = row.readYn === 'Y';
  return rowReport(
    {
      requestId: '',
      receiveMailAddr: row.receiveMail,
      mailSeq: row.mailSequence,
      mailStatusCode: row.mailStatusCode,
      isReceived: read,
      resultDate: row.resultDate,
      isOpened: read,
      openedDate: row.readDate,
      dsnCode: row.dsnCode,
      dsnMessage: row.dsnMessage,
    },
    readTime,
  );
}
