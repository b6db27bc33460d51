import type { HttpResponse } from '@gateway/platform';
import { retryAfterMs } from '../shared/answer.js';

/** A longer one is a mistake: a request would not be followed, or an account not be used, until somebody notices. */
const LONGEST_MS = 3_600_000;

/** `retry-after` in milliseconds, at most an hour. Get request names with it when to ask again (sens.md §3). */
export function pauseMs({ headers }: Pick<HttpResponse, 'headers'>, now: Date): number | undefined {
  const pause = retryAfterMs(headers, now);
  return pause === undefined ? undefined : Math.min(pause, LONGEST_MS);
}
