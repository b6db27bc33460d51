import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { aMessage, eventually, unique, useOwnGateway, type GatewayClient, type ProblemView } from '@gateway/testing';

interface KeyView {
  readonly id: string;
  readonly client: string;
  readonly key: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly [name: string]: unknown;
}

describe('keys', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { TRUSTED_PROXIES: '127.0.0.1', LOG_LEVEL: 'info' } });

  const make = async (fields: object, by: GatewayClient = actors.gateway): Promise<KeyView> => {
    const { status, body } = await by.post<KeyView>('/v1/api-keys', {
      name: 'test',
      scopes: ['messages:write'],
      ...fields,
    });
    expect([status, body]).toEqual([201, expect.objectContaining({ key: expect.any(String) })]);
    return body;
  };
  const as = ({ key }: KeyView): GatewayClient => actors.gateway.as(key);
  const inOtherClient = (fields: object = {}): Promise<KeyView> => make({ client: unique('client-'), ...fields });
  const works = async (key: KeyView): Promise<number> =>
    (await as(key).post('/v1/messages/preview', aMessage().build())).status;
  const fieldsOf = ({ status, body }: { status: number; body: ProblemView }) => [
    status,
    body.code,
    ...(body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
  ];
  const change = (key: KeyView, fields: object) =>
    actors.gateway.call<KeyView>('PATCH', `/v1/api-keys/${key.id}`, { body: fields });
  const listed = async (key: KeyView): Promise<KeyView | undefined> =>
    (await actors.gateway.all<KeyView>('/v1/api-keys')).find(({ id }) => id === key.id);

  it('are shown with their limits in one spelling, and without the key', async () => {
    const given = {
      allowedIps: ['10.1.2.3/8', '127.0.0.1', '::ffff:192.0.2.0/120', '2001:DB8:0::1/32'],
      allowedFrom: ['Shop@EXAMPLE.com', '한국.kr'],
      allowedAccounts: ['ncp'],
      rateLimit: { requestsPerSecond: 100 },
      expiresAt: '2099-01-01T09:00:00+09:00',
    };
    const { key, ...made } = await inOtherClient(given);
    expect(key).toMatch(/^gk_/);
    expect(made).toMatchObject({
      allowedIps: ['10.0.0.0/8', '127.0.0.1/32', '192.0.2.0/24', '2001:db8::/32'],
      allowedFrom: ['shop@example.com', 'xn--3e0b707e.kr'],
      allowedAccounts: ['ncp'],
      needsRelease: false,
      rateLimit: { requestsPerSecond: 100 },
      expiresAt: '2099-01-01T00:00:00.000Z',
      lastUsedAt: null,
    });
    const changed = await change(made as KeyView, { expiresAt: '', rateLimit: {}, allowedIps: [], name: 'other' });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'other', expiresAt: null, rateLimit: null, allowedIps: [], allowedAccounts: ['ncp'] },
    });
    expect(await listed(made as KeyView)).toEqual(changed.body);
  });

  it.each([
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt in_the_past'],
    [{ expiresAt: 'tomorrow' }, '/expiresAt invalid_type'],
    [{ allowedIps: ['10.0.0.0/33'] }, '/allowedIps/0 not_allowed'],
    [{ allowedIps: ['10.1'] }, '/allowedIps/0 not_allowed'],
    [{ allowedFrom: ['@example.com'] }, '/allowedFrom/0 invalid_address'],
    [{ allowedAccounts: ['nobody'] }, '/allowedAccounts/0 unknown_reference'],
    [{ rateLimit: { requestsPerSecond: 0 } }, '/rateLimit/requestsPerSecond not_allowed'],
    [{ rateLimit: { perMinute: 1 } }, '/rateLimit/perMinute unknown_field'],
    [{ needsRelease: 'yes' }, '/needsRelease invalid_type'],
  ])('with a wrong limit are refused: %j', async (fields, fault) => {
    const body = { name: 'test', scopes: ['messages:write'], ...fields };
    expect(fieldsOf(await actors.gateway.post('/v1/api-keys', body))).toEqual([422, 'validation_failed', fault]);
  });

  it('end by themselves', async () => {
    const key = await inOtherClient({ expiresAt: new Date(Date.now() + 1500).toISOString() });
    expect(await works(key)).toBe(200);
    await eventually(async () => expect(await works(key)).toBe(401));
    // It lives on when its end is moved.
    await change(key, { expiresAt: '2099-01-01T00:00:00Z' });
    expect(await works(key)).toBe(200);
  });

  it('are rotated with an overlap, or at once', async () => {
    const first = await inOtherClient();
    const rotate = (overlap: string) => actors.gateway.post<KeyView>(`/v1/api-keys/${first.id}/rotate`, { overlap });
    const { status, body: second } = await rotate('PT2S');
    expect([status, second]).toEqual([
      200,
      expect.objectContaining({ id: first.id, client: first.client, previousValidUntil: expect.any(String) }),
    ]);
    expect([await works(first), await works(second)]).toEqual([200, 200]);
    await eventually(async () => expect(await works(first)).toBe(401));
    const { body: third } = await rotate('PT0S');
    expect([await works(second), await works(third)]).toEqual([401, 200]);
    expect(fieldsOf((await rotate('P8D')) as never)).toEqual([422, 'validation_failed', '/overlap too_large']);
    expect((await actors.gateway.call('DELETE', `/v1/api-keys/${first.id}`)).status).toBe(204);
    expect(await works(third)).toBe(401);
    expect((await rotate('PT1H')).status).toBe(404);
  });

  it('say when they were used', async () => {
    const key = await inOtherClient();
    expect((await listed(key))?.lastUsedAt).toBeNull();
    await works(key);
    expect((await listed(key))?.lastUsedAt).toEqual(expect.any(String));
  });

  it('are named with their client in the log line of each request, also of a refused one, and not shown', async () => {
    const { id, client, key } = await inOtherClient();
    const caller = actors.gateway.as(key);
    const requests = [
      await caller.post('/v1/messages/preview', aMessage().build()),
      await caller.call('GET', '/v1/audit'),
    ];
    expect(requests.map(({ status }) => status)).toEqual([200, 403]);
    const log = (): string => readFileSync(join(actors.address.logs, 'api.log'), 'utf8');
    for (const { status, headers } of requests) {
      const requestId = headers.get('x-request-id') ?? '';
      await eventually(async () => expect(log()).toContain(requestId));
      const line =
        log()
          .split('\n')
          .find((text) => text.includes(requestId) && text.includes('"msg":"request"')) ?? '';
      expect(JSON.parse(line)).toMatchObject({ keyId: id, client, status });
    }
    expect(log()).not.toContain(key);
  });

  it('are refused from another network, also one that a caller claims', async () => {
    const call = async (key: KeyView, forwardedFor?: string): Promise<number> => {
      const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
      return (await as(key).call('POST', '/v1/messages/preview', { body: aMessage().build(), headers })).status;
    };
    const key = await inOtherClient({ allowedIps: ['203.0.113.0/24', '2001:db8::/32'] });
    expect(await call(key)).toBe(401);
    expect(await call(key, '203.0.113.9')).toBe(200);
    expect(await call(key, '::ffff:203.0.113.9')).toBe(200);
    expect(await call(key, '2001:db8::1')).toBe(200);
    expect(await call(key, '198.51.100.1')).toBe(401);
    // The last address that no trusted proxy has is the caller's; those before it are its words.
    expect(await call(key, '203.0.113.9, 198.51.100.1')).toBe(401);
    expect(await call(key, 'nonsense')).toBe(401);
  });

  it('send as their senders only, wherever a sender comes from', async () => {
    const { gateway } = actors;
    const client = unique('client-');
    const open = await make({ client, scopes: ['messages:write', 'messages:read', 'templates'] });
    const tied = await make({ client, allowedFrom: ['shop@example.com', 'mail.example.com'] });
    const from = (address: string) => ({ ...aMessage().build(), from: address });
    const refused = [403, 'sender_not_allowed', '/from not_allowed'];
    for (const good of ['Shop@example.com', 'any@mail.example.com']) {
      expect((await as(tied).post('/v1/messages', from(good))).status).toBe(202);
    }
    for (const bad of ['other@example.com', 'any@sub.mail.example.com', 'shop@example.org']) {
      expect(fieldsOf(await as(tied).post('/v1/messages', from(bad)))).toEqual(refused);
    }
    const bad = from('other@example.com');
    expect(fieldsOf(await as(tied).post('/v1/messages/preview', bad))).toEqual(refused);
    expect(fieldsOf(await as(tied).post('/v1/messages', { ...bad, dryRun: true }))).toEqual(refused);
    const batch = await as(tied).post<{ results: { problem?: ProblemView }[] }>('/v1/messages/batch', {
      messages: [bad, from('shop@example.com')],
    });
    expect(batch.body.results.map(({ problem }) => problem?.code)).toEqual(['sender_not_allowed', undefined]);
    const { to: _to, recipients: _recipients, ...head } = bad as unknown as Record<string, unknown>;
    const lines = [head, { address: 'kim@example.com' }].map((line) => `${JSON.stringify(line)}\n`).join('');
    const streamed = await as(tied).post('/v1/messages', lines, { 'content-type': 'application/x-ndjson' });
    expect(fieldsOf(streamed)).toEqual(refused);
    const template = await as(open).post<{ id: string }>('/v1/templates', {
      name: unique('t'),
      from: 'other@example.com',
      subject: 's',
      text: 't',
    });
    const ofTemplate = { template: { id: template.body.id }, to: 'kim@example.com' };
    expect(fieldsOf(await as(tied).post('/v1/messages', ofTemplate))).toEqual(refused);
    const sent = await as(open).send(aMessage().to('bounce+unknown_user@example.com'));
    await gateway.as(open.key).waitUntilFinal(sent.id);
    const again = await as(tied).post(`/v1/messages/${sent.id}/redrive`, { statuses: ['bounced'] });
    expect([again.status, again.body.code]).toEqual([403, 'sender_not_allowed']);
  });

  it('are not deceived by other spellings of a sender', async () => {
    const tied = await inOtherClient({ allowedFrom: ['shop@example.com', '한국.example'] });
    const as202 = async (from: unknown): Promise<boolean> =>
      (await as(tied).post('/v1/messages', { ...aMessage().build(), from })).status === 202;
    // One address in several spellings.
    for (const good of ['SHOP@EXAMPLE.COM', 'Shop <shop@example.com>', 'a@한국.example', 'a@xn--3e0b707e.example']) {
      expect([good, await as202(good)]).toEqual([good, true]);
    }
    const others = [
      'shop+other@example.com',
      's.hop@example.com',
      'shop@example.com.example',
      'shop@sub.example.com',
      '"shop@example.com"@example.org',
      'shop@example.com <other@example.org>',
      '"shop@example.com" <other@example.org>',
      '<shop@example.com> other@example.org',
      'other@example.org, shop@example.com',
      'shop@example.com\r\nFrom: other@example.org',
      'shop@example.com\u0000@example.org',
      'shop\u200b@example.com',
      'ｓhop@example.com',
      'shop@ехаmple.com',
      'a@한국.example.example',
      'a@b.한국.example',
    ];
    for (const other of others) {
      expect([other, await as202(other)]).toEqual([other, false]);
      expect([other, await as202({ address: other, name: 'shop@example.com' })]).toEqual([other, false]);
    }
    // Nor by a header.
    for (const name of ['From', 'sender']) {
      const body = { ...aMessage().build(), from: 'shop@example.com', headers: { [name]: 'other@example.org' } };
      expect([name, (await as(tied).post('/v1/messages', body)).status]).toEqual([name, 422]);
    }
  });

  it('use their accounts only', async () => {
    const tied = await inOtherClient({ allowedAccounts: ['nhn'] });
    const by = (provider: string) => as(tied).post('/v1/messages', { ...aMessage().build(), provider });
    expect(fieldsOf(await by('ncp'))).toEqual([403, 'sender_not_allowed', '/provider not_allowed']);
    expect((await by('nhn')).status).toBe(202);
    const auto = await by('auto');
    expect(auto).toMatchObject({ status: 202, body: { routing: { provider: 'nhn' } } });
    const { routing } = auto.body as unknown as {
      routing: { candidates: { provider: string; able: boolean; reasons: string[] }[] };
    };
    expect(routing.candidates.find(({ provider }) => provider === 'ncp')).toMatchObject({
      able: false,
      reasons: ['the API key may not use this account'],
    });
  });

  it('are held to their rates, and told what is left', async () => {
    const { body } = await actors.gateway.post<KeyView>('/v1/api-keys', {
      client: unique('client-'),
      name: 'n',
      scopes: ['messages:write'],
      rateLimit: { requestsPerSecond: 3, recipientsPerSecond: 5 },
    });
    const preview = () => as(body).post('/v1/messages/preview', aMessage().build());
    const first = await preview();
    expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=3;w=1, "recipients";q=5;w=1');
    expect(first.headers.get('ratelimit')).toMatch(/^"requests";r=[0-2];t=1, "recipients";r=5;t=1$/);
    const answers = await Promise.all(Array.from({ length: 12 }, preview));
    const refused = answers.filter(({ status }) => status !== 200);
    // A second may end meanwhile.
    expect(refused.length).toBeGreaterThanOrEqual(12 - 3 - 3);
    for (const { status, body: problem, headers } of refused) {
      expect([status, problem.code, problem.retryable, headers.get('retry-after')]).toEqual([
        429,
        'rate_limited',
        true,
        '1',
      ]);
      expect(headers.get('ratelimit')).toMatch(/^"requests";r=0;t=1, /);
    }
    // More than a second's rate goes, and the seconds after it pay for it.
    const to = Array.from({ length: 50 }, (_, i) => `r${i}@example.com`);
    await eventually(async () => {
      const large = await as(body).post('/v1/messages', { from: 'a@example.com', subject: 's', text: 't', to });
      expect(large.status).toBe(202);
    });
    await eventually(async () => {
      const next = await as(body).post('/v1/messages', aMessage().build());
      expect([next.status, next.body.detail]).toEqual([429, expect.stringContaining('5 recipients per second')]);
    });
  });

  it('of an administrator of one client concern that client only', async () => {
    const admin = await inOtherClient({ scopes: ['admin'] });
    const colleague = await make({ scopes: ['messages:read'] }, as(admin));
    expect(colleague.client).toBe(admin.client);
    const foreign = await inOtherClient();
    const ids = (await as(admin).all<KeyView>('/v1/api-keys')).map(({ id }) => id);
    expect(ids.toSorted()).toEqual([admin.id, colleague.id].toSorted());
    expect((await as(admin).call('DELETE', `/v1/api-keys/${foreign.id}`)).status).toBe(404);
    expect((await as(admin).post(`/v1/api-keys/${foreign.id}/rotate`, {})).status).toBe(404);
    expect((await as(admin).call('PATCH', `/v1/api-keys/${foreign.id}`, { body: { name: 'mine' } })).status).toBe(404);
    const wish = { name: 'n', client: foreign.client, scopes: ['messages:read', 'suppressions:write'] };
    expect(fieldsOf(await as(admin).post('/v1/api-keys', wish))).toEqual([
      422,
      'validation_failed',
      '/client not_allowed',
      '/scopes/1 not_allowed',
    ]);
    const bounceBlock = await as(admin).call('PUT', '/v1/providers/ncp/bounce-block', { body: { enabled: true } });
    expect([bounceBlock.status, bounceBlock.body.code]).toEqual([403, 'forbidden']);
    expect((await as(admin).post('/v1/providers/ncp/pause', {})).status).toBe(403);
    expect((await as(admin).call('DELETE', `/v1/api-keys/${admin.id}`)).status).toBe(204);
  });

  it('keep one lasting administrator of the gateway', async () => {
    const { gateway } = actors;
    const [first] = (await gateway.all<KeyView>('/v1/api-keys')).filter(({ name }) => name === 'first key');
    const lastAdmin = [422, 'validation_failed', '/id not_allowed'];
    await make({ scopes: ['admin'], expiresAt: '2099-01-01T00:00:00Z' });
    for (const changes of [{ scopes: ['messages:read'] }, { expiresAt: '2099-01-01T00:00:00Z' }]) {
      expect(fieldsOf((await change(first as KeyView, changes)) as never)).toEqual(lastAdmin);
    }
    expect(fieldsOf(await gateway.call('DELETE', `/v1/api-keys/${first?.id}`))).toEqual(lastAdmin);
  });
});
