import type { RecipientStatus } from './recipient-status.js';

/**
 * The life of a batch: one contiguous range of recipients that goes to a provider in one request.
 *
 * - `scheduled` waits for its time; `queued` waits for a worker; `deferred` waits for `nextAttemptAt`.
 * - `dispatching`: a worker holds it under a lease and may be posting it.
 * - `unconfirmed`: a request may have reached the provider; it is looked up before anything is sent again.
 * - `submitted`: the provider gave a request id, its recipients are followed; `sending`: the provider has begun.
 *   `settled`: nothing more is expected.
 * - `failed`, `cancelled`, `expired`, `replanned`: the batch will never be sent (replanned: its children will).
 */
export const batchStatuses = [
  'scheduled',
  'queued',
  'deferred',
  'dispatching',
  'unconfirmed',
  'submitted',
  'sending',
  'settled',
  'failed',
  'cancelled',
  'expired',
  'replanned',
] as const;

export type BatchStatus = (typeof batchStatuses)[number];

/** Batches whose request a provider has accepted and that are followed. */
export const trackedBatchStatuses = ['submitted', 'sending'] as const satisfies readonly BatchStatus[];

/** Batches that no provider has accepted and no worker is posting: these can be cancelled. */
export const cancellableBatchStatuses = ['scheduled', 'queued', 'deferred'] as const satisfies readonly BatchStatus[];

/**
 * What a recipient without a state of its own is, given its batch. A recipient row is written once at accept and then
 * only when the provider says something about that very recipient; until then it follows its batch.
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
