import type { TrackedRequest } from '@gateway/core';
import { z } from 'zod';
import { isSilent, needsDetail } from './ncp.status.js';
import type { RequestStatus } from '../ncp.wire.js';

const MINUTE_MS = 60_000;
/** Recipients up to which a request's mails are read whenever its counts change. */
const SMALL = 1000;
/** A larger request is read when this share of it has ended since the last walk, or after `WALK_EVERY_MS`. */
const STEP = 0.1;
const WALK_EVERY_MS = 10 * MINUTE_MS;
/** Up to this many failures are explained at every walk, one request each; more when they have doubled. */
const FEW_FAILURES = 100;
const EXPLAIN_EVERY_MS = 60 * MINUTE_MS;

/** State of a request that the last walk through its mails has reported, and when. Times in milliseconds since 1970. */
const toldSchema = z.object({
  counts: z.string(),
  finished: z.number(),
  failures: z.number(),
  walkedAt: z.number(),
  explainedAt: z.number(),
});
export type Told = z.output<typeof toldSchema>;

/** State that a poll keeps for the next one. */
export const cursorSchema = z.object({ counts: z.string(), told: toldSchema });
export type Cursor = z.output<typeof cursorSchema>;

export const beginning = ({ acceptedAt }: TrackedRequest): Cursor => {
  const at = acceptedAt.getTime();
  return { counts: '', told: { counts: '', finished: 0, failures: 0, walkedAt: at, explainedAt: at } };
};

export interface WalkPlan {
  readonly walk: boolean;
  /** Fetch the details of failures this time? Else they are left for a later walk. */
  readonly explain: boolean;
  /** The state that will have been reported once the walk is complete. */
  readonly told: Told;
}

/** Decides whether the counters moved enough to look through the mails. */
export function planWalk(status: RequestStatus, request: TrackedRequest, told: Told, now: number): WalkPlan {
  const finished = isFinished(status);
  const counts = `${countsText(status, (code) => !isSilent(code))}${finished ? ' finished' : ''}`;
  const always = finished || request.recipientCount <= SMALL;
  const step = status.finishCount - told.finished >= STEP * request.recipientCount;
  const news = counts !== told.counts && counts !== '';
  const walk = news && (always || step || now - told.walkedAt >= WALK_EVERY_MS);
  if (!walk) return { walk, explain: false, told };
  const explain = always || shouldExplain(failuresOf(status), told, now);
  return { walk, explain, told: toldBy({ status, counts, explain, now }, told) };
}

const isFinished = ({ readyCompleted, requestCount, finishCount }: RequestStatus): boolean =>
  readyCompleted && requestCount > 0 && finishCount >= requestCount;

/**
 * Failures of a large request are explained while they are few, when they have doubled, once an hour and at the end:
 * all walks together fetch little more than each detail twice.
 */
const shouldExplain = (failures: number, told: Told, now: number): boolean =>
  failures <= FEW_FAILURES || failures >= 2 * told.failures || now - told.explainedAt >= EXPLAIN_EVERY_MS;

interface Walk {
  readonly status: RequestStatus;
  readonly counts: string;
  readonly explain: boolean;
  readonly now: number;
}

function toldBy({ status, counts, explain, now }: Walk, before: Told): Told {
  const walked = { finished: status.finishCount, walkedAt: now };
  if (!explain) return { ...before, ...walked, counts: `${counts} unexplained` };
  return { ...walked, counts, failures: failuresOf(status), explainedAt: now };
}

/** Counts as text, by status: `F1 S12`. */
export const countsText = (status: RequestStatus, counted: (code: string) => boolean): string =>
  status.countsByStatus
    .filter((each) => counted(each.status) && each.count > 0)
    .map((each) => `${each.status}${each.count}`)
    .sort()
    .join(' ');

const failuresOf = (status: RequestStatus): number =>
  status.countsByStatus.filter((each) => needsDetail(each.status)).reduce((sum, each) => sum + each.count, 0);
