import { isInstant } from '../shared/wire.js';

const HOUR_MS = 3_600_000;
/** Korea has no summer time. */
const KST_MS = 9 * HOUR_MS;
const DATE = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?$/;

/** `yyyy-MM-dd HH:mm:ss` in Korean time, which NHN most likely means (2026-11, nhn.md §1: not documented). */
export const writeTime = (date: Date): string =>
  new Date(date.getTime() + KST_MS).toISOString().slice(0, 19).replace('T', ' ');

/** The instants that a time of NHN may mean: read as Korean time and as UTC. Empty when it is unreadable. */
export function possibleTimes(text: string | null | undefined): readonly Date[] {
  const match = DATE.exec(text?.trim() ?? '');
  if (match === null) return [];
  const utc = asUtc(match.slice(1).map((part) => Number(part ?? 0)));
  return [utc - KST_MS, utc].every(isInstant) ? [new Date(utc - KST_MS), new Date(utc)] : [];
}

const asUtc = ([year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0]: readonly number[]): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

/** The latest instant that a time of NHN may mean and that is not in the future; `undefined` when it is unreadable. */
export const latestTime = (text: string | null | undefined, now: Date): Date | undefined =>
  possibleTimes(text).findLast((time) => time.getTime() <= now.getTime()) ?? possibleTimes(text)[0];

/** Reads NHN's times in the right zone, derived from one whose instant is known approximately. */
export type TimeReader = (text: string | null | undefined) => Date | undefined;

/**
 * @param known a time of NHN, such as `requestDate`
 * @param about when that was, give or take some hours
 */
export function timeReader(known: string | null | undefined, about: Date): TimeReader {
  const [korean, utc] = possibleTimes(known);
  const isUtc = korean !== undefined && utc !== undefined && distance(utc, about) < distance(korean, about);
  return (text) => possibleTimes(text)[isUtc ? 1 : 0];
}

const distance = (a: Date, b: Date): number => Math.abs(a.getTime() - b.getTime());

/** How far the nearest meaning of a time lies outside of a window, in milliseconds; 0 inside, infinite if unreadable. */
export function outside(text: string | null | undefined, window: { readonly from: Date; readonly to: Date }): number {
  const off = (at: Date): number =>
    Math.max(0, window.from.getTime() - at.getTime(), at.getTime() - window.to.getTime());
  return Math.min(Infinity, ...possibleTimes(text).map(off));
}
