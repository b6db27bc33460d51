import Fastify, { type FastifyInstance } from 'fastify';
import type { SimulatorConfig } from './config.js';
import { controlPlugin } from './control/control.plugin.js';
import { ignoreBodies } from './http/json-bodies.js';
import { unknownPath } from './http/unknown-path.js';
import { NCP_PREFIXES } from './ncp/scope.js';
import { ncpPlugin } from './ncp/ncp.plugin.js';
import { nhnPlugin } from './nhn/nhn.plugin.js';
import { NHN_VERSIONS } from './nhn/version.js';
import { Simulator } from './state/simulator.js';

/** A simulator that is ready to listen or to be injected into, with its state for tests in the same process. */
export interface SimulatorServer {
  readonly app: FastifyInstance;
  readonly simulator: Simulator;
}

/** Builds both look-alikes and the control endpoints on one Fastify instance; does not listen. */
export async function buildServer(config: SimulatorConfig, clock?: () => number): Promise<SimulatorServer> {
  const simulator = new Simulator(config, clock);
  const app = Fastify({
    bodyLimit: config.bodyLimitBytes,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 500 },
  });
  ignoreBodies(app);
  const answerUnknown = unknownPath(app, simulator);
  for (const prefix of NCP_PREFIXES) {
    await app.register(async (scope) => ncpPlugin(scope, simulator), { prefix });
  }
  for (const version of NHN_VERSIONS) {
    await app.register(async (scope) => nhnPlugin(scope, simulator), { prefix: `/email/${version}/appKeys/:appKey` });
  }
  await app.register(async (scope) => controlPlugin(scope, simulator), { prefix: '/control' });
  app.setNotFoundHandler(answerUnknown);
  return { app, simulator };
}
