import type { OpenAttemptRow } from '@gateway/database';
import type { Timing } from '../../shared/timing.js';

/** Fewest look-ups before absence counts, the last of them after the whole time. */
export const MIN_LOOKUPS = 3;

/**
 * The moment from which absence is measured: when the last request can no longer be in flight. That is its end, or,
 * where a crash left the end unknown, its start plus the provider timeout.
 */
export function absenceStart(attempts: readonly OpenAttemptRow[], timing: Timing): Date {
  const ends = attempts.map(
    ({ startedAt, finishedAt }) => finishedAt?.getTime() ?? startedAt.getTime() + timing.providerTimeoutMs,
  );
  return new Date(Math.max(...ends));
}

/** A look-up that found nothing; `lookups`: how many before it did not either. */
interface VainLookup {
  readonly startedAt: Date;
  readonly lookups: number;
}

/** Is a request that this look-up did not find really absent? */
export const isSettledAbsence = (lookup: VainLookup, since: Date, timing: Timing): boolean =>
  lookup.lookups + 1 >= MIN_LOOKUPS && lookup.startedAt.getTime() >= since.getTime() + timing.settleMs;

/**
 * When to look again: evenly over the settling time, and once right after its end. If that is over before there were
 * enough look-ups, they are a step apart nevertheless: the database's clock may have jumped ahead of a request that is
 * still on its way.
 */
export function nextLookupMs({ startedAt, lookups }: VainLookup, since: Date, timing: Timing): number {
  const step = Math.max(1, Math.floor(timing.settleMs / MIN_LOOKUPS));
  const untilEnd = since.getTime() + timing.settleMs - startedAt.getTime();
  if (untilEnd > step) return step;
  return Math.max(lookups + 1 < MIN_LOOKUPS ? step : 1, untilEnd + 1);
}
