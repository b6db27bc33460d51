import Fastify, { type FastifyInstance } from 'fastify';
import type { SimulatorConfig } from './config.js';
import { controlPlugin } from './control/control.plugin.js';
import { ignoreBodies } from './http/json-bodies.js';
import { unknownPath } from './http/unknown-path.js';
import { Simulator } from './state/simulator.js';
import type { Vendor } from './vendors/vendor.js';
import { vendors } from './vendors/vendors.js';

/** A simulator that is ready to listen or to be injected into, with its state for tests in the same process. */
export interface SimulatorServer {
  readonly app: FastifyInstance;
  readonly simulator: Simulator;
}

/** Builds all look-alikes and the control endpoints on one Fastify instance; does not listen. */
export async function buildServer(
  config: SimulatorConfig,
  clock?: () => number,
  all: readonly Vendor[] = vendors,
): Promise<SimulatorServer> {
  const simulator = new Simulator(all, config.keys, clock);
  const app = Fastify({
    bodyLimit: config.bodyLimitBytes,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 500 },
  });
  ignoreBodies(app);
  const answerUnknown = unknownPath(app, simulator, all);
  for (const vendor of all) {
    for (const prefix of vendor.prefixes) {
      await app.register(async (scope) => vendor.plugin(scope, simulator), { prefix });
    }
  }
  await app.register(async (scope) => controlPlugin(scope, simulator, all), { prefix: '/control' });
  app.setNotFoundHandler(answerUnknown);
  return { app, simulator };
}
