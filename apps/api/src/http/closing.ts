import type { Server } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const closing = new WeakSet<object>();

/** Is the process about to stop? Then long waits should end. */
export const isClosing = (request: FastifyRequest): boolean => closing.has(request.server.server);

/**
 * Ends a caller's connection with its answer while the server closes: kept alive, it would hold the process until its
 * deadline.
 */
export function installClosing(fastify: FastifyInstance): void {
  const server: Server = fastify.server;
  fastify.addHook('preClose', async () => void closing.add(server));
  fastify.addHook('onSend', async (_request, reply) => {
    if (closing.has(server)) void reply.header('connection', 'close');
  });
}
