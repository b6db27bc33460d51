// Korea has no daylight saving time.
const SEOUL_OFFSET_MS = 9 * 3_600_000;

/** Milliseconds until the next month begins in Asia/Seoul, where providers count their quotas. */
export function msUntilNextMonth(now: Date): number {
  const there = new Date(now.getTime() + SEOUL_OFFSET_MS);
  const next = Date.UTC(there.getUTCFullYear(), there.getUTCMonth() + 1, 1);
  return next - there.getTime();
}
