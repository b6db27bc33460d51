import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';

const LONGEST_SILENCE_MS = 30_000;

/**
 * Behind a streamed body stands an open transaction: an uploader who falls silent gives it up. Once the body is whole it
 * is the caller who waits, for as long as the work takes.
 */
export function giveUpOnSilence(request: FastifyRequest, payload: Readable, longestMs = LONGEST_SILENCE_MS): void {
  request.raw.setTimeout(longestMs, () => payload.destroy(new Error('the uploader fell silent')));
  payload.once('end', () => request.raw.setTimeout(0));
}
