import type { PollResult, RecipientReport, TrackedRequest } from '@gateway/core';
import { z } from 'zod';
import { mapLimited } from '../shared/map-limited.js';
import type { NcpApi } from './ncp.api.js';
import { isLast } from './ncp.find.js';
import { isPreparing, isSilent, needsDetail, recipientReport, statusReport, type SuccessMeans } from './ncp.status.js';
import { mailPageSchema, mailSchema, requestStatusSchema, type ListedMail, type RequestStatus } from './ncp.wire.js';

const PAGE_SIZE = 1000;
const DETAILS_AT_ONCE = 8;
/** Up to this size a request is looked through whenever its counts move. */
const SMALL = 1000;
/** A larger one when this share of it has come to an end since the last time. */
const STEP = 0.1;
/** Up to this many failures are explained at every walk, one request each. */
const FEW_FAILURES = 100;

/** What a poll leaves for the next: the counters it saw, and what it had told by then. */
const cursorSchema = z.object({
  counts: z.string(),
  told: z.object({ counts: z.string(), finished: z.number(), failures: z.number() }),
});
type Cursor = z.output<typeof cursorSchema>;

const BEGINNING: Cursor = { counts: '', told: { counts: '', finished: 0, failures: 0 } };

export interface PollContext {
  readonly api: NcpApi;
  readonly success: SuccessMeans;
  readonly signal: AbortSignal;
}

/** Counters first (ncp.md §3.5), then the pages of mails (§3.3) if enough moved, then details of failures (§3.2). */
export async function* pollRequest(
  context: PollContext,
  request: TrackedRequest,
): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
  const before = cursorSchema.safeParse(request.cursor).data ?? BEGINNING;
  const path = `/mails/requests/${encodeURIComponent(request.requestId)}`;
  const status = await context.api.get(`${path}/status`, [], requestStatusSchema, context.signal);
  const counts = countsText(status, () => true);
  const plan = planWalk(status, request, before);
  if (plan.walk) yield* walk(context, path, request, plan.explain);
  const failures = plan.explain ? failuresOf(status) : before.told.failures;
  const told = plan.walk ? { counts: plan.counts, finished: status.finishCount, failures } : before.told;
  return {
    done: plan.done,
    begun: countsText(status, (code) => !isPreparing(code)) !== '',
    moved: counts !== before.counts,
    finished: finishedOf(status, request),
    cursor: { counts, told } satisfies Cursor,
  };
}

interface WalkPlan {
  readonly done: boolean;
  /** The counts that a walk could tell something of. */
  readonly counts: string;
  readonly walk: boolean;
  /** Fetch the details of failures this time? Else they are left for a later walk. */
  readonly explain: boolean;
}

/**
 * Failures of a large request are explained when they have doubled since the last time and at the end, so that all
 * walks together fetch at most about twice as many details as there are failures.
 */
export function planWalk(status: RequestStatus, request: TrackedRequest, before: Cursor): WalkPlan {
  const done = status.readyCompleted && status.finishCount >= status.requestCount;
  const counts = `${countsText(status, (code) => !isSilent(code))}${done ? ' done' : ''}`;
  const news = counts !== before.told.counts && counts !== '';
  const step = status.finishCount - before.told.finished >= STEP * request.recipientCount;
  const walk = news && (done || request.recipientCount <= SMALL || step);
  const failures = failuresOf(status);
  const explain = walk && (done || failures <= FEW_FAILURES || failures >= 2 * before.told.failures);
  return { done, counts, walk, explain };
}

const countsText = (status: RequestStatus, counted: (code: string) => boolean): string =>
  status.countsByStatus
    .filter((each) => counted(each.status) && each.count > 0)
    .map((each) => `${each.status}${each.count}`)
    .sort()
    .join(' ');

const failuresOf = (status: RequestStatus): number =>
  status.countsByStatus.filter((each) => needsDetail(each.status)).reduce((sum, each) => sum + each.count, 0);

/** A shared mail counts as one, however many it goes to. */
function finishedOf(status: RequestStatus, { delivery, recipientCount }: TrackedRequest): number {
  if (delivery === 'individual') return Math.min(status.finishCount, recipientCount);
  return status.finishCount >= status.requestCount ? recipientCount : 0;
}

async function* walk(
  context: PollContext,
  path: string,
  request: TrackedRequest,
  explain: boolean,
): AsyncGenerator<readonly RecipientReport[], void, void> {
  for (let page = 0; ; page += 1) {
    const query = [
      ['size', PAGE_SIZE],
      ['page', page],
      ['sort', 'id'],
    ] as const;
    const answer = await context.api.get(`${path}/mails`, query, mailPageSchema, context.signal);
    const telling = answer.content.filter((mail) => !isSilent(mail.emailStatus ?? 'P'));
    const wanted = explain ? telling : telling.filter((mail) => !needsDetail(mail.emailStatus ?? ''));
    const reports = await mapLimited(wanted, DETAILS_AT_ONCE, (mail) => reportMail(context, request, mail));
    const found = reports.flat();
    if (found.length > 0) yield found;
    if (isLast(answer, page)) return;
  }
}

async function reportMail(
  { api, success, signal }: PollContext,
  request: TrackedRequest,
  mail: ListedMail,
): Promise<readonly RecipientReport[]> {
  const code = mail.emailStatus ?? '';
  const only = request.delivery === 'individual' ? onlyRecipient(mail) : undefined;
  if (only !== undefined && !needsDetail(code)) {
    const at = code === 'S' && success === 'delivered' ? mail.sendDate : undefined;
    return [{ ...statusReport(only, code, success), mailId: mail.mailId, ...(at && { deliveredAt: at }) }];
  }
  const detail = await api.get(`/mails/${encodeURIComponent(mail.mailId)}`, [], mailSchema, signal);
  return detail.recipients.map((recipient) => {
    const report = recipientReport(recipient, detail.emailStatus ?? code, success);
    const at = report.status === 'delivered' ? detail.sendDate : undefined;
    return { ...report, mailId: mail.mailId, ...(at && { deliveredAt: at }) };
  });
}

/** The address of a mail to one; `undefined` when it is shared (`first@example.com(9)`) or not given. */
function onlyRecipient({ representativeRecipient: text }: ListedMail): string | undefined {
  if (text === null || text === undefined || !text.includes('@') || /\(\d+\)\s*$/.test(text)) return undefined;
  return /<([^<>]+)>/.exec(text)?.[1] ?? text.trim();
}
