import type { FastifyError, FastifyInstance } from 'fastify';
import { z, ZodError } from 'zod';
import { isLoopback } from '../http/loopback.js';
import { acceptJsonBodies, MalformedJsonError } from '../http/json-bodies.js';
import type { Simulator } from '../state/simulator.js';
import { sandboxAccounts } from '../vendors/sandbox-accounts.js';
import type { Vendor } from '../vendors/vendor.js';
import { controlQueries } from './control-query.js';
import { blockListRoutes } from './block-lists.routes.js';
import { faultRoutes } from './faults.routes.js';
import { fileRoutes } from './files.routes.js';
import { mailRoutes } from './mails.routes.js';
import { requestRoutes } from './requests.routes.js';
import { summaryRoutes } from './summary.routes.js';
import { templateRoutes } from './templates.routes.js';

const accountsQuery = z.strictObject({
  kinds: z
    .string()
    .transform((list) => list.split(','))
    .optional(),
});

/** Registers the endpoints that tests and developers use; no vendor has them. JSON, without authentication. */
export function controlPlugin(app: FastifyInstance, simulator: Simulator, vendors: readonly Vendor[]): void {
  acceptJsonBodies(app);
  app.setErrorHandler((error: FastifyError | ZodError, _request, reply) => {
    if (error instanceof ZodError) return reply.code(422).send({ error: z.prettifyError(error) });
    if (error instanceof MalformedJsonError) return reply.code(400).send({ error: error.message });
    return reply.code(error.statusCode ?? 500).send({ error: error.message });
  });
  // The record shows addresses and bodies, so only this machine may look, even where others may send.
  app.addHook('onRequest', async (request, reply) => {
    const peer = request.ip.replace(/^::ffff:/, '');
    if (!isLoopback(peer) && request.routeOptions.url !== '/control/health') {
      return reply.code(403).send({ error: 'the control endpoints answer to loopback only' });
    }
    return undefined;
  });
  app.get('/health', () => ({ status: 'ok' }));
  // The environment that a gateway needs to use this simulator: of the usual accounts, or of the kinds in `?kinds=` (`all`).
  app.get('/accounts', (request) => {
    const { kinds } = accountsQuery.parse(request.query);
    const wanted = vendors.filter(({ kind, onRequest }) =>
      kinds === undefined ? onRequest !== true : kinds.includes(kind) || kinds.includes('all'),
    );
    const origin = `http://${request.host}`;
    const companions = wanted.map((vendor) => vendor.companions?.(origin, simulator.keys));
    return Object.assign({}, sandboxAccounts(origin, simulator.keys, wanted), ...companions) as object;
  });
  app.get('/settings', () => simulator.settings);
  app.put('/settings', (request) => simulator.change(request.body));
  app.post('/reset', (_request, reply) => {
    simulator.reset();
    return reply.code(204).send();
  });
  const query = controlQueries(vendors.map(({ kind }) => kind));
  faultRoutes(app, simulator);
  requestRoutes(app, simulator, query);
  mailRoutes(app, simulator, query, vendors);
  summaryRoutes(app, simulator, query, vendors);
  fileRoutes(app, simulator, query);
  templateRoutes(app, simulator, vendors);
  blockListRoutes(app, simulator, query);
  for (const vendor of vendors) vendor.control?.(app, simulator);
}
