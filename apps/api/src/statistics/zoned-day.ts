const HOUR_MS = 3_600_000;

/** How far a zone is ahead of UTC at a time, in milliseconds. */
function offsetMs(timeZone: string, at: number): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * 60_000);
}

/** Figures are kept by the hour of UTC, so a zone's hours have to begin with those. */
export function isWholeHourZone(timeZone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(timeZone)) return false;
  try {
    const [winter, summer] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)];
    return offsetMs(timeZone, winter) % HOUR_MS === 0 && offsetMs(timeZone, summer) % HOUR_MS === 0;
  } catch {
    return false;
  }
}

/** The instant at which a day (`2026-11-21`, some days later) begins in a zone. */
export function dayStart(day: string, timeZone: string, daysLater = 0): Date {
  const utc = Date.parse(`${day}T00:00:00Z`) + daysLater * 24 * HOUR_MS;
  const about = utc - offsetMs(timeZone, utc);
  return new Date(utc - offsetMs(timeZone, about));
}

/** The day that it is in a zone. */
export const dayOf = (at: Date, timeZone: string): string =>
  new Date(at.getTime() + offsetMs(timeZone, at.getTime())).toISOString().slice(0, 10);
