import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  aMessage,
  unique,
  useSharedGateway,
  type GatewayClient,
  type MessageView,
  type PageView,
} from '@gateway/testing';

interface KeyView {
  readonly id: string;
  readonly client: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly revokedAt: string | null;
  readonly key: string;
}

interface Operation {
  readonly description: string;
  readonly 'x-scope'?: string;
}

describe('clients and keys', () => {
  const actors = useSharedGateway('postgres');

  const makeKey = async (scopes: readonly string[], client = unique('client-')): Promise<KeyView> => {
    const { status, body } = await actors.gateway.post<KeyView>('/v1/api-keys', { client, name: 'test', scopes });
    expect(status).toBe(201);
    return body;
  };

  const paths = (id: string) => [
    `/v1/messages/${id}`,
    ...['recipients', 'batches', 'events'].map((p) => `/v1/messages/${id}/${p}`),
  ];

  it('hides the messages of one client from another', async () => {
    const { gateway } = actors;
    const address = `${unique('r.')}@example.com`;
    const { id } = await gateway.send(aMessage().to(address).dueIn(3_600_000));
    const other = gateway.as((await makeKey(['messages:read', 'messages:write'])).key);
    for (const path of paths(id)) expect(await statusOf(other, 'GET', path)).toEqual([404, 'not_found']);
    expect(await statusOf(other, 'POST', `/v1/messages/${id}/cancel`)).toEqual([404, 'not_found']);
    expect((await other.get<PageView<MessageView>>('/v1/messages')).data).toEqual([]);
    expect((await other.get<PageView<unknown>>('/v1/recipients', { address })).data).toEqual([]);
    expect((await gateway.message(id)).status).toBe('scheduled');
  });

  it('shares resources among all keys of a client', async () => {
    const { gateway } = actors;
    const client = unique('client-');
    const [writer, reader] = [await makeKey(['messages:write'], client), await makeKey(['messages:read'], client)];
    const { id } = await gateway.as(writer.key).send(aMessage());
    expect((await gateway.as(reader.key).message(id)).id).toBe(id);
  });

  it('asks for the scope of each call', async () => {
    const { gateway } = actors;
    const { id } = await gateway.send(aMessage().dueIn(3_600_000));
    const [reader, writer] = [await makeKey(['messages:read']), await makeKey(['messages:write'])];
    const [canRead, canWrite] = [gateway.as(reader.key), gateway.as(writer.key)];
    expect(await statusOf(canRead, 'POST', '/v1/messages', aMessage().build())).toEqual([403, 'forbidden']);
    expect(await statusOf(canRead, 'POST', '/v1/messages/preview', aMessage().build())).toEqual([403, 'forbidden']);
    expect(await statusOf(canRead, 'POST', `/v1/messages/${id}/cancel`)).toEqual([403, 'forbidden']);
    for (const path of [...paths(id), '/v1/messages', '/v1/recipients?address=a@example.com']) {
      expect(await statusOf(canWrite, 'GET', path)).toEqual([403, 'forbidden']);
    }
    for (const path of ['/v1/api-keys', '/v1/providers']) {
      expect(await statusOf(canRead, 'GET', path)).toEqual([403, 'forbidden']);
    }
    const body = { name: 'more', scopes: ['admin'] };
    expect(await statusOf(canRead, 'POST', '/v1/api-keys', body)).toEqual([403, 'forbidden']);
    expect(await statusOf(canRead, 'DELETE', `/v1/api-keys/${reader.id}`)).toEqual([403, 'forbidden']);
  });

  it.each([
    ['suppressions', 'GET', '/v1/suppressions', 200],
    ['suppressions', 'POST', '/v1/suppressions', 403],
    ['suppressions', 'POST', '/v1/suppressions/sync', 403],
    ['suppressions', 'DELETE', '/v1/suppressions/nobody@example.com', 403],
    ['suppressions:write', 'GET', '/v1/suppressions', 403],
    ['suppressions:write', 'POST', '/v1/suppressions', 422],
    ['suppressions:write', 'DELETE', '/v1/suppressions/nobody@example.com', 404],
    ['providers', 'GET', '/v1/providers', 200],
    ['providers', 'POST', '/v1/providers/none/pause', 403],
    ['providers', 'POST', '/v1/providers/none/resume', 403],
    ['providers:write', 'GET', '/v1/providers', 403],
    ['providers:write', 'POST', '/v1/providers/none/resume', 404],
    ['statistics', 'GET', '/v1/statistics', 200],
    ['statistics', 'GET', '/v1/statistics?source=provider', 403],
  ])('what belongs to all clients is read with one scope and changed with another: %s, %s %s', async (...row) => {
    const [scope, method, path, status] = row;
    const caller = actors.gateway.as((await makeKey([scope])).key);
    expect((await caller.call(method, path, method === 'POST' ? { body: {} } : {})).status).toBe(status);
  });

  it('names the scope of every call in the OpenAPI document', async () => {
    const { body } = await actors.gateway.call<{ paths: Record<string, Record<string, Operation>> }>(
      'GET',
      '/openapi.json',
    );
    const calls = Object.entries(body.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
    );
    for (const { path, description, 'x-scope': scope } of calls.filter((call) => call.path.startsWith('/v1/'))) {
      expect([path, description]).toEqual([path, expect.stringContaining(`Scope: \`${scope}\``)]);
    }
    const of = (method: string, path: string) => calls.find((call) => call.method === method && call.path === path);
    expect(of('put', '/v1/providers/{name}/bounce-block')?.['x-scope']).toBe('admin');
    expect(of('post', '/v1/suppressions')?.['x-scope']).toBe('suppressions:write');
    expect(of('get', '/v1/suppressions')?.['x-scope']).toBe('suppressions');
  });

  it('wants a key for everything below /v1', async () => {
    const { gateway } = actors;
    for (const key of [undefined, 'gk_unknown_unknown_unknown', 'x', 'ü'.normalize('NFD').slice(0, 1).repeat(20)]) {
      const stranger = gateway.as(key);
      for (const path of ['/v1/messages', '/v1/messages/msg_x', '/v1/providers', '/v1/nothing', '/v1']) {
        const { status, headers, body } = await stranger.call('GET', path);
        expect([status, body.code]).toEqual([401, 'unauthorized']);
        expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
      expect(await statusOf(stranger, 'POST', '/v1/messages', aMessage().build())).toEqual([401, 'unauthorized']);
    }
  });

  it('shows a key once, stores only its hash, and forgets it when it is revoked', async () => {
    const { gateway, address } = actors;
    const { key, id } = await makeKey(['messages:read', 'messages:read']);
    const listed = (await gateway.all<KeyView>('/v1/api-keys')).find((entry) => entry.id === id);
    expect(listed).toMatchObject({ scopes: ['messages:read'], revokedAt: null });
    expect(JSON.stringify(listed)).not.toContain(key);
    const database = new pg.Client({ connectionString: address.databaseUrl });
    await database.connect();
    const { rows } = await database.query<{ row: string }>('SELECT api_key::text AS row FROM api_key');
    await database.end();
    const hash = createHash('sha256').update(key).digest('hex');
    expect(rows.filter(({ row }) => row.includes(hash)).length).toBe(1);
    expect(rows.filter(({ row }) => row.includes(key))).toEqual([]);

    expect((await gateway.as(key).call('GET', '/v1/messages')).status).toBe(200);
    expect((await gateway.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    expect(await statusOf(gateway.as(key), 'GET', '/v1/messages')).toEqual([401, 'unauthorized']);
    expect((await gateway.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    expect(await statusOf(gateway, 'DELETE', '/v1/api-keys/key_nobody')).toEqual([404, 'not_found']);
  });

  it('gives the same key again to a repeated request, and no secret to the database', async () => {
    const { gateway, address } = actors;
    const headers = { 'idempotency-key': unique('key-') };
    const body = { name: unique('name-'), scopes: ['messages:read'] };
    const first = await gateway.post<KeyView>('/v1/api-keys', body, headers);
    const second = await gateway.post<KeyView>('/v1/api-keys', body, headers);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    const database = new pg.Client({ connectionString: address.databaseUrl });
    await database.connect();
    const { rows } = await database.query<{ text: string }>(
      "SELECT encode(response, 'escape') AS text FROM idempotency_key WHERE key = $1",
      [headers['idempotency-key']],
    );
    await database.end();
    expect(rows.length).toBe(1);
    expect(rows[0]?.text).not.toContain(first.body.key);
  });

  it.each([
    [{ name: 'x', scopes: [] }, '/scopes', 'too_few'],
    [{ name: 'x', scopes: ['everything'] }, '/scopes/0', 'not_allowed'],
    [{ scopes: ['admin'] }, '/name', 'required'],
    [{ name: '', scopes: ['admin'] }, '/name', 'required'],
    [{ name: 'x', scopes: ['admin'], colour: 'red' }, '/colour', 'unknown_field'],
  ])('refuses the key %j', async (body, pointer, code) => {
    const { gateway } = actors;
    const refused = await gateway.post('/v1/api-keys', body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
  });
});

async function statusOf(caller: GatewayClient, method: string, path: string, body?: unknown) {
  const answer = await caller.call(method, path, body === undefined ? {} : { body });
  return [answer.status, answer.body.code];
}
