import type { Part } from '../../libs/testing/src/gateway/test-gateway.js';
import type { Case, Disaster } from './plan.js';
import { pause, type World } from './world.js';
import { definitions } from '@gateway/providers';

type Happening = (world: World, awayMs: number) => Promise<void>;

const kill =
  (...parts: readonly Part[]): Happening =>
  async (world, awayMs) => {
    await Promise.all(parts.map((part) => world.end(part, 'SIGKILL')));
    await pause(awayMs);
    await world.start(...parts);
  };

/** One worker after the other, as a deployment does; both end in order. */
const roll: Happening = async (world, awayMs) => {
  for (const part of ['worker', 'other-worker'] as const) {
    const code = await world.end(part, 'SIGTERM');
    // A part that is still starting does not handle signals yet, and holds no work.
    if (code !== '0' && code !== 'SIGTERM') throw new Error(`a worker that got SIGTERM ended with ${code}`);
    await world.start(part);
    await pause(awayMs);
  }
};

const HAPPENINGS: Readonly<Record<Disaster, Happening>> = {
  none: async () => undefined,
  'kill worker': kill('worker'),
  'kill api': kill('api'),
  'kill api and worker': kill('api', 'worker'),
  'kill everything': async (world, awayMs) => {
    await Promise.all([kill('api', 'worker')(world, awayMs), world.restartPostgres('kill', awayMs)]);
  },
  'kill one of two workers': kill('other-worker'),
  'roll two workers': roll,
  'restart postgres': (world, awayMs) => world.restartPostgres('fast', awayMs),
  'kill postgres': (world, awayMs) => world.restartPostgres('kill', awayMs),
  'flush redis': (world) => world.flushRedis(),
  'restart redis': (world) => world.restartRedis(0),
  'stop redis for a while': (world, awayMs) => world.restartRedis(awayMs + 1000),
  'all providers refuse for a while': async (world, awayMs) => {
    const refuse = { kind: 'throttle_429', style: 'http', retryAfterSeconds: 1, operation: 'send', times: -1 } as const;
    const faults = [];
    for (const { kind: provider } of definitions) faults.push(await world.simulator.trouble({ ...refuse, provider }));
    await pause(awayMs + 1500);
    for (const fault of faults) await world.simulator.endTrouble(fault);
  },
};

const withTwoWorkers = (disaster: Disaster): boolean => disaster.includes('two workers');

/** Lets happen what the case has in store. `during` runs meanwhile; the gateway is whole again afterwards. */
export async function strike(world: World, planned: Case, during: () => Promise<void>): Promise<void> {
  const two = withTwoWorkers(planned.disaster);
  if (two) await world.start('other-worker');
  const happening = async (): Promise<void> => {
    await pause(planned.disasterAtMs);
    await HAPPENINGS[planned.disaster](world, planned.awayMs);
  };
  await Promise.all([happening(), during()]);
  if (two) await world.end('other-worker', 'SIGTERM');
}
