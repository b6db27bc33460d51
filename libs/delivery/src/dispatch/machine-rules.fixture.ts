import type { BatchRow, Failover } from '@gateway/database';
import { newUuid } from '@gateway/platform';

/** One post, as the provider saw it. `undecided`: it is under way, nobody knows what will become of it. */
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

export type Refusal = 'moment' | 'account' | 'batch';

/** Nothing has to be waited for: what the settling time is for, the model does by deciding posts at a look-up. */
export const TIMING = {
  ...{ pollIntervalMs: 0, recoveryIntervalMs: 0, providerTimeoutMs: 0, settleMs: 0, leaseMs: 0, retryBaseMs: 1 },
  ...{ retryMaxMs: 1, breakerFailures: 1, sentFinalMs: 1, expireMs: 1 },
};

/** Which statuses may follow which, as in docs/architecture.md; each step may make several of these moves. */
export const NEXT: Readonly<Record<string, readonly string[]>> = {
  queued: ['dispatching', 'cancelled', 'expired', 'failed'],
  deferred: ['queued', 'dispatching', 'cancelled', 'expired', 'failed'],
  dispatching: ['submitted', 'deferred', 'failed', 'unconfirmed', 'queued', 'replanned'],
  unconfirmed: ['submitted', 'queued', 'failed'],
  submitted: ['sending', 'settled', 'expired'],
  sending: ['settled', 'expired'],
};

export const overlap = (one: BatchRow, other: BatchRow): boolean =>
  one.positionFrom <= other.positionTo && other.positionFrom <= one.positionTo;

export function reachable(from: string): ReadonlySet<string> {
  const found = new Set([from]);
  for (const status of found) for (const next of NEXT[status] ?? []) found.add(next);
  return found;
}

/** Another account takes one recipient at a time. Nobody moves back. */
export function elsewhere(batch: BatchRow): Failover | undefined {
  if (batch.provider !== 'first') return undefined;
  const positions = Array.from({ length: batch.positionTo - batch.positionFrom + 1 }, (_, n) => batch.positionFrom + n);
  const children = positions.map((position) => ({ id: newUuid(), from: position, to: position }));
  return { from: 'first', to: 'second', reason: 'throttled', detail: '', children };
}
