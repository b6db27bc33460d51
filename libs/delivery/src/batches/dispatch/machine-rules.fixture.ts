import { batchStates, type BatchStatus } from '@gateway/core';
import type { BatchRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { Failover } from './failover.js';

/** One post, as the provider saw it. `undecided`: it is in flight, and its fate is not known yet. */
export interface Post {
  readonly marker: string;
  readonly batch: BatchRow;
  fate: 'undecided' | 'taken' | 'refused' | 'lost';
}

/** A worker that has claimed a batch, as long as it lives; what it believes may be long out of date. */
export interface Worker {
  readonly batch: BatchRow;
  post: Post | undefined;
}

export interface MachineBatch {
  readonly id: string;
  readonly status: BatchStatus;
  readonly from: number;
  readonly to: number;
}

export const isIn = (statuses: readonly BatchStatus[], status: BatchStatus): boolean => statuses.includes(status);

export type Refusal = 'moment' | 'account' | 'batch';

/** No waits: instead of a settling time, the model decides the fate of posts at a look-up. */
export const TIMING = {
  pollIntervalMs: 0,
  recoveryIntervalMs: 0,
  providerTimeoutMs: 0,
  settleMs: 0,
  leaseMs: 0,
  retryBaseMs: 1,
  retryMaxMs: 1,
  breakerFailures: 1,
  sentFinalMs: 1,
  expireMs: 3_600_000,
};

export const overlap = (one: BatchRow, other: BatchRow): boolean =>
  one.positionFrom <= other.positionTo && other.positionFrom <= one.positionTo;

/** By the table of core; each step may make several of its moves. */
export function reachable(from: BatchStatus): ReadonlySet<BatchStatus> {
  const found = new Set([from]);
  for (const status of found) for (const next of batchStates[status].next) found.add(next);
  return found;
}

/** Another account takes one recipient at a time. No batch moves back. */
export function elsewhere(batch: BatchRow): Failover | undefined {
  if (batch.provider !== 'first') return undefined;
  const positions = Array.from({ length: batch.positionTo - batch.positionFrom + 1 }, (_, n) => batch.positionFrom + n);
  const children = positions.map((position) => ({ id: newUuid(), from: position, to: position }));
  return { from: 'first', to: 'second', reason: 'throttled', detail: '', children };
}
