import { aMessage, aSender, unique } from '../../libs/testing/src/gateway/a-message.js';
import type { MessageView } from '../../libs/testing/src/gateway/answers.js';
import { eventually } from '../../libs/testing/src/gateway/eventually.js';
import { strike } from './disasters.js';
import { violationsOf, wrongByTheDoctor, type Sent } from './invariants.js';
import { FAULTS, type Case, type PlannedMessage } from './plan.js';
import { pause, type World } from './world.js';

const PATIENCE_MS = 90_000;
const BAD_ENDS: readonly string[] = ['partially_failed', 'failed', 'cancelled'];

export interface Outcome {
  readonly sent: readonly Sent[];
  /** By the message that they are about; those of the whole gateway stand under ''. */
  readonly violations: readonly { readonly about: PlannedMessage | undefined; readonly what: string }[];
}

/** Sends the messages of a case while things go wrong, waits for their end, and checks the guarantees. */
export async function runCase(world: World, planned: Case): Promise<Outcome> {
  if (planned.reads !== undefined) await world.simulator.trouble(planned.reads);
  const sent: Sent[] = [];
  await strike(world, planned, async () => {
    await Promise.all(planned.messages.map(async (message) => void sent.push(await post(world, message))));
  });
  const violations = (await Promise.all(sent.map((message) => follow(world, message)))).flat();
  const general = [...(await wrongByTheDoctor(world)), ...world.lost.map((part) => `the ${part} ended by itself`)];
  await world.simulator.endAllTrouble();
  return { sent, violations: [...violations, ...general.map((what) => ({ about: undefined, what }))] };
}

/** Posts with one idempotency key until the answer is 202, as a caller without an answer does. */
async function post(world: World, planned: PlannedMessage): Promise<Sent> {
  const sender = aSender();
  const { fault, route, times, skip, category, atMs } = planned;
  const provider = route === 'auto' ? '*' : route;
  const trouble = FAULTS[fault];
  if (fault !== 'none' && trouble !== undefined) {
    await world.simulator.trouble({ times, skip, ...trouble, provider, operation: 'send', sender });
  }
  await pause(atMs);
  const message = aMessage()
    .from(sender)
    .toRecipients(...addressesOf(planned))
    .with({ category, provider: route });
  const key = { 'idempotency-key': unique('case-') };
  const { id } = await eventually<MessageView>(() => world.client.send(message, key), PATIENCE_MS);
  return { planned, id, sender };
}

/** The culprits are spread over the list. */
function addressesOf({ recipients, culprits }: PlannedMessage): readonly { readonly address: string }[] {
  const every = culprits === 0 ? Infinity : Math.floor(recipients / culprits);
  return Array.from({ length: recipients }, (_, i) => {
    const isCulprit = culprits > 0 && i % every === 0 && i / every < culprits;
    return { address: `${isCulprit ? 'refuse-request' : 'r'}.${i}@example.com` };
  });
}

async function follow(world: World, sent: Sent): Promise<Outcome['violations']> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const message = await world.client.message(sent.id).catch(() => undefined);
    const { recipients, culprits } = sent.planned;
    if (message?.counts.delivered === recipients - culprits && message.counts.failed === culprits) break;
    if (performance.now() > deadline) break;
    // With culprits it is partially failed as soon as the others are on their way.
    if (message !== undefined && culprits === 0 && BAD_ENDS.includes(message.status)) break;
    await pause(400);
  }
  return (await violationsOf(world, sent)).map((what) => ({ about: sent.planned, what }));
}
