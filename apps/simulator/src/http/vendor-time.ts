const two = (value: number): string => String(value).padStart(2, '0');

/** `yyyy-MM-dd HH:mm:ss` of an instant at an offset from UTC in minutes. */
export function formatDateTime(epochMs: number, offsetMinutes: number): string {
  return new Date(epochMs + offsetMinutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Epoch ms of a wall-clock time, or undefined if the calendar has no such moment. */
export function epochOf(parts: readonly number[], offsetMinutes: number): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0] = parts;
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, milli);
  const wall = `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
  if (Number.isNaN(utc) || formatDateTime(utc, 0) !== wall) return undefined;
  return utc - offsetMinutes * 60_000;
}

/** `+09:00` */
export function offsetText(minutes: number): string {
  const part = (value: number): string => two(Math.trunc(Math.abs(value)));
  return `${minutes < 0 ? '-' : '+'}${part(minutes / 60)}:${part(minutes % 60)}`;
}
