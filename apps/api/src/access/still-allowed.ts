import { GatewayProblem } from '@gateway/core';
import type { FastifyRequest } from 'fastify';
import { rulesFor } from '../http/route-rules.js';
import { bearerKey, expectScope, ownerOf, unauthorized } from './access.js';
import type { Callers } from './callers.js';

/**
 * For a request that takes long: its key or session may have ended since it began, lost the scope, or been bound to
 * other networks; a session may look at another client.
 * @throws GatewayProblem `unauthorized`, `forbidden`.
 */
export async function expectStillAllowed(callers: Callers, request: FastifyRequest): Promise<void> {
  const rules = rulesFor(request);
  if (rules.inbound === true || rules.scope === undefined) return;
  const owner = await callers.ownerOf(request, bearerKey(request.headers.authorization));
  if (owner === undefined || !callers.mayComeFrom(request, owner)) throw unauthorized();
  if (owner.clientId !== ownerOf(request).clientId) throw unauthorized();
  expectScope(owner, rules.scope, rules);
}

/** A long answer breaks off with the key or the session, so that a part of it does not look like the whole. */
export async function* whileAllowed<T>(
  callers: Callers,
  request: FastifyRequest,
  chunks: AsyncIterable<T>,
): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    await expectStillAllowed(callers, request);
    yield chunk;
  }
}

/** The same for a stream that has no end of its own: it ends in good order. */
export async function* endedWithKey<T>(
  callers: Callers,
  request: FastifyRequest,
  chunks: AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* whileAllowed(callers, request, chunks);
  } catch (error) {
    if (!(error instanceof GatewayProblem)) throw error;
  }
}
