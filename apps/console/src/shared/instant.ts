import type { Zone } from './time';

/** Neither zone changes its clocks. */
const OFFSETS: Readonly<Record<Zone, string>> = { 'Asia/Seoul': '+09:00', UTC: 'Z' };

/**
 * A time as operators write it: `2026-11-30`, `2026-11-30 14:05` in their zone, or with a zone of its own. Other text
 * stays as it is, so that the gateway explains the fault.
 */
export function instantOf(text: string, zone: Zone): string {
  const [, date, time = '00:00'] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?$/.exec(text.trim()) ?? [];
  const written = date === undefined ? text.trim() : `${date}T${time}${OFFSETS[zone]}`;
  const at = Date.parse(written);
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}
