import { beforeAll } from '@jest/globals';
import { GatewayClient } from './gateway-client.js';
import { SimulatorClient } from './simulator-client.js';
import type { GatewayAddress, QueueKind } from './test-gateway.js';
import { sharedGateway } from './test-services.js';

/** Who plays in a story. Filled before the first test of the file. */
export interface Actors {
  address: GatewayAddress;
  gateway: GatewayClient;
  simulator: SimulatorClient;
}

export const actorsAt = (address: GatewayAddress): Actors => ({
  address,
  gateway: new GatewayClient(address, address.apiKey),
  simulator: new SimulatorClient(address),
});

/** The shared gateway of a queue backend. */
export function useSharedGateway(queue: QueueKind): Actors {
  const actors = {} as Actors;
  beforeAll(async () => void Object.assign(actors, actorsAt(await sharedGateway(queue))), 120_000);
  return actors;
}
