import type { FastifyInstance } from 'fastify';
import type { Simulator } from '../state/simulator.js';

/** POST, GET and DELETE /control/faults, DELETE /control/faults/{id}, GET /control/refusals. */
export function faultRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.post('/faults', (request, reply) => reply.code(201).send(simulator.faults.add(request.body)));
  app.get('/faults', () => ({ data: simulator.faults.all() }));
  app.delete('/faults', (_request, reply) => {
    simulator.faults.clear();
    return reply.code(204).send();
  });
  app.delete('/faults/:id', (request, reply) => {
    const found = simulator.faults.remove(Number((request.params as { id: string }).id));
    return reply.code(found ? 204 : 404).send();
  });
  app.get('/refusals', () => ({ data: simulator.refusals }));
}
