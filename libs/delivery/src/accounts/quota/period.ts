import type { Quota } from '@gateway/core';

/** Milliseconds until the next period of a quota begins, at midnight in its time zone. */
export function msUntilNextPeriod(now: Date, { per, timeZone }: Pick<Quota, 'per' | 'timeZone'>): number {
  const there = new Date(now.getTime() + offsetMs(now, timeZone));
  const [year, month, day] = [there.getUTCFullYear(), there.getUTCMonth(), there.getUTCDate()];
  const midnight = per === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1);
  // Clocks may be put forward or back before that midnight, so its own offset counts.
  const about = new Date(midnight - offsetMs(now, timeZone));
  return midnight - offsetMs(about, timeZone) - now.getTime();
}

/** How far the clocks of a time zone are ahead of UTC. */
function offsetMs(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(
    ...([value('year'), value('month') - 1, value('day')] as const),
    ...([value('hour'), value('minute'), value('second')] as const),
  );
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}
