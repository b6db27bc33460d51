import type { FastifyInstance } from 'fastify';
import type { Simulator } from '../../state/simulator.js';
import { pushControl } from './pushes.js';
import { storeOf } from './state.js';

export function acmeControl(app: FastifyInstance, simulator: Simulator): void {
  pushControl(app, simulator);
  // GET /control/acme/keys: every idempotency key, and how often a request came with it.
  app.get('/acme/keys', () => ({
    data: [...storeOf(simulator).answers].map(([key, { asked }]) => ({ key, asked })),
  }));
}
