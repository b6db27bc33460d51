import { ProviderUnavailableError, type PollResult, type RecipientReport, type TrackedRequest } from '@gateway/core';
import { z } from 'zod';
import { mapLimited } from '../../shared/map-limited.js';
import { UNREADABLE } from '../wire.js';
import { beginning, cursorSchema, planWalk, type Cursor, type Standing } from './walk-plan.js';
import { isSilent, needsDetail, recipientReport, statusReport, type MailRecipient } from './words.js';
import type { StatusWords, SuccessMeans } from './words.js';

const DETAILS_AT_ONCE = 8;
/** Details without answer that a walk passes over; with more, it is the provider that has trouble. */
const MOST_FAILURES = 10;
/** How long a list may lag behind the counters before the counters are believed. */
const LISTING_MS = 60 * 60_000;

/** A row of the list of a request's mails. */
export interface ListedMail {
  /** Empty: there is none that can be read. */
  readonly mailId: string;
  readonly status: string;
  readonly sentAt?: Date | null | undefined;
  /** `first@example.com`, or `first@example.com(9)` when ten share the mail. */
  readonly representativeRecipient?: string | null | undefined;
}

export interface MailDetail {
  readonly status?: string | null | undefined;
  readonly sentAt?: Date | null | undefined;
  readonly recipients: readonly MailRecipient[];
}

/** A request and its mails, as one generation of the API shows them. Each question throws ProviderUnavailableError without an answer. */
export interface RequestReader {
  readonly words: StatusWords;
  readonly success: SuccessMeans;
  now(): Date;
  /** The counters, and the pause until the next question where the vendor names one. */
  standing(requestId: string): Promise<{ readonly standing: Standing; readonly pauseMs?: number }>;
  mails(requestId: string): AsyncIterable<readonly ListedMail[]>;
  /** @returns `undefined` for an answer that is nonsense. */
  detail(requestId: string, mailId: string): Promise<MailDetail | undefined>;
  /** Adds what the vendor says elsewhere about a recipient's state. */
  explained?(report: RecipientReport): Promise<RecipientReport>;
}

type Polling = AsyncGenerator<readonly RecipientReport[], PollResult, void>;

/** A request to groups. `listed`: have all recipients been reported? `empty`: the last poll found none. */
const listingSchema = z.object({ listed: z.boolean(), empty: z.boolean() });

/**
 * Polls a request. One to groups is read as a whole once the vendor has prepared it, to report its recipients; after
 * that it is polled like any other.
 */
export async function* pollRequest(reader: RequestReader, request: TrackedRequest): Polling {
  if (!request.ofList) return yield* pollKnown(reader, request);
  const before = listingSchema.safeParse(request.cursor).data ?? { listed: false, empty: false };
  if (!before.listed) return yield* listRecipients(reader, request, before.empty);
  const result = yield* pollKnown(reader, request);
  return { ...result, listed: true, cursor: { ...(result.cursor as Cursor), listed: true, empty: false } };
}

async function* listRecipients(reader: RequestReader, request: TrackedRequest, wasEmpty: boolean): Polling {
  const { standing, pauseMs } = await reader.standing(request.requestId);
  const { prepared, mails } = standing;
  const seen = prepared ? yield* walk(reader, request, { explain: true, silent: true }) : 0;
  const empty = prepared && (mails ?? seen) === 0;
  // An empty list is believed only when two polls in a row find it.
  const listed = prepared && seen >= (mails ?? seen) && (!empty || wasEmpty);
  return {
    begun: standing.begun,
    moved: true,
    listed,
    ...pauseOf(standing, pauseMs),
    cursor: { ...beginning(request), listed, empty },
  };
}

/** Counters first, then the pages of mails if enough moved, then details of those that need one. */
async function* pollKnown(reader: RequestReader, request: TrackedRequest): Polling {
  const now = reader.now().getTime();
  const before = cursorSchema.safeParse(request.cursor).data ?? beginning(request);
  const { standing, pauseMs } = await reader.standing(request.requestId);
  const plan = planWalk(standing, request, before.told, now);
  const ended = plan.walk ? yield* walk(reader, request, { explain: plan.explain, silent: false }) : Infinity;
  const listed = ended >= standing.finished || now - request.acceptedAt.getTime() > LISTING_MS;
  return {
    begun: standing.begun,
    moved: standing.counts !== before.counts,
    ...pauseOf(standing, pauseMs),
    cursor: { counts: standing.counts, told: listed ? plan.told : before.told } satisfies Cursor,
  };
}

const pauseOf = ({ over }: Standing, pauseMs: number | undefined): Pick<PollResult, 'retryAfterMs'> =>
  pauseMs === undefined || over ? {} : { retryAfterMs: pauseMs };

/**
 * Yields the reports on a request's mails. @returns the number of mails that it reported.
 * @param how `silent`: also report mails that have not reached an end.
 * @throws ProviderUnavailableError when some detail could not be fetched, after all others have been reported.
 */
async function* walk(
  reader: RequestReader,
  request: TrackedRequest,
  how: { readonly explain: boolean; readonly silent: boolean },
): AsyncGenerator<readonly RecipientReport[], number, void> {
  const { words } = reader;
  let ended = 0;
  const failures: ProviderUnavailableError[] = [];
  const tell = async (mail: ListedMail): Promise<readonly RecipientReport[]> => {
    try {
      return await reportMail(reader, request, mail);
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError) || failures.length === MOST_FAILURES) throw error;
      failures.push(error);
      return [];
    }
  };
  for await (const mails of reader.mails(request.requestId)) {
    const telling = how.silent ? mails : mails.filter(({ status }) => !isSilent(words, status));
    ended += telling.length;
    const wanted = how.explain ? telling : telling.filter(({ status }) => !needsDetail(words, status));
    const found = (await mapLimited(wanted, DETAILS_AT_ONCE, tell)).flat();
    if (found.length > 0) yield found;
  }
  if (failures[0] !== undefined) throw failures[0];
  return ended;
}

async function reportMail(
  reader: RequestReader,
  request: TrackedRequest,
  mail: ListedMail,
): Promise<readonly RecipientReport[]> {
  const { words, success } = reader;
  const { status } = mail;
  const address = request.delivery === 'individual' ? onlyRecipient(mail) : undefined;
  if (address === undefined || needsDetail(words, status)) return reportDetail(reader, request, mail, address ?? '');
  const report = statusReport(words, { address, status }, success);
  return [{ ...report, ...idOf(mail), ...deliveredAt(report, mail.sentAt) }];
}

/** @param address the recipient for which an unreadable detail is reported, if it is known. */
async function reportDetail(
  reader: RequestReader,
  { requestId }: TrackedRequest,
  mail: ListedMail,
  address: string,
): Promise<readonly RecipientReport[]> {
  const unreadable = { address, unknownStatus: UNREADABLE, ...idOf(mail) };
  if (mail.mailId === '') return [unreadable];
  const detail = await reader.detail(requestId, mail.mailId);
  if (detail === undefined) return [unreadable];
  const mailStatus = detail.status ?? mail.status;
  const reports = detail.recipients.map((recipient) => {
    const report = recipientReport(reader.words, { recipient, mailStatus }, reader.success);
    return { ...report, mailId: mail.mailId, ...deliveredAt(report, detail.sentAt ?? mail.sentAt) };
  });
  return Promise.all(reports.map(async (report) => (await reader.explained?.(report)) ?? report));
}

/** Without a time from the vendor the gateway takes that of the poll. */
const deliveredAt = ({ status }: RecipientReport, at: Date | null | undefined): Pick<RecipientReport, 'deliveredAt'> =>
  status === 'delivered' && at ? { deliveredAt: at } : {};

const idOf = ({ mailId }: ListedMail): Pick<RecipientReport, 'mailId'> => (mailId === '' ? {} : { mailId });

/** The address of a mail to one; `undefined` when it is shared or not given. */
function onlyRecipient({ representativeRecipient: text }: ListedMail): string | undefined {
  if (!text?.includes('@') || /\(\d+\)\s*$/.test(text)) return undefined;
  return /<([^<>]+)>/.exec(text)?.[1] ?? text.trim();
}
