import type { TrackedRequest } from '@gateway/core';
import { z } from 'zod';

const MINUTE_MS = 60_000;
/** Recipients up to which a request's mails are read whenever its counts change. */
const SMALL = 1000;
/** A larger request is read when this share of it has ended since the last walk, or after `WALK_EVERY_MS`. */
const STEP = 0.1;
const WALK_EVERY_MS = 10 * MINUTE_MS;
/** Up to this many failures are explained at every walk, one request each; more when they have doubled. */
const FEW_FAILURES = 100;
const EXPLAIN_EVERY_MS = 60 * MINUTE_MS;

/** A request at one moment, by its counters. */
export interface Standing {
  /** Has the vendor begun to send? */
  readonly begun: boolean;
  /** Are all its mails known? Then `mails` is their number, where the vendor says it. */
  readonly prepared: boolean;
  readonly mails: number | undefined;
  /** Everything that can change, as text. */
  readonly counts: string;
  /** The part of it that is news about a recipient; empty: none. */
  readonly news: string;
  readonly finished: number;
  /** Mails that failed, or at most those that may have. */
  readonly failures: number;
  readonly over: boolean;
}

/** State of a request that the last walk through its mails has reported, and when. Times in milliseconds since 1970. */
const toldSchema = z.object({
  counts: z.string(),
  finished: z.number(),
  failures: z.number().default(0),
  walkedAt: z.number(),
  explainedAt: z.number().default(0),
});
type Told = z.output<typeof toldSchema>;

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

/** Decides whether enough moved to look through the mails. */
export function planWalk(standing: Standing, request: TrackedRequest, told: Told, now: number): WalkPlan {
  const { news, finished, over } = standing;
  const always = over || request.recipientCount <= SMALL;
  const step = finished - told.finished >= STEP * request.recipientCount;
  const moved = news !== told.counts && news !== '';
  const walk = moved && (always || step || now - told.walkedAt >= WALK_EVERY_MS);
  if (!walk) return { walk, explain: false, told };
  const explain = always || shouldExplain(standing.failures, told, now);
  return { walk, explain, told: toldBy(standing, told, explain, now) };
}

/**
 * Failures of a large request are explained while they are few, when they have doubled, once an hour and at the end:
 * all walks together fetch little more than each detail twice.
 */
const shouldExplain = (failures: number, told: Told, now: number): boolean =>
  failures <= FEW_FAILURES || failures >= 2 * told.failures || now - told.explainedAt >= EXPLAIN_EVERY_MS;

function toldBy({ news, finished, failures }: Standing, before: Told, explain: boolean, now: number): Told {
  const walked = { finished, walkedAt: now };
  if (!explain) return { ...before, ...walked, counts: `${news} unexplained` };
  return { ...walked, counts: news, failures, explainedAt: now };
}

export interface StatusCount {
  readonly status: string;
  readonly count: number;
}

/** Counts as text, by status: `F1 S12`. */
export const countsText = (counts: readonly StatusCount[]): string =>
  counts
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${status}${count}`)
    .sort()
    .join(' ');
