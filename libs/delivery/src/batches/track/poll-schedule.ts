import type { Timing } from '../../shared/timing.js';

/** The longest pause between two polls of a request that still has something to tell, in units of the first one. */
const LONGEST_PAUSE = 360;
/** Polls that find nothing new take at most this part of the time, one of so many; up to a pause of so many first ones. */
const IDLE_SHARE = 20;
const IDLE_PAUSE = 24;
/** From so many recipients on a request counts as large: as many as a provider tells with each poll. */
const LARGE = 1000;
/** What the pause behind a large request is more than that behind a single mail, in units of the first one. */
const LARGE_PAUSE = 3;
const AFTERCARE_FIRST = 12;
const AFTERCARE_FACTOR = 4;

/** When to ask for the first time: a provider does not send a thousand mails as soon as one. */
export const firstPollMs = (recipientCount: number, timing: Timing): number =>
  Math.round(timing.pollIntervalMs * (1 + sizeOf(recipientCount)));

const sizeOf = (recipientCount: number): number => Math.min(recipientCount, LARGE) / LARGE;

/**
 * When to ask again about a request. What moves is asked soon; what does not is asked at intervals that grow with its
 * age, so that a day-old request costs a poll in half an hour and a fresh one a poll in five seconds. Where polls take
 * long, because they carry a thousand recipients or everybody is busy, those for nothing get rarer: mail that waits to
 * be sent comes first.
 * @param ageMs since the provider accepted it. @param poll how long it took, whether anything had moved, of how many.
 */
export function nextPollMs(
  ageMs: number,
  poll: { readonly moved: boolean; readonly tookMs: number; readonly recipientCount: number },
  timing: Timing,
): number {
  const base = timing.pollIntervalMs;
  const costly = Math.min(poll.tookMs * IDLE_SHARE, base * IDLE_PAUSE);
  const quiet = base * (1 + LARGE_PAUSE * sizeOf(poll.recipientCount));
  const wanted = poll.moved ? base : Math.max(quiet, ageMs / 4, costly);
  return Math.round(Math.min(wanted, base * LONGEST_PAUSE));
}

/**
 * When to look once more at a request whose recipients are all final: mails are opened, and bounce, after delivery.
 * @param ageMs since it settled. @returns `undefined` once that has been done long enough.
 */
export function aftercareMs(ageMs: number, timing: Timing): number | undefined {
  if (ageMs >= timing.sentFinalMs) return undefined;
  return Math.round(Math.max(timing.pollIntervalMs * AFTERCARE_FIRST, ageMs * (AFTERCARE_FACTOR - 1)));
}
