import type { FastifyInstance } from 'fastify';
import type { Simulator } from '../../../state/simulator.js';
import { callOf, dueHooks } from './due-hooks.js';
import { HookSender } from './hook-sender.js';

/** The vendor's calls, and what tests may ask about them. */
export function hookControl(app: FastifyInstance, simulator: Simulator): void {
  const sender = new HookSender(simulator);
  app.addHook('onReady', async () => sender.start());
  app.addHook('onClose', async () => sender.stop());
  // GET /control/nhn/hooks: the calls that were made.
  app.get('/nhn/hooks', () => ({ data: sender.calls }));
  app.delete('/nhn/hooks', (_request, reply) => {
    sender.clear();
    return reply.code(204).send();
  });
  // POST /control/nhn/pushes: the calls that are due and were not made, one for each request, for a test to make.
  app.post('/nhn/pushes', () => {
    const byRequest = [...Map.groupBy(dueHooks(simulator), ({ requestId }) => requestId).values()];
    return {
      data: byRequest.map((due, serial) =>
        callOf(
          simulator,
          due[0]?.appKey ?? '',
          due.map(({ hook }) => hook),
          serial,
        ),
      ),
    };
  });
}
