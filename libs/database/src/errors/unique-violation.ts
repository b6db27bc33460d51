import { sqlStateOf } from './sql-state.js';

const UNIQUE_VIOLATION = '23505';

/** Did this fail because the value of a unique index is taken? */
export const isUniqueViolation = (error: unknown): boolean => sqlStateOf(error) === UNIQUE_VIOLATION;
