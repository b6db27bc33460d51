import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, eventually, redisCommand, useOwnGateway } from '@gateway/testing';
import { WebhookReceiver, type ReceivedEvent } from '../support/webhook-receiver.js';

const RECIPIENTS = 20_000;

describe('a campaign to an endpoint that fails at random', () => {
  const env = { WEBHOOK_RETRY_DELAYS: Array.from({ length: 12 }, () => '500ms').join() };
  const actors = useOwnGateway({ queue: 'redis', env });
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterAll(() => receiver.stop());

  it('gets exactly the events of the feed, while workers are killed and Redis is flushed', async () => {
    let random = 4242;
    receiver.answer = () => {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      return random / 2 ** 31 < 0.3 ? 500 : 200;
    };
    const { status } = await actors.gateway.post('/v1/webhook-endpoints', {
      url: receiver.url,
      batch: { maxEvents: 500, maxWaitMs: 300 },
      maxInFlight: 8,
    });
    expect(status).toBe(201);
    const addresses = Array.from({ length: RECIPIENTS }, (_, n) => `r.${n}@example.com`);
    const { id } = await actors.gateway.send(aMessage().to(...addresses));
    for (let kill = 0; kill < 2; kill += 1) {
      const before = receiver.received.length;
      await eventually(async () => expect(receiver.received.length).toBeGreaterThan(before + 4));
      await actors.running.end('worker');
      await redisCommand(Number(new URL(actors.address.redisUrl ?? '').port), 'FLUSHALL');
      await sleep(200);
      await actors.running.start('worker');
    }
    await actors.gateway.waitUntilFinal(id);
    const feed = (await everything()).filter(({ messageId }) => messageId === id);
    expect(feed.filter(({ type }) => type === 'recipient.delivered')).toHaveLength(RECIPIENTS);
    const wanted = new Set(feed.map((event) => event.id));
    const mine = (): string[] =>
      receiver.taken.flatMap(({ events }) => events.filter((e) => e.messageId === id).map((e) => e.id));
    await eventually(async () => expect(new Set(mine()).size).toBe(wanted.size));
    expect(mine().every((event) => wanted.has(event))).toBe(true);
    expect(idsByEvent().filter(([, ids]) => ids.size > 1)).toEqual([]);
  }, 300_000);

  /** Under which ids of requests each event came. */
  const idsByEvent = (): [string, Set<string>][] => {
    const found = new Map<string, Set<string>>();
    for (const { webhookId, events } of receiver.received) {
      for (const { id } of events) found.set(id, (found.get(id) ?? new Set()).add(webhookId));
    }
    return [...found];
  };

  /** The whole feed, whose last page has a cursor, too. */
  const everything = async (): Promise<readonly ReceivedEvent[]> => {
    const events: ReceivedEvent[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await actors.gateway.get<{ data: readonly ReceivedEvent[]; nextCursor: string }>('/v1/events', {
        limit: 1000,
        ...(cursor !== undefined && { cursor }),
      });
      for (const event of page.data) events.push(event);
      if (page.data.length === 0) return events;
      cursor = page.nextCursor;
    }
  };
});
