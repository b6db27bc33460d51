import { sqlStateOf } from './sql-state.js';

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';
const CANCELLED = '57014';

/** Did a statement fail because a lock was not available, or because of a deadlock? It may be tried again. */
export const isLockUnavailable = (error: unknown): boolean =>
  [LOCK_NOT_AVAILABLE, DEADLOCK].includes(sqlStateOf(error));

/** Was this transaction rolled back because it and another one waited for each other? */
export const isDeadlock = (error: unknown): boolean => sqlStateOf(error) === DEADLOCK;

/** Was a statement ended by a limit of its session, or by a deadlock? Nothing was done; later it may work. */
export const isDatabaseBusy = (error: unknown): boolean => isLockUnavailable(error) || sqlStateOf(error) === CANCELLED;
