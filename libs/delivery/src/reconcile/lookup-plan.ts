import type { OpenAttemptRow } from '@gateway/database';
import type { Timing } from '../timing.js';

/** Fewest look-ups before absence counts, the last of them after the whole time. */
export const MIN_LOOKUPS = 3;

/**
 * The moment from which absence is measured: when the last request can no longer be in flight. That is its end; after
 * a crash nobody knows its end, so the longest that it can have taken.
 */
export function absenceStart(attempts: readonly OpenAttemptRow[], timing: Timing): Date {
  const ends = attempts.map(
    ({ startedAt, finishedAt }) => finishedAt?.getTime() ?? startedAt.getTime() + timing.providerTimeoutMs,
  );
  return new Date(Math.max(...ends));
}

/**
 * Is a request that this look-up did not find really absent?
 * @param lookups how many look-ups before this one did not find it.
 */
export const isSettledAbsence = (
  lookup: { readonly startedAt: Date; readonly lookups: number },
  since: Date,
  timing: Timing,
): boolean => lookup.lookups + 1 >= MIN_LOOKUPS && lookup.startedAt.getTime() >= since.getTime() + timing.settleMs;

/** When to look again: evenly over the settling time, and once right after its end. */
export function nextLookupMs(now: Date, since: Date, timing: Timing): number {
  const step = Math.max(1, Math.floor(timing.settleMs / MIN_LOOKUPS));
  const end = since.getTime() + timing.settleMs;
  const untilEnd = end - now.getTime();
  return untilEnd > step ? step : Math.max(1, untilEnd + 1);
}
