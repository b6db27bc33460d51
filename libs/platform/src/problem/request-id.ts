import type { IncomingMessage } from 'node:http';
import { newUuid } from '../clock/uuid.js';

export const REQUEST_ID_HEADER = 'x-request-id';

const sensible = /^[A-Za-z0-9._:-]{1,128}$/;

/** The caller's `X-Request-Id` when it is sensible (1–128 letters, digits, `. _ : -`), else a new one. */
export const requestIdOf = (request: Pick<IncomingMessage, 'headers'>): string => {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && sensible.test(given) ? given : newUuid();
};
