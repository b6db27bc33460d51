import { GatewayProblem } from '@gateway/core';
import type { DiskGuard } from '@gateway/platform';
import type { FastifyInstance } from 'fastify';

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
/** What makes less work, or none that lasts. */
const RELIEVES = /\/(?:cancel|pause|resume|preview)$/;
const RETRY_AFTER_SECONDS = 60;

/** Takes nothing new while the disk of the database is nearly full; what was accepted still goes out. */
export function installDiskGate(fastify: FastifyInstance, disk: Pick<DiskGuard, 'isFull'>): void {
  fastify.addHook('onRequest', async ({ method, url }) => {
    const [path = ''] = url.split('?');
    if (!WRITES.has(method) || !path.startsWith('/v1/') || RELIEVES.test(path) || !(await disk.isFull())) return;
    throw new GatewayProblem('overloaded', 'The disk of the database is nearly full; nothing new is taken.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  });
}
