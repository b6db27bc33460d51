import type { Timing } from '../timing.js';

/** The longest pause between two polls of a request that still has something to tell, in units of the first one. */
const LONGEST_PAUSE = 360;
const AFTERCARE_FIRST = 12;
const AFTERCARE_FACTOR = 4;

/**
 * When to ask again about a request. What moves is asked soon; what does not is asked at intervals that grow with its
 * age, so that a day-old request costs a poll in half an hour and a fresh one a poll in five seconds.
 * @param ageMs since the provider accepted it.
 */
export function nextPollMs(ageMs: number, moved: boolean, timing: Timing): number {
  const base = timing.pollIntervalMs;
  const wanted = moved ? base : Math.max(base, ageMs / 4);
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
