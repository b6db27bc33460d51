import type { CheckFinding } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';

/** Two clocks of a second each, and the way between them. */
const UNNOTICED_MS = 3000;

/**
 * How far the clock here is from the provider's, by the `Date` of an answer.
 * @param toleranceMs from which difference on the provider refuses requests; absent: it does not look at the time.
 */
export function clockFinding(answer: HttpResponse, now: Date, toleranceMs = Infinity): CheckFinding {
  const subject = 'clock';
  const theirs = Date.parse(answer.headers['date'] ?? '');
  if (Number.isNaN(theirs)) return { subject, outcome: 'ok', detail: 'the answer has no date to compare with' };
  const apartMs = now.getTime() - theirs;
  if (Math.abs(apartMs) <= UNNOTICED_MS) return { subject, outcome: 'ok', detail: "agrees with the provider's" };
  const side = apartMs > 0 ? 'ahead of' : 'behind';
  const detail = `is ${Math.round(Math.abs(apartMs) / 1000)} s ${side} the provider's`;
  const advice = 'synchronise the clock of this machine (NTP)';
  return Math.abs(apartMs) * 2 > toleranceMs
    ? { subject, outcome: 'fault', detail: `${detail}, which refuses ${toleranceMs / 1000} s and more`, advice }
    : { subject, outcome: 'warning', detail, advice };
}
