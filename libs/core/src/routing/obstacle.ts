import type { FieldErrorCode } from '../problem.js';

/** Why an account can't send a message: a sentence for the caller, and the field that it is about. */
export interface Obstacle {
  readonly detail: string;
  readonly pointer: string;
  readonly line?: number;
  readonly code: FieldErrorCode;
}
