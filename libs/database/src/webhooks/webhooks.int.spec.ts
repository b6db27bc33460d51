import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows, type GivenMessage } from '@gateway/testing';
import type { Database } from '../database.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { WebhookEndpointRepository } from './webhook-endpoint.repository.js';
import { WebhookWorkRepository, type ClaimedEndpoint, type WebhookProgress } from './webhook-work.repository.js';
import type { NewWebhookDelivery } from './webhook-rows.js';

const ALL = 1_000_000_000;
const LEASE_MS = 60_000;

describe('webhook endpoints in the database', () => {
  let database: Database;
  let endpoints: WebhookEndpointRepository;
  let deliveries: WebhookDeliveryRepository;
  let work: WebhookWorkRepository;
  let message: GivenMessage;

  beforeAll(async () => {
    database = await aDatabase();
    endpoints = new WebhookEndpointRepository(database);
    deliveries = new WebhookDeliveryRepository(database);
    work = new WebhookWorkRepository(database);
    message = await new GivenRows(database).message();
    await database.pool.query(
      `INSERT INTO event (id, client_id, message_id, type) VALUES ($1, $2, $3, 'message.accepted')`,
      [newUuid(), message.clientId, message.messageId],
    );
  }, 120_000);
  beforeEach(() => database.pool.query('DELETE FROM webhook_endpoint'));
  afterAll(() => database?.close());

  const anEndpoint = async (position = 1, enabled = true): Promise<string> => {
    const id = newUuid();
    await database.transaction((tx) =>
      endpoints.insert(tx, {
        id,
        clientId: message.clientId,
        url: 'https://hooks.example.com/',
        description: null,
        events: ['*'],
        filter: {},
        batchMaxEvents: null,
        batchMaxWaitMs: null,
        ordered: false,
        maxInFlight: 4,
        maxPerSecond: null,
        headers: {},
        signing: 'hmac',
        secrets: [],
        place: { position, told: 0 },
        enabled,
        createdBy: newUuid(),
      }),
    );
    return id;
  };
  const aDelivery = (endpointId: string, more: Partial<NewWebhookDelivery> = {}): Promise<void> =>
    deliveries.insert(database.pool, [
      {
        id: newUuid(),
        endpointId,
        webhookId: 'evt_1',
        type: 'message.accepted',
        eventIds: ['evt_1'],
        messageIds: [message.messageId],
        replay: false,
        body: '{}',
        status: 'failing',
        tries: 1,
        refusals: 0,
        nextAttemptAt: new Date(0),
        attempts: [],
        finishedAt: null,
        ...more,
      },
    ]);
  const claim = (): Promise<ClaimedEndpoint[]> => work.claim(ALL, 10, LEASE_MS);
  const progress = (endpoint: ClaimedEndpoint, position: number): WebhookProgress => ({
    ...endpoint,
    place: { position, told: 0 },
    planned: [],
    pauseReason: null,
  });

  it('are claimed by one worker at a time', async () => {
    const ids = [await anEndpoint(), await anEndpoint()];
    const claims = await Promise.all([claim(), claim(), claim()]);
    expect(
      claims
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids.sort());
    expect(await claim()).toEqual([]);
  });

  it('are claimed only if there is something to send', async () => {
    const [paused, done, due, later] = [
      await anEndpoint(1, false),
      await anEndpoint(ALL),
      await anEndpoint(ALL),
      await anEndpoint(ALL),
    ];
    await aDelivery(due);
    await aDelivery(paused);
    await aDelivery(later, { nextAttemptAt: new Date(Date.now() + 3_600_000) });
    expect((await claim()).map(({ id }) => id)).toEqual([due]);
    expect([done, later]).not.toContain(due);
  });

  it('a worker that lost its lease changes nothing any more', async () => {
    await anEndpoint();
    const [late] = await claim();
    if (late === undefined) throw new Error('nothing was claimed');
    await database.pool.query("UPDATE webhook_endpoint SET lease_until = now() - interval '1 s'");
    const [next] = await claim();
    if (next === undefined) throw new Error('nothing was claimed');
    expect(await work.advance(database.pool, late, progress(late, 7), LEASE_MS)).toBeUndefined();
    expect(await work.plan(late, [{ position: 9, told: 0 }], LEASE_MS)).toBe(false);
    expect(await work.renew(late, LEASE_MS)).toBe(false);
    await work.release(late, progress(late, 8), undefined);
    expect((await endpoints.findById(message.clientId, late.id))?.place.position).toBe(1);
    expect(await work.advance(database.pool, next, progress(next, 5), LEASE_MS)).toEqual({
      pausedAt: null,
      erasures: 0,
    });
    await work.release(next, progress(next, 6), undefined);
    expect((await endpoints.findById(message.clientId, next.id))?.place.position).toBe(6);
  });

  it('stay paused when a worker writes down what it had sent', async () => {
    const id = await anEndpoint();
    const [claimed] = await claim();
    if (claimed === undefined) throw new Error('nothing was claimed');
    await endpoints.pause(database.pool, id, 'caller');
    expect(await work.advance(database.pool, claimed, progress(claimed, 5), LEASE_MS)).toMatchObject({
      pausedAt: expect.any(Date),
    });
    expect((await endpoints.findById(message.clientId, id))?.pauseReason).toBe('caller');
  });

  it('going on from now takes the endpoint from its worker', async () => {
    const id = await anEndpoint();
    const [claimed] = await claim();
    if (claimed === undefined) throw new Error('nothing was claimed');
    await database.transaction((tx) => endpoints.resume(tx, id, { position: 50, told: 0 }));
    expect(await work.advance(database.pool, claimed, progress(claimed, 5), LEASE_MS)).toBeUndefined();
    expect((await endpoints.findById(message.clientId, id))?.place).toEqual({ position: 50, told: 0 });
  });

  it('deliveries are deleted in time, and with their message', async () => {
    const id = await anEndpoint();
    const [long, recent] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-03-01T00:00:00Z')];
    await aDelivery(id, { status: 'delivered', finishedAt: long, webhookId: 'old delivered' });
    await aDelivery(id, { status: 'failed', finishedAt: long, webhookId: 'old failed' });
    await aDelivery(id, { status: 'delivered', finishedAt: recent, webhookId: 'delivered', messageIds: [] });
    await aDelivery(id, { webhookId: 'waiting' });
    await aDelivery(id, { webhookId: 'waiting with others', eventIds: ['evt_1', 'evt_2'] });
    const left = async (): Promise<string[]> =>
      (await deliveries.findPage(id, {}, { before: undefined, limit: 10 })).map(({ webhookId }) => webhookId).sort();
    expect(await deliveries.deleteOld(new Date('2026-02-01T00:00:00Z'), new Date('2025-01-01T00:00:00Z'))).toBe(1);
    expect(await left()).toEqual(['delivered', 'old failed', 'waiting', 'waiting with others']);
    await database.pool.query('UPDATE message SET erased_at = now() WHERE id = $1', [message.messageId]);
    await deliveries.deleteErased();
    expect(await left()).toEqual(['delivered', 'waiting with others']);
  });
});
