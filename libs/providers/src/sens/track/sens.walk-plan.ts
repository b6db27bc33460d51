import type { TrackedRequest } from '@gateway/core';
import { z } from 'zod';
import type { RequestAnswer } from '../sens.wire.js';
import { isPreparing, isSilent, isTerminal } from './sens.status.js';

const MINUTE_MS = 60_000;
/** Recipients up to which a request's mails are read whenever its counts change. */
const SMALL = 1000;
/** A larger request is read when this share of it has ended since the last walk, or after `WALK_EVERY_MS`. */
const STEP = 0.1;
const WALK_EVERY_MS = 10 * MINUTE_MS;

/** State of a request that the last walk through its mails has reported, and when (ms since 1970). */
const toldSchema = z.object({ counts: z.string(), finished: z.number(), walkedAt: z.number() });
type Told = z.output<typeof toldSchema>;

/** State that a poll keeps for the next one. */
export const cursorSchema = z.object({ counts: z.string(), told: toldSchema });
export type Cursor = z.output<typeof cursorSchema>;

export const beginning = ({ acceptedAt }: TrackedRequest): Cursor => ({
  counts: '',
  told: { counts: '', finished: 0, walkedAt: acceptedAt.getTime() },
});

/** A request at one moment, whichever of the members that are not documented in full its answer has. */
export interface Standing {
  /** Has SENS begun to send? */
  readonly begun: boolean;
  /** Everything that can change, as text. */
  readonly counts: string;
  /** The part of it that is news about a recipient; empty: none. */
  readonly news: string;
  readonly finished: number;
  readonly over: boolean;
}

export function standingOf(answer: RequestAnswer): Standing {
  const counts = (answer.countsByStatus ?? []).filter(({ count }) => count > 0);
  const status = answer.status ?? statusOfV1(answer);
  const ended = counts.filter((each) => !isSilent(each.status));
  const finished = answer.finishCount ?? ended.reduce((sum, { count }) => sum + count, 0);
  const over = isTerminal(status);
  return {
    begun: !isPreparing(status) || ended.length > 0,
    counts: `${status} ${textOf(counts)} ${finished}`,
    news:
      hasNews(status, finished) || ended.length > 0 ? `${over ? status : ''} ${textOf(ended)} ${finished}`.trim() : '',
    finished,
    over,
  };
}

/** Without counts by status, that of the whole and the number of finished mails are all there is to go by. */
const hasNews = (status: string, finished: number): boolean => !isSilent(status) || finished > 0;

const textOf = (counts: NonNullable<RequestAnswer['countsByStatus']>): string =>
  counts
    .map(({ status, count }) => `${status}${count}`)
    .sort()
    .join(' ');

const statusOfV1 = ({ readyCompleted, requestCount, finishCount }: RequestAnswer): string => {
  if (readyCompleted !== true) return 'PREPARING';
  return (requestCount ?? 0) > 0 && (finishCount ?? 0) >= (requestCount ?? 0) ? 'COMPLETED' : 'SENDING';
};

/** Decides whether enough moved to look through the mails. @returns the state that a walk will have reported. */
export function planWalk(standing: Standing, request: TrackedRequest, told: Told, now: number): Told | undefined {
  const { news, finished, over } = standing;
  if (news === '' || news === told.counts) return undefined;
  const always = over || request.recipientCount <= SMALL;
  const step = finished - told.finished >= STEP * request.recipientCount;
  if (!always && !step && now - told.walkedAt < WALK_EVERY_MS) return undefined;
  return { counts: news, finished, walkedAt: now };
}
