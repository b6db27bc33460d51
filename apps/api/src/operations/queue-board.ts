import { GatewayProblem } from '@gateway/core';
import { PROBLEM_MEDIA_TYPE, toProblemDocument, type HttpEdge } from '@gateway/platform';
import type { QueueBoard } from '@gateway/queue';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { expectAdmin } from '../access/admin.js';
import type { Callers } from '../access/callers.js';

export const BOARD_PATH = '/queues';

/** Bull Board at `/queues`, for keys with the scope `admin`. The hooks are of its routes, however a path is written. */
export async function installQueueBoard(
  fastify: FastifyInstance,
  deps: {
    readonly board: QueueBoard;
    readonly callers: Callers;
    readonly edge: HttpEdge;
  },
): Promise<void> {
  const { board, callers, edge } = deps;
  await fastify.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      try {
        await expectAdmin(request, callers);
        await board.ready().catch(queueAway);
      } catch (error) {
        // The board has an error handler of its own, which does not speak of problems.
        edge.filter.answer(error, request, reply);
        return reply;
      }
    });
    scope.addHook('onSend', async (request, reply, payload) => adapt(request, reply, payload));
    await scope.register(board.plugin, { prefix: BOARD_PATH });
  });
}

const queueAway = (cause: unknown): never => {
  throw new GatewayProblem('overloaded', 'The queue is not available at the moment.', { retryAfterSeconds: 5, cause });
};

const FOREIGN_LINK = /<link href="https?:[^>]*>\s*/g;

/** Adapts the board's answers to the gateway's: errors are problems, and pages load nothing from elsewhere. */
function adapt(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const type = String(reply.getHeader('content-type') ?? '');
  if (reply.statusCode >= 400 && !type.startsWith(PROBLEM_MEDIA_TYPE)) return problem(request, reply);
  if (!type.startsWith('text/html') || typeof payload !== 'string') return payload;
  // Its page names its own folder as the base of its links.
  const policy = String(reply.getHeader('content-security-policy')).replace("base-uri 'none'", "base-uri 'self'");
  void reply
    .header('content-security-policy', policy)
    .header('cache-control', 'no-store')
    .removeHeader('content-length');
  return payload.replace(FOREIGN_LINK, '');
}

function problem(request: FastifyRequest, reply: FastifyReply): string {
  const known = reply.statusCode < 500;
  const words = known ? 'This queue or job does not exist.' : 'The queue board failed.';
  const document = toProblemDocument(new GatewayProblem(known ? 'not_found' : 'internal_error', words), request.id);
  void reply.code(document.status).header('content-type', PROBLEM_MEDIA_TYPE).removeHeader('content-length');
  return JSON.stringify(document);
}
