import { ProviderUnavailableError, type PollResult, type RecipientReport, type TrackedRequest } from '@gateway/core';
import { mapLimited } from '../../shared/map-limited.js';
import type { SensApi } from '../sens.api.js';
import { mailDetailSchema, mailListSchema, requestSchema, UNREADABLE, type ListedMail } from '../sens.wire.js';
import { pagesOf } from './sens.pages.js';
import { isSilent, needsDetail, recipientReport, statusReport, type SuccessMeans } from './sens.status.js';
import { beginning, cursorSchema, planWalk, standingOf, type Cursor } from './sens.walk-plan.js';

const DETAILS_AT_ONCE = 8;
/** Details without answer that a walk passes over; with more, it is the provider that has trouble. */
const MOST_FAILURES = 10;
/** How long a list may lag behind the counters before the counters are believed. */
const LISTING_MS = 60 * 60_000;

export interface PollContext {
  readonly api: SensApi;
  readonly success: SuccessMeans;
  readonly signal: AbortSignal;
}

/** Counters first (sens.md §3), then the mails (§5) if enough moved, then details of those that need one (§6). */
export async function* pollRequest(
  context: PollContext,
  request: TrackedRequest,
): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
  const { api, signal } = context;
  const now = api.clock.now().getTime();
  const before = cursorSchema.safeParse(request.cursor).data ?? beginning(request);
  const { data, pauseMs } = await api.get(api.requestsPath(request.requestId), [], requestSchema, signal);
  const standing = standingOf(data);
  const told = planWalk(standing, request, before.told, now);
  const ended = told === undefined ? Infinity : yield* walk(context, request);
  const listed = ended >= standing.finished || now - request.acceptedAt.getTime() > LISTING_MS;
  return {
    begun: standing.begun,
    moved: standing.counts !== before.counts,
    ...(pauseMs !== undefined && !standing.over && { retryAfterMs: pauseMs }),
    cursor: { counts: standing.counts, told: told !== undefined && listed ? told : before.told } satisfies Cursor,
  };
}

/**
 * Yields the reports on the mails of a request that have ended. @returns their number.
 * @throws ProviderUnavailableError when some detail could not be fetched, after all others have been reported.
 */
async function* walk(
  context: PollContext,
  request: TrackedRequest,
): AsyncGenerator<readonly RecipientReport[], number, void> {
  const { api, signal } = context;
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
  const listing = {
    path: api.requestsPath(request.requestId, 'mails'),
    query: [['sort', 'mailId,asc']],
    schema: mailListSchema,
    idOf: ({ mailId }: ListedMail) => mailId,
  } as const;
  for await (const mails of pagesOf(api, listing, signal)) {
    const telling = mails.filter((mail) => !isSilent(statusOf(mail)));
    ended += telling.length;
    const found = (await mapLimited(telling, DETAILS_AT_ONCE, tell)).flat();
    if (found.length > 0) yield found;
  }
  if (failures[0] !== undefined) throw failures[0];
  return ended;
}

const statusOf = ({ status, emailStatus }: ListedMail): string => status ?? emailStatus ?? UNREADABLE;

async function reportMail(
  context: PollContext,
  request: TrackedRequest,
  mail: ListedMail,
): Promise<readonly RecipientReport[]> {
  const { success } = context;
  const status = statusOf(mail);
  const only = request.delivery === 'individual' ? onlyRecipient(mail) : undefined;
  if (only === undefined || needsDetail(status)) return reportDetail(context, request, { mail, address: only ?? '' });
  const report = statusReport(only, status, success);
  return [{ ...report, ...idOf(mail), ...deliveredAt(report, mail.sendDateTime) }];
}

/** @param of.address the recipient for which an unreadable detail is reported, if it is known. */
async function reportDetail(
  { api, success, signal }: PollContext,
  { requestId }: TrackedRequest,
  { mail, address }: { readonly mail: ListedMail; readonly address: string },
): Promise<readonly RecipientReport[]> {
  const unreadable = { address, unknownStatus: UNREADABLE, ...idOf(mail) };
  if (mail.mailId === '') return [unreadable];
  const path = api.requestsPath(requestId, 'mails', mail.mailId);
  const { data: detail } = await api.get(path, [], mailDetailSchema, signal);
  if (detail === undefined) return [unreadable];
  const status = detail.status ?? detail.emailStatus ?? statusOf(mail);
  return detail.recipients.map((recipient) => {
    const report = recipientReport(recipient, status, success);
    return { ...report, mailId: mail.mailId, ...deliveredAt(report, detail.sendDateTime ?? mail.sendDateTime) };
  });
}

/** No document says that SENS reports the time of delivery. Without it the gateway takes the time of the poll. */
const deliveredAt = ({ status }: RecipientReport, at: Date | undefined): Pick<RecipientReport, 'deliveredAt'> =>
  status === 'delivered' && at !== undefined ? { deliveredAt: at } : {};

const idOf = ({ mailId }: ListedMail): Pick<RecipientReport, 'mailId'> => (mailId === '' ? {} : { mailId });

/** The address of a mail to one; `undefined` when it is shared (`first@example.com(9)`) or not given. */
function onlyRecipient({ representativeRecipient: text }: ListedMail): string | undefined {
  if (text === undefined || !text.includes('@') || /\(\d+\)\s*$/.test(text)) return undefined;
  return /<([^<>]+)>/.exec(text)?.[1] ?? text.trim();
}
