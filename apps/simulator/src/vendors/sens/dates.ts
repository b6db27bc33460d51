import { lastOf, type Query } from '../../http/query.js';
import { epochOf } from '../../http/vendor-time.js';
import { invalid } from './errors.js';
import type { SensSettings } from './settings.js';

const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|([+-])(\d{2}):?(\d{2}))$/;

/** Epoch ms of an ISO 8601 time with offset (sens.md §1.6). @throws SensError for anything else. */
export function parseIso(text: string, field: string): number {
  const parts =
    ISO.exec(text)
      ?.slice(1)
      .map((part) => part ?? '') ?? [];
  const [year, month, day, hour, minute, second, fraction = ''] = parts;
  const millis = fraction.padEnd(3, '0').slice(0, 3);
  const at = epochOf([year, month, day, hour, minute, second, millis].map(Number), offsetOf(parts.slice(8)));
  if (parts.length === 0 || at === undefined) throw invalid(field, 'must be ISO 8601 with an offset');
  return at;
}

/** Minutes; nothing is UTC. */
function offsetOf([sign, hours, minutes]: readonly string[]): number {
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -size : size;
}

/** A required end of a period. */
export function readMoment(query: Query, name: string): number {
  const text = lastOf(query, name);
  if (text === undefined) throw invalid(name, 'is required');
  return parseIso(text, name);
}

/** `2026-11-20T10:00:00+09:00` */
export function writeIso(epochMs: number, { utcOffsetMinutes: offset, dates }: SensSettings): string {
  const local = new Date(epochMs + offset * 60_000).toISOString();
  const clock = dates === 'milliseconds' ? local.slice(0, 23) : local.slice(0, 19);
  const size = Math.abs(offset);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${clock}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
