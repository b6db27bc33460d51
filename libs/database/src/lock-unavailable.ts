const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/** Was a lock not to be had, or only by a deadlock? Whatever wanted it may try again. */
export const isLockUnavailable = (error: unknown): boolean =>
  [LOCK_NOT_AVAILABLE, DEADLOCK].includes((error as { readonly code?: string } | null)?.code ?? '');
