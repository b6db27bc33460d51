import { GatewayProblem } from '@gateway/core';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from './access.js';
import { isGatewayAdmin } from './may.js';

/**
 * For the part of a call that shows or changes what belongs to all clients, while the rest of it concerns the caller's
 * own. @param why completes the refusal: a sentence.
 */
export function requireAdmin(request: FastifyRequest, why: string): void {
  if (isGatewayAdmin(ownerOf(request))) return;
  throw new GatewayProblem(
    'forbidden',
    `${why} This needs a key with the scope "admin" that belongs to client "default".`,
  );
}
