import { sqlStateOf } from './sql-state.js';

const UNIQUE_VIOLATION = '23505';

/** Did this fail because the value of a unique index is taken? */
export const isUniqueViolation = (error: unknown): boolean => sqlStateOf(error) === UNIQUE_VIOLATION;

/** Did it fail because another batch has this id of a request at the provider? */
export const isRequestIdTaken = (error: unknown): boolean =>
  isUniqueViolation(error) && (error as { readonly constraint?: string }).constraint === 'batch_request_key';
