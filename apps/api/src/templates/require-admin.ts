import { GatewayProblem } from '@gateway/core';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';

/** What stands at an account belongs to all clients. */
export function requireAdmin(request: FastifyRequest): void {
  if (ownerOf(request).scopes.includes('admin')) return;
  throw new GatewayProblem('forbidden', 'A backup of an account holds the templates of all: it needs an admin key.');
}
