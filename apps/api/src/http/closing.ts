import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const closing = new WeakSet<object>();

/** Is the process about to stop? Then long waits should end. */
export const isClosing = (request: FastifyRequest): boolean => closing.has(request.server.server);

/**
 * Ends a caller's connection with its answer while the server closes: kept alive, it would hold the process until its
 * deadline. So would one that a caller (or a proxy) has opened in advance: Node counts it as busy until its first request.
 */
export function installClosing(fastify: FastifyInstance): void {
  const server: Server = fastify.server;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  fastify.addHook('preClose', async () => {
    closing.add(server);
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  });
  fastify.addHook('onSend', async (_request, reply) => {
    if (closing.has(server)) void reply.header('connection', 'close');
  });
}
