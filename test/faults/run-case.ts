import { isDeepStrictEqual } from 'node:util';
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
  const posted: Posted[] = [];
  await strike(world, planned, async () => {
    const alone = planned.messages.filter(({ inBatch }) => !inBatch).map((message) => [message]);
    const together = planned.messages.filter(({ inBatch }) => inBatch);
    const requests = [...alone, together].filter(({ length }) => length > 0);
    await Promise.all(requests.map(async (messages) => void posted.push(await post(world, messages))));
  });
  const sent = posted.flatMap((request) => request.sent);
  const violations = (await Promise.all(sent.map((message) => follow(world, message)))).flat();
  const replays = await Promise.all(posted.map((request) => wrongReplay(world, request)));
  const lost = world.lost.map((part) => `the ${part} ended by itself`);
  const general = [...replays.flat(), ...(await wrongByTheDoctor(world)), ...lost];
  await world.simulator.endAllTrouble();
  return { sent, violations: [...violations, ...general.map((what) => ({ about: undefined, what }))] };
}

/** A request that was answered, and what it was. */
interface Posted {
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: unknown;
  readonly sent: readonly Sent[];
}

/** Posts one message, or several in a batch, with one idempotency key until it is accepted, as a caller without an answer does. */
async function post(world: World, planned: readonly PlannedMessage[]): Promise<Posted> {
  const all = planned.map((message) => ({ planned: message, sender: aSender() }));
  for (const each of all) await giveTrouble(world, each);
  const [first] = planned;
  await pause(first?.atMs ?? 0);
  const messages = all.map(bodyOf);
  const request = {
    ...(first?.inBatch === true
      ? { path: '/v1/messages/batch', body: { messages } }
      : { path: '/v1/messages', body: messages[0] }),
    headers: { 'idempotency-key': unique('case-') },
  };
  const answer = await eventually(() => accepted(world, request), PATIENCE_MS);
  const ids = 'results' in answer ? answer.results.map(({ id }) => id) : [answer.id];
  return { ...request, answer, sent: all.map((each, i) => ({ ...each, id: ids[i] ?? '' })) };
}

type Unsent = Omit<Sent, 'id'>;

async function giveTrouble(world: World, { planned, sender }: Unsent): Promise<void> {
  const { fault, route, times, skip } = planned;
  const trouble = FAULTS[fault];
  if (fault === 'none' || trouble === undefined) return;
  const provider = route === 'auto' ? '*' : route;
  await world.simulator.trouble({ times, skip, ...trouble, provider, operation: 'send', sender });
}

const bodyOf = ({ planned, sender }: Unsent): object =>
  aMessage()
    .from(sender)
    .toRecipients(...addressesOf(planned))
    .with({ category: planned.category, provider: planned.route })
    .build();

type Accepted = MessageView | { readonly results: readonly { readonly id: string }[] };

async function accepted(
  world: World,
  { path, body, headers }: Pick<Posted, 'path' | 'body' | 'headers'>,
): Promise<Accepted> {
  const { status, body: answer } = await world.client.post<Accepted>(path, body, headers);
  const all = status === 202 || ('results' in answer && answer.results.every(({ id }) => id !== undefined));
  if (!all) throw new Error(`${path}: ${status} ${JSON.stringify(answer).slice(0, 300)}`);
  return answer;
}

/** The same request once more, after everything: it has the first answer, and nothing is sent. */
async function wrongReplay(world: World, { path, body, headers, answer }: Posted): Promise<readonly string[]> {
  const again = await world.client.post(path, body, headers);
  const isReplay = again.headers.get('idempotent-replayed') === 'true' && isDeepStrictEqual(again.body, answer);
  return isReplay
    ? []
    : [`a repeated ${path} was answered ${again.status} ${JSON.stringify(again.body).slice(0, 300)}`];
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
