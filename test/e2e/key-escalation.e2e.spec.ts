import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  eventually,
  SlowUpload,
  unique,
  useSharedGateway,
  type GatewayClient,
  type MessageView,
  type ProblemView,
} from '@gateway/testing';

interface KeyView {
  readonly id: string;
  readonly client: string;
  readonly key: string;
}

/** Attempts of a caller with a stolen or a limited key. */
describe('keys and what they must not reach', () => {
  const actors = useSharedGateway('postgres');

  const as = ({ key }: KeyView): GatewayClient => actors.gateway.as(key);
  const make = async (fields: object, by: GatewayClient = actors.gateway): Promise<KeyView> => {
    const { status, body } = await by.post<KeyView>('/v1/api-keys', {
      name: 'n',
      scopes: ['messages:write'],
      ...fields,
    });
    expect([status, body]).toEqual([201, expect.objectContaining({ key: expect.any(String) })]);
    return body;
  };
  const patch = (key: KeyView, body: object, by: GatewayClient) => by.call('PATCH', `/v1/api-keys/${key.id}`, { body });
  const rotate = (key: KeyView, by: GatewayClient) => by.post<KeyView>(`/v1/api-keys/${key.id}/rotate`, {});
  const faults = ({ status, body }: { status: number; body: ProblemView }) => [
    status,
    ...(body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
  ];
  const release = (id: string, by: KeyView) => as(by).post<MessageView>(`/v1/messages/${id}/release`);

  it('give others no more than they have, in scopes and in what they may send', async () => {
    const limits = {
      allowedFrom: ['shop@example.com', 'mail.example.com'],
      allowedAccounts: ['ncp'],
      needsRelease: true,
    };
    const admin = await make({ client: unique('client-'), scopes: ['admin'], ...limits });
    const wish = (fields: object) =>
      as(admin).post('/v1/api-keys', { name: 'n', scopes: ['messages:write'], ...fields });
    expect(faults(await wish({}))).toEqual([
      422,
      '/allowedFrom not_allowed',
      '/allowedAccounts not_allowed',
      '/needsRelease not_allowed',
    ]);
    const beyond = { allowedFrom: ['example.com'], allowedAccounts: ['ncp', 'nhn'], needsRelease: true };
    expect(faults(await wish(beyond))).toEqual([422, '/allowedFrom not_allowed', '/allowedAccounts not_allowed']);
    const within = { ...limits, allowedFrom: ['a@mail.example.com', 'Shop@example.com'] };
    const made = await make(within, as(admin));
    expect(faults(await patch(made, { allowedFrom: [] }, as(admin)))).toEqual([422, '/allowedFrom not_allowed']);
    expect((await patch(made, { name: 'other' }, as(admin))).status).toBe(200);
  });

  it('do not loosen their own limits', async () => {
    const admin = await make({
      client: unique('client-'),
      scopes: ['admin'],
      needsRelease: true,
      allowedIps: ['127.0.0.0/8', '::1'],
      expiresAt: '2098-01-01T00:00:00Z',
      rateLimit: { requestsPerSecond: 500 },
    });
    const loosen = {
      needsRelease: false,
      allowedIps: [],
      expiresAt: '',
      rateLimit: {},
    };
    for (const [name, value] of Object.entries(loosen)) {
      const [status, fault] = faults(await patch(admin, { [name]: value }, as(admin)));
      expect([name, status, fault]).toEqual([name, 422, expect.stringMatching(`^/${name}\\S* not_allowed$`)]);
    }
    const tighten = {
      expiresAt: '2090-01-01T00:00:00Z',
      rateLimit: { requestsPerSecond: 100 },
      allowedIps: ['127.0.0.0/8'],
    };
    expect((await patch(admin, tighten, as(admin))).status).toBe(200);
    expect((await patch(admin, loosen, actors.gateway)).status).toBe(200);
  });

  it('are not shown the secret of a key that may do more', async () => {
    const client = unique('client-');
    const admin = await make({ client, scopes: ['admin'] });
    const stronger = await make({ client, scopes: ['messages:write', 'suppressions:write'] });
    expect((await rotate(stronger, as(admin))).status).toBe(403);
    const limited = await make({ client, scopes: ['admin'], needsRelease: true });
    const free = await make({ client });
    expect((await rotate(free, as(limited))).status).toBe(403);
    expect((await rotate(free, as(admin))).status).toBe(200);
    expect((await rotate(admin, as(admin))).status).toBe(200);
    expect((await rotate(limited, as(limited))).status).toBe(200);
  });

  it('release nothing that they hold, or that the keys hold that made or rotated them', async () => {
    const client = unique('client-');
    const holder = await make({ client, scopes: ['admin'], needsRelease: true });
    const hold = async (): Promise<string> => {
      const { body } = await as(holder).post<MessageView>('/v1/messages', aMessage().build());
      expect(body.status).toBe('held');
      return body.id;
    };
    const id = await hold();
    const made = await make({ scopes: ['admin'], needsRelease: true }, as(holder));
    const grandchild = await make({ needsRelease: true }, as(made));
    const other = await make({ client, needsRelease: true });
    const rotated = (await rotate(other, as(holder))).body;
    const successor = (await rotate(holder, as(holder))).body;
    for (const by of [holder, successor, made, grandchild, other, rotated]) {
      const answer = await release(id, by);
      expect([answer.status, (answer.body as unknown as ProblemView).code]).toEqual([403, 'forbidden']);
    }
    const session = await actors.gateway
      .as(undefined)
      .call('POST', '/dashboard/session', { body: { key: holder.key } });
    const cookie = (session.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await actors.gateway.as(undefined).call('POST', `/v1/messages/${id}/release`, { headers })).status).toBe(
      403,
    );
    expect((await release(id, await make({ client }))).status).toBe(200);
    // Two keys made by the administrator of all clients have no tie to each other.
    expect((await release(await hold(), await make({ client, needsRelease: true }))).status).toBe(200);
  });

  it('hold redriven, scheduled and batched mail as well', async () => {
    const client = unique('client-');
    const free = await make({ client, scopes: ['messages:write', 'messages:read'] });
    const holder = await make({ client, needsRelease: true });
    const sent = await as(free).send(aMessage().to('bounce+mailbox_full@example.com'));
    await as(free).waitUntilFinal(sent.id);
    const again = await as(holder).post<MessageView>(`/v1/messages/${sent.id}/redrive`, {});
    const later = await as(holder).post<MessageView>('/v1/messages', aMessage().dueIn(3_600_000).build());
    const batch = await as(holder).post<{ results: { id: string }[] }>('/v1/messages/batch', {
      messages: [aMessage().build(), aMessage().dueIn(3_600_000).build()],
    });
    const ids = [again.body.id, later.body.id, ...batch.body.results.map((result) => result.id)];
    for (const id of ids) {
      expect((await as(free).message(id)).status).toBe('held');
      expect((await release(id, holder)).status).toBe(403);
      expect((await as(holder).post(`/v1/messages/${id}/redrive`, {})).status).not.toBe(202);
    }
  });

  it('lose a stream of events with the scope for it, and an upload with the key', async () => {
    const client = unique('client-');
    const key = await make({ client, scopes: ['messages:write', 'messages:read'] });
    const { apiUrl } = actors.address;
    const stream = await fetch(`${apiUrl}/v1/events/stream`, { headers: { authorization: `Bearer ${key.key}` } });
    const text = stream.text();
    const upload = new SlowUpload({ apiUrl, apiKey: key.key }, { path: '/v1/messages', type: 'application/x-ndjson' });
    upload.write(`${JSON.stringify({ from: 'a@example.com', subject: 's', text: 't' })}\n`);
    upload.write(`${JSON.stringify({ address: 'late@example.com' })}\n`);
    await upload.flushed();
    await patch(key, { scopes: ['messages:write'] }, actors.gateway);
    const sender = await make({ client, scopes: ['messages:write', 'messages:read'] });
    await as(sender).send(aMessage().to('unseen@example.com'));
    expect(await text).not.toContain('message.accepted');
    await actors.gateway.call('DELETE', `/v1/api-keys/${key.id}`);
    upload.write(`${JSON.stringify({ address: 'later@example.com' })}\n`);
    upload.end();
    await eventually(async () => expect(upload.answer).toMatch(/^HTTP\/1.1 401 /));
    const { data } = await as(sender).get<{ data: unknown[] }>('/v1/recipients', { address: 'late@example.com' });
    expect(data).toEqual([]);
  });

  it('of an administrator of one client reach nothing of the gateway or of others', async () => {
    const admin = await make({ client: unique('client-'), scopes: ['admin'] });
    const other = await make({ client: unique('client-'), scopes: ['admin'] });
    const refused: readonly (readonly [string, string, object?])[] = [
      ['GET', '/v1/routes'],
      ['PUT', '/v1/routes', { version: 0, routes: [] }],
      ['POST', '/v1/providers/ncp/pause', { reason: 'r' }],
      ['POST', '/v1/suppressions', { addresses: ['kim@example.com'], scope: 'all' }],
      ['GET', '/v1/statistics?source=provider&groupBy=provider'],
      ['GET', '/queues'],
    ];
    for (const [method, path, body] of refused) {
      const { status } = await as(admin).call(method, path, body === undefined ? {} : { body });
      expect([method, path, status]).toEqual([method, path, 403]);
    }
    await as(other).post('/v1/groups', { name: unique('g') });
    for (const query of [`actor=${other.id}`, `actor=${other.client}`, 'actor=gateway', 'actor=default']) {
      expect((await as(admin).get<{ data: unknown[] }>(`/v1/audit?${query}`)).data).toEqual([]);
    }
    const session = await actors.gateway.as(undefined).call('POST', '/dashboard/session', { body: { key: admin.key } });
    const cookie = (session.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    const look = await actors.gateway.as(undefined).call('PATCH', '/dashboard/session', {
      body: { client: other.client },
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    });
    expect(look.status).toBe(403);
  });
});
