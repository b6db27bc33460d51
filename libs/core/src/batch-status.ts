import type { RecipientStatus } from './recipient-status.js';

/**
 * The life of a batch, which is a contiguous range of recipients that goes to a provider in one request. Each state
 * comes with its meaning and the states that may follow it. This table is the only authority: a move that is not in it
 * cannot be written (libs/database/src/batches/transitions.sql.ts).
 */
export const batchStates = {
  held: {
    meaning: 'The batch is not sent until its message is released.',
    next: ['scheduled', 'queued', 'settled', 'cancelled', 'expired'],
  },
  scheduled: {
    meaning: 'The batch is waiting for the `sendAt` of its message.',
    next: ['queued', 'dispatching', 'unconfirmed', 'settled', 'cancelled', 'expired'],
  },
  queued: {
    meaning: 'The batch is due and is waiting for a worker.',
    next: ['dispatching', 'unconfirmed', 'settled', 'failed', 'cancelled', 'expired'],
  },
  deferred: {
    meaning:
      'The batch cannot be sent at the moment; it is tried again at `nextAttemptAt`, or when its account sends again.',
    next: ['queued', 'dispatching', 'unconfirmed', 'settled', 'failed', 'cancelled', 'expired'],
  },
  dispatching: {
    meaning: 'A worker holds the batch under a lease and may be sending it.',
    next: ['queued', 'deferred', 'unconfirmed', 'submitted', 'settled', 'failed', 'replanned'],
  },
  unconfirmed: {
    meaning:
      'A request was sent and its answer never arrived; the gateway asks the provider before it sends anything again.',
    next: ['queued', 'submitted', 'failed', 'expired', 'replanned'],
  },
  submitted: {
    meaning: 'The provider accepted the request and returned a request id.',
    next: ['sending', 'settled', 'failed', 'cancelled', 'expired'],
  },
  sending: {
    meaning: 'The provider has started to send.',
    next: ['settled', 'failed', 'cancelled', 'expired'],
  },
  settled: {
    meaning: 'No further status is expected for the recipients of the batch, apart from opens and late bounces.',
    next: [],
  },
  failed: { meaning: 'The batch was refused or could not be sent, and is not sent again.', next: [] },
  cancelled: { meaning: 'The caller or the provider cancelled the batch.', next: [] },
  expired: {
    meaning:
      'The time limit `EXPIRE_MS` ended before a provider accepted the batch, a look-up was answered, or a final status was reported.',
    next: [],
  },
  replanned: {
    meaning:
      'Smaller batches replace this one, because another account takes over, a refused recipient has to be isolated, or the provider took only some of the recipients for now.',
    next: [],
  },
} as const;

export type BatchStatus = keyof typeof batchStates;

export const batchStatuses = Object.keys(batchStates) as readonly BatchStatus[];

/** May a batch go from one state to the other? */
export const mayMove = (from: BatchStatus, to: BatchStatus): boolean =>
  (batchStates[from].next as readonly BatchStatus[]).includes(to);

type Statuses = readonly BatchStatus[];

/** A new batch is in one of these. One whose recipients all have a state of their own begins as `settled`. */
export const initialBatchStatuses = ['held', 'scheduled', 'queued', 'settled'] as const satisfies Statuses;

/** The status of the batches of a new message that is to be sent at some time, or is held. */
export function firstBatchStatus(message: { readonly hold: boolean; readonly sendAt?: Date | null }) {
  if (message.hold) return 'held';
  return (message.sendAt ?? null) === null ? 'queued' : 'scheduled';
}

/** The batch waits for its release: no sweep looks at it before it expires. */
export const heldBatchStatuses = ['held'] as const satisfies Statuses;

/** No provider and no worker has the batch: it can be claimed, cancelled or expired. */
export const waitingBatchStatuses = ['scheduled', 'queued', 'deferred'] as const satisfies Statuses;

/** Due now or later for a reason other than the caller's wish. */
export const delayedBatchStatuses = ['queued', 'deferred'] as const satisfies Statuses;

/** `nextAttemptAt` says when the batch is sent, or looked up, next. */
export const timedBatchStatuses = [...waitingBatchStatuses, 'unconfirmed'] as const satisfies Statuses;

/** A request may be out. Only the holder of the current lease token may write what became of it. */
export const outBatchStatuses = ['dispatching', 'unconfirmed'] as const satisfies Statuses;

/** A provider has accepted the request and is asked about it. */
export const takenBatchStatuses = ['submitted', 'sending'] as const satisfies Statuses;

/** A provider has accepted the request, whether or not it is still under way. */
export const followedBatchStatuses = [...takenBatchStatuses, 'settled'] as const satisfies Statuses;

/** The end: no move leads out of these. */
export const endBatchStatuses = ['settled', 'failed', 'cancelled', 'expired', 'replanned'] as const satisfies Statuses;

/** The end without a request that a provider is known to have. */
export const unsentBatchStatuses = ['failed', 'cancelled', 'expired', 'replanned'] as const satisfies Statuses;

/**
 * The status of a recipient that has none of its own, from the status of its batch. A recipient row is written when the
 * message is accepted, and then only when the provider reports something about that very recipient.
 */
export function inheritedStatus(batch: BatchStatus): RecipientStatus {
  switch (batch) {
    case 'settled':
      return 'sending';
    case 'replanned':
      return 'queued';
    default:
      return batch;
  }
}
