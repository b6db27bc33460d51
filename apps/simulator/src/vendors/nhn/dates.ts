import { epochOf, formatDateTime } from '../../http/vendor-time.js';
import type { NhnSettings } from './settings.js';
import { NhnError } from './envelope.js';

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})(?::(\d{2}))?$/;

/** Epoch ms of `yyyy-MM-dd HH:mm[:ss]`; every GET sample comes without seconds (nhn.md §1). Throws -2000. */
export function readDate(text: string, field: string, settings: NhnSettings): number {
  const match = DATE_TIME.exec(text);
  const at = match
    ? epochOf(
        match.slice(1).map((part) => Number(part ?? 0)),
        settings.utcOffsetMinutes,
      )
    : undefined;
  if (at === undefined) {
    throw new NhnError(-2000, `Invalid date format. ${field}: ${text}. format: yyyy-MM-dd HH:mm:ss`);
  }
  return at;
}

/** `yyyy-MM-dd HH:mm:ss` in the zone of the settings, or null. */
export const writeDate = (epochMs: number | null, settings: NhnSettings): string | null =>
  epochMs === null ? null : formatDateTime(epochMs, settings.utcOffsetMinutes);

/** `yyyy-MM-dd HH:mm:ss.S`, as categories, templates, tag mails and the block list write it. */
export const writeStamp = (epochMs: number, settings: NhnSettings): string =>
  `${formatDateTime(epochMs, settings.utcOffsetMinutes)}.0`;

const AHEAD_MS = 60 * 86_400_000;

/** The reserved time, null without one. Throws -2031 for the past, -2052 beyond 60 days (nhn.md §2.5). */
export function readRequestDate(text: string | null, now: number, settings: NhnSettings): number | null {
  if (text === null || text === '') return null;
  const at = readDate(text, 'requestDate', settings);
  if (at < now - settings.pastToleranceMs) throw new NhnError(-2031, 'requestDate is in the past.');
  if (at > now + AHEAD_MS) throw new NhnError(-2052, 'requestDate is more than 60 days ahead.');
  return at;
}
