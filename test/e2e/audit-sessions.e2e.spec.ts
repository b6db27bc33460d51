import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, unique, useOwnGateway, type GatewayClient, type PageView } from '@gateway/testing';

interface Entry {
  readonly actor: { readonly keyId: string | null; readonly client: string | null; readonly process: string };
  readonly action: string;
  readonly target: string | null;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
}

describe('sessions of the console in the audit log', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { TRUSTED_PROXIES: '127.0.0.1' } });
  const client = unique('client-');
  let key: { readonly id: string; readonly key: string };
  let stranger: GatewayClient;

  const entries = (query: Record<string, string>): Promise<readonly Entry[]> =>
    actors.gateway.all('/v1/audit', { limit: 100, ...query });
  const signIn = (secret: string, ip = '192.0.2.7') =>
    stranger.call('POST', '/dashboard/session', { body: { key: secret }, headers: { 'x-forwarded-for': ip } });

  beforeAll(async () => {
    stranger = actors.gateway.as(undefined);
    const wish = { client, name: 'operator', scopes: ['admin'], allowedIps: ['192.0.2.0/24'] };
    key = (await actors.gateway.post<typeof key>('/v1/api-keys', wish)).body;
  });

  it('has sign-in and sign-out of the key, with address and request', async () => {
    const signedIn = await signIn(key.key);
    expect(signedIn.status).toBe(201);
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    const headers = { cookie, 'sec-fetch-site': 'same-origin', 'x-forwarded-for': '192.0.2.7' };
    const signOut = () => stranger.call('DELETE', '/dashboard/session', { headers });
    expect((await signOut()).status).toBe(204);
    expect((await signOut()).status).toBe(204);
    const actor = { keyId: key.id, client, process: 'api' };
    expect(await entries({ action: 'session', actor: key.id })).toEqual([
      expect.objectContaining({ actor, action: 'session.sign_out', target: key.id, requestId: expect.any(String) }),
      expect.objectContaining({ actor, action: 'session.sign_in', target: key.id, after: { ip: '192.0.2.7' } }),
    ]);
    const [, entry] = await entries({ action: 'session', actor: key.id });
    expect(entry?.requestId).toBe(signedIn.headers.get('x-request-id'));
    expect(JSON.stringify(await entries({}))).not.toContain(key.key);
  });

  it('has a sign-out also after the key was revoked, and none for a session that was never there', async () => {
    const made = await actors.gateway.post<typeof key>('/v1/api-keys', {
      client,
      name: 'n',
      scopes: ['messages:read'],
    });
    const cookie = ((await signIn(made.body.key)).headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    await actors.gateway.call('DELETE', `/v1/api-keys/${made.body.id}`);
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    await stranger.call('DELETE', '/dashboard/session', { headers });
    await stranger.call('DELETE', '/dashboard/session', {
      headers: { ...headers, cookie: `gateway_session=${'A'.repeat(43)}` },
    });
    expect((await entries({ action: 'session', actor: made.body.id })).map(({ action }) => action)).toEqual([
      'session.sign_out',
      'session.sign_in',
    ]);
  });

  it('has a look of an administrator at another client', async () => {
    const { apiKey } = actors.address;
    const cookie = ((await signIn(apiKey)).headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const look = await stranger.call('PATCH', '/dashboard/session', { body: { client }, headers });
    expect(look.status).toBe(200);
    const [entry] = await entries({ action: 'session.look_at' });
    expect(entry).toMatchObject({ actor: { client: 'default' }, after: { client } });
  });

  it('has refused sign-ins without the key, once each time and then by their number', async () => {
    for (let n = 0; n < 5; n += 1) expect((await signIn('gk_wrong_0123456789', '192.0.2.8')).status).toBe(401);
    expect((await signIn(key.key, '203.0.113.1')).status).toBe(401);
    await eventually(async () => {
      const found = await entries({ action: 'session.refuse' });
      expect(found.map(({ actor, target, after }) => ({ actor, target, after }))).toEqual([
        {
          actor: { keyId: null, client: null, process: 'api' },
          target: key.id,
          after: { reason: 'network', ip: '203.0.113.1', attempts: 1 },
        },
        {
          actor: { keyId: null, client: null, process: 'api' },
          target: null,
          after: { reason: 'unknown', ip: '192.0.2.8', attempts: 1 },
        },
      ]);
    });
    // Not an act of the gateway, and not shown to an administrator of one client.
    expect((await entries({ actor: 'gateway' })).filter(({ action }) => action.startsWith('session'))).toEqual([]);
    const page = await actors.gateway.as(key.key).call<PageView<Entry>>('GET', '/v1/audit?action=session.refuse', {
      headers: { 'x-forwarded-for': '192.0.2.7' },
    });
    expect([page.status, page.body.data]).toEqual([200, []]);
  });

  it('can be filtered by the gateway as actor', async () => {
    const own = await entries({ actor: 'gateway' });
    expect(own.length).toBeGreaterThan(0);
    expect(new Set(own.map(({ actor }) => actor.keyId))).toEqual(new Set([null]));
  });
});
