import type { RunningSimulator } from '@gateway/testing';
import { buildServer } from '../../../../apps/simulator/src/server.js';
import { readConfig } from '../../../../apps/simulator/src/config.js';

/** The development simulator in this process, on a free loopback port. For specs. */
export async function runSimulator(): Promise<RunningSimulator> {
  const { app } = await buildServer(readConfig({}));
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { origin, stop: () => app.close() };
}
