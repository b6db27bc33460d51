import { ProviderUnavailableError, type PollResult, type RecipientReport, type TrackedRequest } from '@gateway/core';
import { z } from 'zod';
import { mapLimited } from '../../shared/map-limited.js';
import type { NcpApi } from '../ncp.api.js';
import { pagesOf } from './ncp.pages.js';
import { explainBlock } from '../lists/ncp.send-block.js';
import { isPreparing, isSilent, needsDetail, recipientReport, statusReport, type SuccessMeans } from './ncp.status.js';
import { beginning, countsText, cursorSchema, planWalk, type Cursor } from './ncp.walk-plan.js';
import {
  mailDetailSchema,
  mailPageSchema,
  requestStatusSchema,
  UNREADABLE,
  type ListedMail,
  type RequestStatus,
} from '../ncp.wire.js';

const DETAILS_AT_ONCE = 8;
/** Details without answer that a walk passes over; with more, it is the provider that has trouble. */
const MOST_FAILURES = 10;
/** How long a list may lag behind the counters before the counters are believed. */
const LISTING_MS = 60 * 60_000;

export interface PollContext {
  readonly api: NcpApi;
  readonly success: SuccessMeans;
  readonly signal: AbortSignal;
}

/** A request to groups. `listed`: have all recipients been reported? `empty`: the last poll found none. */
const listingSchema = z.object({ listed: z.boolean(), empty: z.boolean() });

/**
 * Polls a request. One to groups is read as a whole once NCP has prepared it, to report its recipients; after that it
 * is polled like any other.
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
  // An empty list is believed only when two polls in a row find it.
  const listed = readyCompleted && seen >= requestCount && (!empty || wasEmpty);
  return {
    begun: hasBegun(status),
    moved: true,
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
    begun: hasBegun(status),
    moved: counts !== before.counts,
    cursor: { counts, told: listed ? plan.told : before.told } satisfies Cursor,
  };
}

/**
 * Yields the reports on a request's mails. @returns the number of mails that it reported.
 * @param how `silent`: also report mails that have not reached an end.
 * @throws ProviderUnavailableError when some detail could not be fetched, after all others have been reported.
 */
async function* walk(
  context: PollContext,
  path: string,
  request: TrackedRequest,
  how: { readonly explain: boolean; readonly silent: boolean },
): AsyncGenerator<readonly RecipientReport[], number, void> {
  let ended = 0;
  const failures: ProviderUnavailableError[] = [];
  const tell = async (mail: ListedMail): Promise<readonly RecipientReport[]> => {
    try {
      return await reportMail(context, request, mail);
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError) || failures.length === MOST_FAILURES) throw error;
      failures.push(error);
      return [];
    }
  };
  const listing = { path: `${path}/mails`, query: [['sort', 'id']], schema: mailPageSchema } as const;
  for await (const { content } of pagesOf(context.api, listing, context.signal)) {
    const telling = how.silent ? content : content.filter((mail) => !isSilent(mail.emailStatus ?? 'P'));
    ended += telling.length;
    const wanted = how.explain ? telling : telling.filter((mail) => !needsDetail(mail.emailStatus ?? ''));
    const reports = await mapLimited(wanted, DETAILS_AT_ONCE, tell);
    const found = reports.flat();
    if (found.length > 0) yield found;
  }
  if (failures[0] !== undefined) throw failures[0];
  return ended;
}

async function reportMail(
  context: PollContext,
  request: TrackedRequest,
  mail: ListedMail,
): Promise<readonly RecipientReport[]> {
  const { success } = context;
  const code = mail.emailStatus ?? '';
  const only = request.delivery === 'individual' ? onlyRecipient(mail) : undefined;
  if (only === undefined || needsDetail(code)) return reportDetail(context, mail, only ?? '');
  const at = code === 'S' && success === 'delivered' ? mail.sendDate : undefined;
  return [{ ...statusReport(only, code, success), ...idOf(mail), ...(at && { deliveredAt: at }) }];
}

/** @param address the recipient for which an unreadable detail is reported, if it is known. */
async function reportDetail(
  { api, success, signal }: PollContext,
  mail: ListedMail,
  address: string,
): Promise<readonly RecipientReport[]> {
  const unreadable = { address, unknownStatus: UNREADABLE, ...idOf(mail) };
  if (mail.mailId === '') return [unreadable];
  const detail = await api.get(`/mails/${encodeURIComponent(mail.mailId)}`, [], mailDetailSchema, signal);
  if (detail === undefined) return [unreadable];
  const reports = detail.recipients.map((recipient) => {
    const report = recipientReport(recipient, detail.emailStatus ?? mail.emailStatus ?? '', success);
    const at = report.status === 'delivered' ? detail.sendDate : undefined;
    return { ...report, mailId: mail.mailId, ...(at && { deliveredAt: at }) };
  });
  return Promise.all(reports.map((report) => explainBlock(api, report, signal)));
}

const idOf = ({ mailId }: ListedMail): Pick<RecipientReport, 'mailId'> => (mailId === '' ? {} : { mailId });

/** The address of a mail to one; `undefined` when it is shared (`first@example.com(9)`) or not given. */
function onlyRecipient({ representativeRecipient: text }: ListedMail): string | undefined {
  if (text === null || text === undefined || !text.includes('@') || /\(\d+\)\s*$/.test(text)) return undefined;
  return /<([^<>]+)>/.exec(text)?.[1] ?? text.trim();
}
