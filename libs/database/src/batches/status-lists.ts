import {
  delayedBatchStatuses,
  endBatchStatuses,
  followedBatchStatuses,
  takenBatchStatuses,
  unsentBatchStatuses,
  waitingBatchStatuses,
  type BatchStatus,
} from '@gateway/core';

/** A set of states as SQL, for `status IN …`. */
export const sqlList = (statuses: readonly BatchStatus[]): string =>
  `(${statuses.map((status) => `'${status}'`).join(', ')})`;

// The sets of core. PostgreSQL uses a partial index only where it can prove its condition, so these are literals.
/** The condition of the index `batch_waiting_idx`. */
export const WAITING = sqlList(waitingBatchStatuses);
/** The condition, besides `WAITING`, of the index `batch_put_off_idx`: they were tried or held back. */
export const PUT_OFF = `next_attempt_at - due_at > interval '1 s'`;
export const DELAYED = sqlList(delayedBatchStatuses);
export const TAKEN = sqlList(takenBatchStatuses);
export const FOLLOWED = sqlList(followedBatchStatuses);
export const UNSENT = sqlList(unsentBatchStatuses);
export const ENDED = sqlList(endBatchStatuses);
