import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeId } from '@gateway/core';
import { aMessage, eventually, useOwnGateway } from '@gateway/testing';
import pg from 'pg';
import { WebhookReceiver } from '../support/webhook-receiver.js';

interface EndpointView {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

const WEBHOOKS = '/v1/webhook-endpoints';
const TOKEN = 'marker-7f3e1c-token';

describe('headers of a webhook endpoint, which may be credentials', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { WEBHOOK_MASTER_KEY: 'a'.repeat(64) } });
  const headers = { Authorization: `Bearer ${TOKEN}`, 'X-Team': 'billing' };
  const hidden = { authorization: '***', 'x-team': '***' };
  let receiver: WebhookReceiver;
  let database: pg.Client;
  let endpoint: EndpointView;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    // It answers with what it got.
    receiver.answer = (request) => (response) => {
      response.setHeader('x-echo', String(request.headers['authorization']));
      response.end(JSON.stringify(request.headers));
    };
    database = new pg.Client({ connectionString: actors.address.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await receiver.stop();
  });

  const path = (): string => `${WEBHOOKS}/${endpoint.id}`;
  /** Headers of the request about a mail's event. */
  const received = async (): Promise<unknown> => {
    const before = receiver.received.length;
    await actors.gateway.deliver(aMessage());
    await eventually(async () => expect(receiver.received.length).toBeGreaterThan(before));
    return receiver.received.at(-1)?.headers;
  };
  const stored = async (): Promise<Readonly<Record<string, string>>> => {
    const { rows } = await database.query<{ headers: Record<string, string> }>(
      'SELECT headers FROM webhook_endpoint WHERE id = $1',
      [decodeId('webhookEndpoint', endpoint.id)],
    );
    return rows[0]?.headers ?? {};
  };

  it('arrive as they were given, and are not shown again', async () => {
    const created = await actors.gateway.post<EndpointView>(
      WEBHOOKS,
      { url: receiver.url, events: ['message.completed'], headers },
      { 'idempotency-key': 'headers-1' },
    );
    endpoint = created.body;
    expect([created.status, endpoint.headers]).toEqual([201, hidden]);
    expect(await received()).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'x-team': 'billing' });
    const tested = await actors.gateway.call<string>('POST', `${path()}/test`, { body: {} });
    expect(tested.status).toBe(200);
    const answers = [
      created.body,
      tested.body,
      await actors.gateway.get(path()),
      await actors.gateway.get(WEBHOOKS),
      await actors.gateway.get('/v1/audit'),
    ];
    // It is written after the endpoint has answered.
    const deliveries = await eventually(async () => {
      const found = await actors.gateway.all<{ id: string }>(`${path()}/deliveries`);
      expect(found.length).toBeGreaterThan(0);
      return found;
    });
    for (const { id } of deliveries) answers.push(await actors.gateway.get(`${path()}/deliveries/${id}`));
    expect(JSON.stringify(answers)).not.toContain(TOKEN);
  });

  it('are in no column of the database', async () => {
    expect(Object.keys(await stored()).toSorted()).toEqual(Object.keys(hidden));
    const { rows: tables } = await database.query<{ name: string }>(
      `SELECT quote_ident(relname) AS name FROM pg_class
       WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`,
    );
    for (const { name } of tables) {
      const { rows } = await database.query<{ found: boolean }>(
        `SELECT EXISTS (SELECT FROM ${name} AS t WHERE to_jsonb(t)::text LIKE '%${TOKEN}%') AS found`,
      );
      expect([name, rows[0]?.found]).toEqual([name, false]);
    }
  });

  it('stay where they are given back hidden', async () => {
    const change = { headers: { authorization: '***', 'x-new': 'new' } };
    const changed = await actors.gateway.call<EndpointView>('PATCH', path(), { body: change });
    expect(changed.body.headers).toEqual({ authorization: '***', 'x-new': '***' });
    expect(await received()).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'x-new': 'new' });
    const unknown = await actors.gateway.call('PATCH', path(), { body: { headers: { 'x-none': '***' } } });
    expect([unknown.status, unknown.body.errors?.[0]?.pointer]).toEqual([422, '/headers/x-none']);
    const made = await actors.gateway.post(WEBHOOKS, { url: receiver.url, headers: { 'x-none': '***' } });
    expect(made.status).toBe(422);
  });

  it('of rows from before they were sealed go on as well, and a worker seals them', async () => {
    const clear = { authorization: 'Bearer from-before-it' };
    await database.query('UPDATE webhook_endpoint SET headers = $2 WHERE id = $1', [
      decodeId('webhookEndpoint', endpoint.id),
      clear,
    ]);
    expect(await received()).toMatchObject(clear);
    expect((await actors.gateway.get<EndpointView>(path())).headers).toEqual({ authorization: '***' });
    await actors.running.end('worker', 'SIGTERM');
    await actors.running.start('worker');
    await eventually(async () => expect((await stored())['authorization']).toMatch(/^sealed:v1:/));
    expect(await received()).toMatchObject(clear);
  });
});
