import { isFinal, type EmailProvider, type PollResult, type RecipientStatus } from '@gateway/core';
import type { BatchRow, NextPoll } from '@gateway/database';
import type { Timing } from '../../shared/timing.js';
import { aftercareMs, nextPollMs } from './poll-schedule.js';

/** A batch as the reports have left it, and what its poll said of the whole. */
export interface PolledBatch {
  readonly batch: BatchRow;
  readonly provider: EmailProvider;
  readonly result: PollResult;
  /** How long it took to ask. */
  readonly tookMs: number;
  readonly now: Date;
}

/** How a batch stands after a poll, and when its provider is asked again. */
export function nextPoll(polled: PolledBatch, timing: Timing): NextPoll {
  const { batch, result } = polled;
  if (!batch.ofList) return nextOfKnown(polled, timing);
  const listed = batch.listed || result.listed === true;
  const { cursor, ended } = result;
  if (ended !== undefined && batch.settledAt === null) return { status: ended, cursor, listed };
  // Nothing open among those who are known says nothing of the others.
  return listed ? { ...nextOfKnown(polled, timing), listed } : nextOfOpen(polled, timing);
}

function nextOfKnown(polled: PolledBatch, timing: Timing): NextPoll {
  const { batch, now } = polled;
  const nothingOpen = batch.followerCount === 0 && msBetween(batch.submittedAt, now) >= timing.sentFinalMs;
  return nothingOpen || allFinal(batch) ? aftercare(polled, timing) : nextOfOpen(polled, timing);
}

function nextOfOpen({ batch, provider, result, tookMs, now }: PolledBatch, timing: Timing): NextPoll {
  const { cursor, begun, moved, retryAfterMs = 0 } = result;
  const ageMs = msBetween(batch.submittedAt, now);
  if (ageMs >= timing.expireMs) return { status: 'expired', cursor };
  const status = begun || batch.status === 'sending' ? 'sending' : 'submitted';
  const delayMs = provider.poll
    ? Math.max(
        nextPollMs(ageMs, { moved, tookMs, recipientCount: batch.recipientCount }, timing, provider),
        retryAfterMs,
      )
    : untilNextEndMs(ageMs, timing);
  return { status, cursor, delayMs };
}

/** Opens and late bounces arrive after all recipients are final; only some providers report them. */
function aftercare({ batch, provider, result: { cursor }, now }: PolledBatch, timing: Timing): NextPoll {
  const settledMs = batch.settledAt === null ? 0 : msBetween(batch.settledAt, now);
  const { openTracking } = provider.capabilities.features;
  const delayMs = openTracking && provider.poll ? aftercareMs(settledMs, timing) : undefined;
  return { status: 'settled', cursor, ...(delayMs !== undefined && { delayMs }) };
}

/** An account that reports by itself is not polled; only time limits are checked. */
const untilNextEndMs = (ageMs: number, { sentFinalMs, expireMs }: Timing): number =>
  (ageMs < sentFinalMs ? Math.min(sentFinalMs, expireMs) : expireMs) - ageMs;

const msBetween = (time: Date | null, now: Date): number => now.getTime() - (time?.getTime() ?? 0);

const allFinal = ({ followerCount, counts }: BatchRow): boolean =>
  followerCount === 0 && Object.entries(counts).every(([status, n]) => n === 0 || isFinal(status as RecipientStatus));
