import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { aMessage, eventually, unique, useOwnGateway, type GatewayClient, type PageView } from '@gateway/testing';
import { callsOf, type OpenApi } from '../support/open-api.js';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly keyId: string | null; readonly client: string | null; readonly process: string };
  readonly action: string;
  readonly target: string | null;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

/** Calls that change nothing but mail itself, or nothing at all. */
const NO_ACTS: readonly string[] = [
  'POST /v1/messages',
  'POST /v1/messages/batch',
  'POST /v1/messages/preview',
  'POST /v1/attachments',
  'POST /v1/templates/{id}/preview',
  'POST /v1/templates/export',
  'POST /v1/routes/dry-run',
  'POST /v1/providers/{name}/check',
  'POST /v1/webhook-endpoints/{id}/test',
];

describe('the audit log', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { WEBHOOK_MASTER_KEY: 'a'.repeat(64) } });
  const seen = new Set<string>();
  /** Acts without exactly one entry of this caller. */
  const wrong: unknown[] = [];
  let caller: GatewayClient;
  let key: { readonly id: string; readonly client: string };

  beforeAll(async () => {
    const scopes = ['admin', 'suppressions:write', 'providers:write'];
    const made = await actors.gateway.post<{ id: string; client: string; key: string }>('/v1/api-keys', {
      name: 'auditor',
      scopes,
    });
    key = made.body;
    caller = actors.gateway.as(made.body.key);
  });

  const entries = (query: Record<string, string> = {}): Promise<readonly Entry[]> =>
    actors.gateway.all('/v1/audit', { limit: 100, ...query });

  async function exported(path: string): Promise<readonly unknown[]> {
    const { apiUrl, apiKey } = actors.address;
    const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/x-ndjson' };
    const answer = await fetch(`${apiUrl}${path}`, { headers });
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await answer.text()).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as unknown);
  }

  /** Calls as documented; expects a good answer and exactly one entry for it. */
  async function act<T = { id: string }>(
    method: string,
    pattern: string,
    given: { ids?: readonly string[]; body?: unknown; headers?: Record<string, string> } = {},
  ) {
    const ids = [...(given.ids ?? [])];
    const path = pattern.replaceAll(/\{\w+\}/g, () => ids.shift() ?? '');
    const { body, headers } = given;
    const requestId = unique('audit-');
    const answer = await caller.call<T>(method, path, { body, headers: { 'x-request-id': requestId, ...headers } });
    if (![200, 201, 202, 204].includes(answer.status)) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    const found = (await entries({ actor: key.id })).filter((entry) => entry.requestId === requestId);
    const good =
      found.length === 1 && isDeepStrictEqual(found[0]?.actor, { keyId: key.id, client: key.client, process: 'api' });
    if (!good) wrong.push([method, pattern, found]);
    seen.add(`${method} ${pattern}`);
    return { answer: answer.body, entry: (found[0] ?? {}) as Entry };
  }

  it('has an entry for every act of a caller', async () => {
    const client = unique('client-');
    const made = await act('POST', '/v1/api-keys', {
      body: { client, name: 'n', scopes: ['templates'], allowedFrom: ['kim@example.com'] },
    });
    expect(made.entry).toMatchObject({
      action: 'api_key.create',
      target: made.answer.id,
      after: { name: 'n', allowedFrom: ['k***@example.com'] },
    });
    const ofKey = { ids: [made.answer.id] };
    const changed = await act('PATCH', '/v1/api-keys/{id}', { ...ofKey, body: { name: 'm' } });
    expect(changed.entry).toMatchObject({ target: made.answer.id, before: { name: 'n' }, after: { name: 'm' } });
    await act('POST', '/v1/api-keys/{id}/rotate', { ...ofKey, body: {} });
    expect((await act('DELETE', '/v1/api-keys/{id}', ofKey)).entry.after).toEqual({ revokedAt: expect.any(String) });

    const category = await act('POST', '/v1/template-categories', { body: { name: unique('c') } });
    await act('PATCH', '/v1/template-categories/{id}', { ids: [category.answer.id], body: { description: 'd' } });
    const template = await act('POST', '/v1/templates', {
      body: { name: unique('t'), from: 'shop@example.com', subject: 's', text: 't' },
    });
    const ofTemplate = { ids: [template.answer.id] };
    const version = await act('PATCH', '/v1/templates/{id}', { ...ofTemplate, body: { subject: 'other' } });
    expect(version.entry).toMatchObject({ before: { version: 1 }, after: { version: 2 } });
    await act('POST', '/v1/templates/{id}/push', { ...ofTemplate, body: { provider: 'ncp' } });
    await act('DELETE', '/v1/templates/{id}', ofTemplate);
    await act('POST', '/v1/templates/{id}/restore', ofTemplate);
    const file = (await caller.call('POST', '/v1/templates/export')).body;
    await act('POST', '/v1/templates/import', { body: file });
    await act('DELETE', '/v1/template-categories/{id}', { ids: [category.answer.id] });

    const contact = await act('POST', '/v1/contacts', { body: { addresses: ['lee@example.com'], name: 'Lee' } });
    expect(JSON.stringify(contact.entry)).not.toMatch(/lee@|Lee/);
    const ofContact = { ids: [contact.answer.id] };
    await act('PATCH', '/v1/contacts/{id}', { ...ofContact, body: { name: 'Kim' } });
    const group = await act('POST', '/v1/groups', { body: { name: unique('g') } });
    const ofGroup = { ids: [group.answer.id] };
    await act('PATCH', '/v1/groups/{id}', { ...ofGroup, body: { description: 'd' } });
    const members = { ...ofGroup, body: { contactIds: [contact.answer.id] } };
    expect((await act('POST', '/v1/groups/{id}/members', members)).entry.after).toMatchObject({ added: 1 });
    await act('POST', '/v1/groups/{id}/push', { ...ofGroup, body: { provider: 'ncp' } });
    await act('DELETE', '/v1/groups/{id}/members', members);
    await act('POST', '/v1/groups/{id}/empty', ofGroup);
    await act('DELETE', '/v1/groups/{id}', ofGroup);
    await act('DELETE', '/v1/contacts/{id}', ofContact);
    await act('POST', '/v1/contacts/import', {
      body: 'address\npark@example.com\n',
      headers: { 'content-type': 'text/csv' },
    });

    const suppressed = await act('POST', '/v1/suppressions', {
      body: { addresses: ['gone@example.com'], scope: 'all' },
    });
    expect(suppressed.entry.after).toEqual({ added: 1, ignored: 0 });
    const removed = await act('DELETE', '/v1/suppressions/{address}', { ids: ['gone@example.com'] });
    expect(removed.entry.target).toBe('g***@example.com');
    await act('POST', '/v1/suppressions/sync', { body: { provider: 'ncp' } });

    await act('POST', '/v1/providers/{name}/pause', { ids: ['nhn'], body: { reason: 'audit' } });
    await act('POST', '/v1/providers/{name}/drain', { ids: ['nhn'], body: { reason: 'audit' } });
    await act('POST', '/v1/providers/{name}/resume', { ids: ['nhn'] });
    await act('PUT', '/v1/providers/{name}/bounce-block', { ids: ['ncp'], body: { hours: 168 } });
    await act('DELETE', '/v1/providers/{name}/groups', { ids: ['ncp'] });

    const routes = [{ name: 'all', use: [{ account: 'ncp', weight: 1 }] }];
    const replaced = await act('PUT', '/v1/routes', { body: { version: 0, routes } });
    expect(replaced.entry).toMatchObject({ before: { version: 0 }, after: { version: 1, routes } });

    const attachment = await caller.upload('a.txt', 'text');
    await act('DELETE', '/v1/attachments/{id}', { ids: [attachment.id] });
    const held = await caller.send(aMessage().dueIn(3_600_000));
    const cancelled = await act('POST', '/v1/messages/{id}/cancel', { ids: [held.id] });
    expect(cancelled.entry).toMatchObject({ before: { status: 'scheduled' }, after: { status: 'cancelled' } });
    const waiting = await actors.gateway.post<{ id: string }>('/v1/messages', { ...aMessage().build(), hold: true });
    const released = await act('POST', '/v1/messages/{id}/release', { ids: [waiting.body.id] });
    expect(released.entry).toMatchObject({ before: { status: 'held' } });
    await act('POST', '/v1/messages/{id}/redrive', { ids: [held.id], body: { statuses: ['cancelled'] } });

    const erasure = await act('POST', '/v1/erasures', {
      body: { addresses: ['gone@example.com'], reason: 'asked for' },
    });
    expect(erasure.entry).toMatchObject({ target: erasure.answer.id, after: { addressCount: 1 } });
    expect(JSON.stringify(erasure.entry)).not.toContain('gone@');

    const endpoint = await act('POST', '/v1/webhook-endpoints', {
      body: { url: 'https://example.com/hook?token=secret', events: ['message.completed'] },
    });
    expect(endpoint.entry.after).toMatchObject({ url: 'https://example.com/hook?***' });
    const ofEndpoint = { ids: [endpoint.answer.id] };
    await act('PATCH', '/v1/webhook-endpoints/{id}', { ...ofEndpoint, body: { description: 'd' } });
    const rotated = await act('POST', '/v1/webhook-endpoints/{id}/rotate-secret', { ...ofEndpoint, body: {} });
    expect(JSON.stringify(rotated.entry)).not.toContain('whsec_');
    await act('POST', '/v1/webhook-endpoints/{id}/replay', {
      ...ofEndpoint,
      body: { from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' },
    });
    await act('POST', '/v1/webhook-endpoints/{id}/pause', ofEndpoint);
    await act('POST', '/v1/webhook-endpoints/{id}/resume', { ...ofEndpoint, body: {} });
    const { id: unheard } = (await caller.post<{ id: string }>('/v1/webhook-endpoints', { url: 'http://127.0.0.1:9/' }))
      .body;
    await caller.send(aMessage());
    const [delivery] = await eventually(async () => {
      const { data } = await caller.get<PageView<{ id: string }>>(`/v1/webhook-endpoints/${unheard}/deliveries`);
      if (data.length === 0) throw new Error('no delivery yet');
      return data;
    });
    await act('POST', '/v1/webhook-endpoints/{id}/deliveries/{deliveryId}/retry', {
      ids: [unheard, delivery?.id ?? ''],
    });
    await act('DELETE', '/v1/webhook-endpoints/{id}', ofEndpoint);
    expect(wrong).toEqual([]);
  });

  it('knows every changing call of the OpenAPI document', async () => {
    const changing = callsOf(await actors.gateway.get<OpenApi>('/openapi.json'))
      .filter(({ method, path, open }) => method !== 'GET' && open !== true && path.startsWith('/v1/'))
      .map(({ method, path }) => `${method} ${path}`)
      .filter((call) => !NO_ACTS.includes(call));
    expect(changing.filter((call) => !seen.has(call))).toEqual([]);
  });

  it('has no entry for what was refused, or found nothing to change', async () => {
    const [last] = await entries();
    const refused = [
      await caller.call('PATCH', '/v1/templates/tpl_01h455vb4pex5vsknk084sn02q', { body: { name: 'x' } }),
      await caller.call('DELETE', '/v1/suppressions/nobody@example.com'),
      await caller.post('/v1/templates', { name: 'x' }),
      await caller.call('DELETE', '/v1/api-keys/key_01h455vb4pex5vsknk084sn02q'),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 422, 404]);
    expect((await entries())[0]).toEqual(last);
  });

  it('is filtered, paged and exported', async () => {
    const all = await entries({ actor: key.id });
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    const [newest, second] = all;
    expect((await entries({ action: 'api_key', actor: key.id })).map(({ action }) => action)).toEqual([
      'api_key.revoke',
      'api_key.rotate',
      'api_key.update',
      'api_key.create',
    ]);
    expect(await entries({ target: 'gone@example.com' })).toHaveLength(1);
    const page = await caller.get<PageView<Entry>>('/v1/audit', { limit: 1, actor: key.id });
    expect(page.data).toEqual([newest]);
    expect(await exported(`/v1/audit/export?since=${second?.id}&actor=${key.id}`)).toEqual([newest]);
    expect(await exported(`/v1/audit?actor=${key.id}`)).toEqual(all.toReversed());
    for (const [query, pointer] of [
      ['since=soon', '/since'],
      ['since=adt_01h455vb4pex5vsknk084sn02q', '/since'],
      ['who=me', '/who'],
    ]) {
      const { status, body } = await caller.call('GET', `/v1/audit?${query}`);
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    }
  });

  it('shows an administrator of one client the acts of its keys only, and others nothing', async () => {
    const of = async (scopes: readonly string[]): Promise<GatewayClient> => {
      const made = await actors.gateway.post<{ key: string }>('/v1/api-keys', {
        client: unique('client-'),
        name: 'n',
        scopes,
      });
      return actors.gateway.as(made.body.key);
    };
    const admin = await of(['admin']);
    expect((await admin.get<PageView<Entry>>('/v1/audit')).data).toEqual([]);
    await admin.post('/v1/groups', { name: unique('g') });
    expect((await admin.get<PageView<Entry>>('/v1/audit')).data.map(({ action }) => action)).toEqual(['group.create']);
    expect((await (await of(['messages:read'])).call('GET', '/v1/audit')).status).toBe(403);
  });

  it('cannot be changed by the role of the application, nor by the owner', async () => {
    for (const connectionString of [actors.address.applicationUrl, actors.address.databaseUrl]) {
      const client = new pg.Client({ connectionString });
      await client.connect();
      try {
        for (const statement of [
          `UPDATE audit_entry SET action = 'x'`,
          'DELETE FROM audit_entry',
          'TRUNCATE audit_entry',
        ]) {
          await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
        }
        const { rows } = await client.query<{ erased: number }>('SELECT erase_audit(now(), 1000) AS erased');
        expect(rows).toEqual([{ erased: 0 }]);
      } finally {
        await client.end();
      }
    }
  });
});
