import type { FastifyError, FastifyInstance } from 'fastify';
import { z, ZodError } from 'zod';
import type { Simulator } from '../state/simulator.js';
import { faultRoutes } from './faults.routes.js';
import { mailRoutes } from './mails.routes.js';
import { requestRoutes } from './requests.routes.js';
import { summaryRoutes } from './summary.routes.js';

/** Registers the endpoints that tests and developers use; no vendor has them. JSON, without authentication. */
export function controlPlugin(app: FastifyInstance, simulator: Simulator): void {
  app.setErrorHandler((error: FastifyError | ZodError, _request, reply) => {
    if (error instanceof ZodError) return reply.code(422).send({ error: z.prettifyError(error) });
    return reply.code(error.statusCode ?? 500).send({ error: error.message });
  });
  app.get('/health', () => ({ status: 'ok' }));
  app.get('/settings', () => simulator.settings);
  app.put('/settings', (request) => simulator.change(request.body));
  app.post('/reset', (_request, reply) => {
    simulator.reset();
    return reply.code(204).send();
  });
  for (const routes of [faultRoutes, requestRoutes, mailRoutes, summaryRoutes]) routes(app, simulator);
}
