import type { EmailProvider } from '@gateway/core';
import type { Timing } from '../../shared/timing.js';

/** The longest pause between two polls of a request that is not final, as a multiple of the first pause. */
const LONGEST_PAUSE = 360;
/** Polls that find nothing new take at most 1/20 of the time; the pause for that is at most 24 first pauses. */
const IDLE_SHARE = 20;
const IDLE_PAUSE = 24;
/** Recipients from which a request counts as large: the most that a provider reports in one poll. */
const LARGE = 1000;
/** Extra pause after polling a large request, compared with a single mail; a multiple of the first pause. */
const LARGE_PAUSE = 3;
const AFTERCARE_FIRST = 12;
const AFTERCARE_FACTOR = 4;

/** Where a list of all news is read, each request is polled for what the list leaves out: this many times as rarely. */
const LISTED_PAUSE = 6;

type Followed = Pick<EmailProvider, 'updates'> | undefined;

const baseMs = (provider: Followed, { pollIntervalMs }: Timing): number =>
  pollIntervalMs * (provider?.updates === undefined ? 1 : LISTED_PAUSE);

/** When to ask for the first time: a provider does not send a thousand mails as soon as one. */
export const firstPollMs = (recipientCount: number, timing: Timing, provider?: Followed): number =>
  Math.round(baseMs(provider, timing) * (1 + sizeOf(recipientCount)));

const sizeOf = (recipientCount: number): number => Math.min(recipientCount, LARGE) / LARGE;

/**
 * When to poll a request again. A request that moves is polled soon. The interval of one that does not grows with its
 * age: a fresh request costs a poll in five seconds, a day-old one a poll in half an hour. Where polls take long,
 * because they carry a thousand recipients or the provider is busy, those that find nothing become rarer: mail that
 * waits to be sent comes first.
 * @param ageMs since the provider accepted it. @param poll how long it took, whether anything had moved, of how many.
 */
export function nextPollMs(
  ageMs: number,
  poll: { readonly moved: boolean; readonly tookMs: number; readonly recipientCount: number },
  timing: Timing,
  provider?: Followed,
): number {
  const base = baseMs(provider, timing);
  const costly = Math.min(poll.tookMs * IDLE_SHARE, base * IDLE_PAUSE);
  const quiet = base * (1 + LARGE_PAUSE * sizeOf(poll.recipientCount));
  const wanted = poll.moved ? base : Math.max(quiet, ageMs / 4, costly);
  return Math.round(Math.min(wanted, timing.pollIntervalMs * LONGEST_PAUSE));
}

/**
 * When to look once more at a request whose recipients are all final: mails are opened, and bounce, after delivery.
 * @param ageMs since it settled. @returns `undefined` once that has been done long enough.
 */
export function aftercareMs(ageMs: number, timing: Timing): number | undefined {
  if (ageMs >= timing.sentFinalMs) return undefined;
  return Math.round(Math.max(timing.pollIntervalMs * AFTERCARE_FIRST, ageMs * (AFTERCARE_FACTOR - 1)));
}
