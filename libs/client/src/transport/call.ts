import type { Expected } from './answer.js';
import type { Body } from './body.js';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Encoded, with its query. */
  readonly path: string;
  readonly body?: Body | undefined;
  /** JSON unless said. */
  readonly expected?: Expected;
  readonly accept?: string;
}
