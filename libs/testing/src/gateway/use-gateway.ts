import { afterAll, beforeAll } from '@jest/globals';
import { GatewayClient } from './gateway-client.js';
import { SimulatorClient } from './simulator-client.js';
import { TestGateway, type GatewayAddress, type QueueKind } from './test-gateway.js';
import { freshDatabase, ownRedis, sharedGateway } from './test-services.js';

/** The processes and clients of a story. Set before the first test of the file. */
export interface Actors {
  address: GatewayAddress;
  gateway: GatewayClient;
  simulator: SimulatorClient;
}

/**
 * A gateway that other stories use at the same time. Its simulator must not be given faults: the effects on one
 * sender's mail (a `Retry-After`, an open breaker) concern the account, and with it the mail of all stories.
 */
export interface SharedActors extends Omit<Actors, 'simulator'> {
  simulator: Omit<SimulatorClient, 'trouble' | 'endTrouble' | 'endAllTrouble' | 'change'>;
}

/** A gateway of the file's own. */
export interface OwnActors extends Actors {
  running: TestGateway;
}

export interface OwnGateway {
  readonly queue: QueueKind;
  /** Over the harness's quick timings. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Long enough for a database, a Redis and three processes on a machine that is busy. */
const START_MS = 120_000;

export const actorsAt = (address: GatewayAddress): Actors => ({
  address,
  gateway: new GatewayClient(address, address.apiKey),
  simulator: new SimulatorClient(address),
});

/** The shared gateway of a queue backend. */
export function useSharedGateway(queue: QueueKind): SharedActors {
  const actors = {} as SharedActors;
  beforeAll(async () => void Object.assign(actors, actorsAt(await sharedGateway(queue))), START_MS);
  return actors;
}

/** A gateway of its own (with a Redis of its own): tests may kill its processes and bring its accounts into trouble. */
export function useOwnGateway({ queue, env = {} }: OwnGateway = { queue: 'postgres' }): OwnActors {
  const actors = {} as OwnActors;
  beforeAll(async () => {
    const redisUrl = queue === 'redis' ? await ownRedis() : undefined;
    const running = await TestGateway.start({ databaseUrl: await freshDatabase(), redisUrl, env });
    Object.assign(actors, actorsAt(running.address), { running });
  }, START_MS);
  afterAll(() => actors.running.stop());
  return actors;
}
