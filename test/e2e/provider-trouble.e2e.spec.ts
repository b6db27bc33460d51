import { expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  onEachQueue,
  onOneQueue,
  unique,
  useOwnGateway,
  type EventView,
  type Fault,
} from '@gateway/testing';

/** Answers that are no verdict, where the provider has taken the mail. */
const TAKEN: readonly Fault[] = [
  { kind: 'accept_then_drop' },
  { kind: 'accept_then_500' },
  { kind: 'html', accept: true },
  { kind: 'half_json', accept: true },
  { kind: 'empty', accept: true },
  { kind: 'hang', accept: true },
];

/** The same, where it has not. */
const NOT_TAKEN: readonly Fault[] = [
  { kind: 'drop' },
  { kind: 'error_500' },
  { kind: 'html', status: 200 },
  { kind: 'half_json' },
  { kind: 'empty' },
  { kind: 'hang' },
];

/** As the harness sets it: how long a request must stay absent before it is sent again. */
const SETTLE_MS = 1500;

const typesOf = (events: readonly EventView[]): readonly string[] => events.map(({ type }) => type);

onEachQueue('a provider in trouble', (queue) => {
  const actors = useOwnGateway({ queue });

  /** Sends one mail into a fault and follows it. @returns its events. */
  async function sendInto(fault: Fault, provider: 'ncp' | 'nhn', category: string): Promise<readonly EventView[]> {
    const { gateway, simulator } = actors;
    const from = aSender();
    const id = await simulator.trouble({ ...fault, provider, operation: 'send', sender: from });
    const message = await gateway.deliver(aMessage().from(from).through(provider).with({ category }));
    const story = `${fault.kind} ${provider} ${category}`;
    expect({ story, status: message.status, hits: await simulator.hits(id) }).toEqual({
      story,
      status: 'completed',
      hits: 1,
    });
    const { recipients, repeatedAddresses } = await simulator.summary(from);
    expect({ story, recipients, repeated: repeatedAddresses.count }).toEqual({ story, recipients: 1, repeated: 0 });
    return gateway.events(message.id);
  }

  const PROVIDERS = ['ncp', 'nhn'] as const;
  const CATEGORIES = ['transactional', 'marketing', 'authentication'];

  /** Every fault on every provider, all at once. */
  const storiesOf = (faults: readonly Fault[], categories = CATEGORIES) =>
    Promise.all(
      faults.flatMap((fault) =>
        PROVIDERS.flatMap((provider) => categories.map((category) => sendInto(fault, provider, category))),
      ),
    );

  it('finds and adopts a request that the provider accepted without answering', async () => {
    for (const types of (await storiesOf(TAKEN)).map(typesOf)) {
      expect(types.slice(0, 4)).toEqual(['message.accepted', 'batch.dispatched', 'batch.unconfirmed', 'batch.adopted']);
      expect(types).not.toContain('batch.resent');
    }
  });

  onOneQueue(queue, () => {
    it('finds it too when the first recipients were left out', async () => {
      const { gateway, simulator } = actors;
      await Promise.all(
        PROVIDERS.map(async (provider) => {
          const [from, optedOut] = [aSender(), `${unique('x')}x@example.com`];
          await gateway.post('/v1/suppressions', { addresses: [optedOut], scope: 'all' });
          await simulator.trouble({ kind: 'accept_then_drop', provider, operation: 'send', sender: from });
          const { id } = await gateway.deliver(aMessage().from(from).through(provider).to(optedOut, 'kim@example.com'));
          expect((await gateway.events(id)).map(({ type }) => type)).toContain('batch.adopted');
          expect(await simulator.summary(from)).toMatchObject({ recipients: 1, repeatedAddresses: { count: 0 } });
        }),
      );
    });

    it('sends again what stays absent', async () => {
      for (const events of await storiesOf(NOT_TAKEN)) {
        expect(typesOf(events).slice(0, 6)).toEqual([
          'message.accepted',
          'batch.dispatched',
          'batch.unconfirmed',
          'batch.resent',
          'batch.dispatched',
          'batch.accepted',
        ]);
        const [, , doubted, resent] = events;
        expect(Date.parse(resent?.at ?? '') - Date.parse(doubted?.at ?? '')).toBeGreaterThanOrEqual(SETTLE_MS - 100);
      }
    });

    it('waits for a mail that the provider lists late', async () => {
      for (const types of (await storiesOf([{ kind: 'lag', lagMs: 1500 }], ['transactional'])).map(typesOf)) {
        expect(types.filter((type) => type.startsWith('batch.'))).toEqual(['batch.dispatched', 'batch.accepted']);
      }
    });

    it.each(PROVIDERS)('ends a message that %s refuses for good, with its words', async (provider) => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const to = provider === 'ncp' ? 'refuse-request@example.com' : 'invalid@example.com';
      const { id, status, counts } = await gateway.deliver(aMessage().from(from).through(provider).to(to));
      expect([status, counts.failed + counts.rejected]).toEqual(['failed', 1]);
      const [batch] = await gateway.batches(id);
      expect(batch).toMatchObject({ attempts: [{ outcome: 'refused', providerCode: expect.any(String) }] });
      const [recipient] = await gateway.recipients(id);
      expect(recipient).toMatchObject({ final: true, reason: expect.any(String) });
      expect((await simulator.summary(from)).requests).toBe(0);
    });
  });

  it('mails no recipient of a campaign twice while every request fails once', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const kinds = ['accept_then_drop', 'drop', 'hang', 'throttle_429', 'accept_then_500'];
    for (const kind of kinds) await simulator.trouble({ kind, provider: 'nhn', operation: 'send', sender: from });
    const { id } = await gateway.send(aMessage().from(from).through('nhn').marketing().toMany(3000));
    await gateway.waitUntil(id, ({ counts }) => counts.delivered === 3000);
    expect(await simulator.summary(from)).toMatchObject({ recipients: 3000, repeatedAddresses: { count: 0 } });
  });
});
