import type { PollResult, RecipientReport, TrackedRequest } from '@gateway/core';
import { z } from 'zod';
import { mapLimited } from '../shared/map-limited.js';
import type { NcpApi } from './ncp.api.js';
import { pagesOf } from './ncp.pages.js';
import { explainBlock } from './ncp.send-block.js';
import { isPreparing, isSilent, needsDetail, recipientReport, statusReport, type SuccessMeans } from './ncp.status.js';
import { beginning, countsText, cursorSchema, planWalk, type Cursor } from './ncp.walk-plan.js';
import { mailPageSchema, mailSchema, requestStatusSchema, type ListedMail, type RequestStatus } from './ncp.wire.js';

const DETAILS_AT_ONCE = 8;
/** How long a list may lag behind the counters before the counters are believed. */
const LISTING_MS = 60 * 60_000;

export interface PollContext {
  readonly api: NcpApi;
  readonly success: SuccessMeans;
  readonly signal: AbortSignal;
}

/** Of a request to groups: has everybody been told who gets it? `empty`: nobody was there the last time. */
const listingSchema = z.object({ listed: z.boolean(), empty: z.boolean() });

/**
 * A request to groups is read through once when NCP has prepared it, to learn whom it goes to; from then on it is like
 * any other.
 */
export async function* pollRequest(
  context: PollContext,
  request: TrackedRequest,
): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
  if (!request.ofList) return yield* pollKnown(context, request);
  const before = listingSchema.safeParse(request.cursor).data ?? { listed: false, empty: false };
  if (!before.listed) return yield* listRecipients(context, request, before.empty);
  const result = yield* pollKnown(context, request);
  return { ...result, listed: true, cursor: { ...(result.cursor as Cursor), listed: true, empty: false } };
}

async function* listRecipients(
  context: PollContext,
  request: TrackedRequest,
  wasEmpty: boolean,
): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
  const path = pathOf(request);
  const status = await context.api.get(`${path}/status`, [], requestStatusSchema, context.signal);
  const { readyCompleted, requestCount } = status;
  const seen = readyCompleted ? yield* walk(context, path, request, { explain: true, silent: true }) : 0;
  const empty = readyCompleted && requestCount === 0;
  // Nobody is believed when it is said twice.
  const listed = readyCompleted && seen >= requestCount && (!empty || wasEmpty);
  return {
    done: listed && empty,
    begun: hasBegun(status),
    moved: true,
    finished: 0,
    listed,
    cursor: { ...beginning(request), listed, empty },
  };
}

const pathOf = ({ requestId }: TrackedRequest): string => `/mails/requests/${encodeURIComponent(requestId)}`;

const hasBegun = (status: RequestStatus): boolean => countsText(status, (code) => !isPreparing(code)) !== '';

/** Counters first (ncp.md §3.5), then the pages of mails (§3.3) if enough moved, then details of failures (§3.2). */
async function* pollKnown(
  context: PollContext,
  request: TrackedRequest,
): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
  const now = context.api.clock.now().getTime();
  const before = cursorSchema.safeParse(request.cursor).data ?? beginning(request);
  const path = pathOf(request);
  const status = await context.api.get(`${path}/status`, [], requestStatusSchema, context.signal);
  const counts = countsText(status, () => true);
  const plan = planWalk(status, request, before.told, now);
  const ended = plan.walk ? yield* walk(context, path, request, { explain: plan.explain, silent: false }) : Infinity;
  const listed = ended >= status.finishCount || now - request.acceptedAt.getTime() > LISTING_MS;
  return {
    done: plan.finished && listed,
    begun: hasBegun(status),
    moved: counts !== before.counts,
    finished: finishedOf(status, request),
    cursor: { counts, told: listed ? plan.told : before.told } satisfies Cursor,
  };
}

/** A shared mail counts as one, however many it goes to. */
function finishedOf(status: RequestStatus, { delivery, recipientCount }: TrackedRequest): number {
  if (delivery === 'individual') return Math.min(status.finishCount, recipientCount);
  return status.finishCount >= status.requestCount ? recipientCount : 0;
}

/**
 * Tells what there is to tell; returns how many mails it told of.
 * @param how `silent`: also of those that have not come to an end.
 */
async function* walk(
  context: PollContext,
  path: string,
  request: TrackedRequest,
  how: { readonly explain: boolean; readonly silent: boolean },
): AsyncGenerator<readonly RecipientReport[], number, void> {
  let ended = 0;
  const listing = { path: `${path}/mails`, query: [['sort', 'id']], schema: mailPageSchema } as const;
  for await (const { content } of pagesOf(context.api, listing, context.signal)) {
    const telling = how.silent ? content : content.filter((mail) => !isSilent(mail.emailStatus ?? 'P'));
    ended += telling.length;
    const wanted = how.explain ? telling : telling.filter((mail) => !needsDetail(mail.emailStatus ?? ''));
    const reports = await mapLimited(wanted, DETAILS_AT_ONCE, (mail) => reportMail(context, request, mail));
    const found = reports.flat();
    if (found.length > 0) yield found;
  }
  return ended;
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
  const reports = detail.recipients.map((recipient) => {
    const report = recipientReport(recipient, detail.emailStatus ?? code, success);
    const at = report.status === 'delivered' ? detail.sendDate : undefined;
    return { ...report, mailId: mail.mailId, ...(at && { deliveredAt: at }) };
  });
  return Promise.all(reports.map((report) => explainBlock(api, report, signal)));
}

/** The address of a mail to one; `undefined` when it is shared (`first@example.com(9)`) or not given. */
function onlyRecipient({ representativeRecipient: text }: ListedMail): string | undefined {
  if (text === null || text === undefined || !text.includes('@') || /\(\d+\)\s*$/.test(text)) return undefined;
  return /<([^<>]+)>/.exec(text)?.[1] ?? text.trim();
}
