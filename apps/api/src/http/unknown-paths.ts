import { GatewayProblem } from '@gateway/core';
import type { FastifyInstance } from 'fastify';

/**
 * Answers a request that matches no route before its body is read. The filter turns the answer into `405` where the
 * path takes another method.
 */
export function installUnknownPaths(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request) => {
    if (request.is404) throw new GatewayProblem('not_found', 'There is nothing at this path.');
  });
}
