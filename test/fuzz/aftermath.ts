import { setTimeout as sleep } from 'node:timers/promises';
import { visitDoctor } from '../support/doctor.js';
import type { World } from './world.js';
import { errorsLogged } from './world.js';

/** Metrics of resources that a request holds while it lasts. */
const HELD = /^(gateway_(?:body_bytes|uploads|\w*in_flight\w*))(?:\{[^}]*\})? (\S+)$/gm;
const PATIENCE_MS = 60_000;

/** Faults of the gateway once all callers have left. */
export async function aftermath(world: World): Promise<readonly string[]> {
  const { gateway } = world;
  const parts = (['simulator', 'api', 'worker'] as const).filter((part) => !gateway.isRunning(part));
  const ended = parts.map((part) => `the ${part} has ended`);
  if (parts.includes('api')) return [...ended, ...errorsLogged(world, 'api').slice(-3)];
  const held = await untilNone(() => heldBy(world), PATIENCE_MS);
  const found = await untilNone(() => doctorsWord(world), PATIENCE_MS);
  const logged = errorsLogged(world, 'api').map((line) => `logged by the api: ${line.slice(0, 1500)}`);
  return [...ended, ...held, ...found, ...logged];
}

async function heldBy({ admin }: World): Promise<readonly string[]> {
  const text = await admin.get<string>('/metrics');
  return [...text.matchAll(HELD)].filter(([, , value]) => value !== '0').map(([line]) => `still held: ${line}`);
}

async function doctorsWord({ gateway }: World): Promise<readonly string[]> {
  const { code, said } = await visitDoctor({ DATABASE_URL: gateway.address.databaseUrl });
  return code === 0 ? [] : [`the doctor: ${said.slice(-1500)}`];
}

async function untilNone(look: () => Promise<readonly string[]>, patienceMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(1000);
  }
}
