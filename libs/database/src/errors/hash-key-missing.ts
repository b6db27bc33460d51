import { sqlStateOf } from './sql-state.js';

/** Raised by `erased_keys()`. */
const HASH_KEY_MISSING = 'GE001';

/** Does this process lack a key on which suppressions of erased addresses depend? Nothing was done. */
export const isHashKeyMissing = (error: unknown): error is Error => sqlStateOf(error) === HASH_KEY_MISSING;
