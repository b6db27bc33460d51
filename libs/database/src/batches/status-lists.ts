import {
  delayedBatchStatuses,
  endBatchStatuses,
  followedBatchStatuses,
  takenBatchStatuses,
  timedBatchStatuses,
  unsentBatchStatuses,
  waitingBatchStatuses,
  type BatchStatus,
} from '@gateway/core';

/** A set of states as SQL, for `status IN …`. */
export const sqlList = (statuses: readonly BatchStatus[]): string =>
  `(${statuses.map((status) => `'${status}'`).join(', ')})`;

// The sets of core. PostgreSQL uses a partial index only where it can prove its condition, so these are literals.
export const WAITING = sqlList(waitingBatchStatuses);
export const DELAYED = sqlList(delayedBatchStatuses);
/** The condition of the index `batch_due_idx`. */
export const TIMED = sqlList(timedBatchStatuses);
export const TAKEN = sqlList(takenBatchStatuses);
export const FOLLOWED = sqlList(followedBatchStatuses);
export const UNSENT = sqlList(unsentBatchStatuses);
export const ENDED = sqlList(endBatchStatuses);
