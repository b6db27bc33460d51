import { expect, it } from '@jest/globals';
import { aMessage, eventually, onEachQueue, useSharedGateway, type PageView, type ProblemView } from '@gateway/testing';

interface ProviderAccountView {
  readonly name: string;
  readonly kind: string;
  readonly sandbox: boolean;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly quota: { readonly recipients: number | null; readonly used: number };
  readonly health: { readonly status: string; readonly lastSuccessAt: string | null };
}

onEachQueue('operations', (queue) => {
  const actors = useSharedGateway(queue);

  it('lists the accounts in the order of preference, with capabilities, quota and health', async () => {
    const { gateway } = actors;
    const before = (await gateway.get<PageView<ProviderAccountView>>('/v1/providers')).data;
    await gateway.deliver(aMessage().through('ncp').toMany(3));
    const accounts = (await gateway.get<PageView<ProviderAccountView>>('/v1/providers')).data;
    expect(accounts.map(({ name, kind, sandbox }) => [name, kind, sandbox])).toEqual([
      ['ncp', 'ncp', true],
      ['nhn', 'nhn', true],
    ]);
    expect(accounts.map(({ limits }) => limits['recipientsPerRequest'])).toEqual([100_000, 1000]);
    const [ncp] = accounts;
    expect(ncp).toMatchObject({
      quota: { recipients: 1_000_000, per: 'month', timeZone: 'Asia/Seoul' },
      health: { status: expect.any(String), lastSuccessAt: expect.any(String) },
    });
    expect(ncp?.quota.used).toBeGreaterThanOrEqual((before[0]?.quota.used ?? 0) + 3);
    expect(JSON.stringify(accounts)).not.toMatch(/sandbox-n/);
  });

  it('shows and changes how long an account blocks bounced addresses, where it has the setting', async () => {
    const { gateway } = actors;
    const path = '/v1/providers/ncp/bounce-block';
    const change = (hours: unknown) => gateway.call<ProblemView>('PUT', path, { body: { hours } });
    expect(await gateway.get(path)).toEqual({ provider: 'ncp', hours: 168, leastHours: 168 });
    const { status, body } = await change(240);
    expect([status, body]).toEqual([200, { provider: 'ncp', hours: 240, leastHours: 168 }]);
    expect(await gateway.get(path)).toMatchObject({ hours: 240 });
    for (const [hours, code] of [
      [167, 'not_allowed'],
      ['168', 'invalid_type'],
      [undefined, 'required'],
    ] as const) {
      const refused = await change(hours);
      expect([refused.status, refused.body.errors]).toEqual([
        422,
        [expect.objectContaining({ pointer: '/hours', code })],
      ]);
    }
    expect(await gateway.get(path)).toMatchObject({ hours: 240 });
    expect((await change(168)).status).toBe(200);
    for (const name of ['nhn', 'nobody']) {
      expect((await gateway.call('GET', `/v1/providers/${name}/bounce-block`)).status).toBe(404);
    }
  });

  it('is alive and ready, without a key', async () => {
    const stranger = actors.gateway.as(undefined);
    expect((await stranger.call('GET', '/health/live')).status).toBe(200);
    const { status, body } = await stranger.call<{ status: string; checks: object }>('GET', '/health/ready');
    expect([status, body.status]).toEqual([200, 'up']);
    expect(Object.keys(body.checks).sort()).toEqual(['database', 'disk', 'door', 'migrations', 'queue']);
  });

  it('exposes metrics of the process and of the work, without a key', async () => {
    await actors.gateway.send(aMessage().marketing().dueIn(3_600_000));
    await actors.gateway.deliver(aMessage().through('ncp'));
    const stranger = actors.gateway.as(undefined);
    const { status, headers } = await stranger.call<string>('GET', '/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
    // Figures from the database may be a few seconds old.
    await eventually(async () => {
      const { body } = await stranger.call<string>('GET', '/metrics');
      expect(body).toMatch(/^gateway_batches\{.*category="marketing",status="scheduled".*\} [1-9]/m);
      expect(body).toMatch(/^gateway_recent_attempts\{provider="ncp",outcome="accepted".*\} [1-9]/m);
      expect(body).toMatch(/^gateway_account_last_success_timestamp_seconds\{provider="ncp".*\} 1\d{9}/m);
      for (const provider of ['ncp', 'nhn']) {
        expect(body).toMatch(new RegExp(`^gateway_account_breaker_open\\{provider="${provider}".*\\} [01]$`, 'm'));
        expect(body).toMatch(new RegExp(`^gateway_account_paused\\{provider="${provider}".*\\} 0$`, 'm'));
        expect(body).toMatch(
          new RegExp(`^gateway_oldest_due_seconds\\{provider="${provider}",category="marketing"`, 'm'),
        );
      }
      expect(body).toMatch(/process_cpu/);
      expect(body.replaceAll(/^#.*$/gm, '')).not.toMatch(/@|msg_|bat_/);
    });
  });

  it('serves the Swagger UI and an OpenAPI 3.1 document with every call, without a key', async () => {
    const stranger = actors.gateway.as(undefined);
    const docs = await stranger.call<string>('GET', '/docs');
    expect([docs.status, docs.body]).toEqual([200, expect.stringMatching(/swagger/i)]);
    const { body } = await stranger.call<{ openapi: string; paths: Record<string, Record<string, unknown>> }>(
      'GET',
      '/openapi.json',
    );
    expect(body.openapi).toMatch(/^3\.1/);
    const calls = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(calls).toEqual(
      expect.arrayContaining([
        'POST /v1/messages',
        'GET /v1/messages',
        'POST /v1/messages/preview',
        'GET /v1/messages/{id}',
        'GET /v1/messages/{id}/recipients',
        'GET /v1/messages/{id}/batches',
        'GET /v1/messages/{id}/events',
        'POST /v1/messages/{id}/cancel',
        'GET /v1/recipients',
        'GET /v1/providers',
        'POST /v1/api-keys',
        'GET /v1/api-keys',
        'DELETE /v1/api-keys/{id}',
      ]),
    );
  });

  it('gives every answer a request id, the caller’s own if it is sensible', async () => {
    const { gateway } = actors;
    const own = await gateway.call('GET', '/v1/messages', { headers: { 'x-request-id': 'trace-1.2:3' } });
    expect(own.headers.get('x-request-id')).toBe('trace-1.2:3');
    const odd = await gateway.call('GET', '/v1/nothing', { headers: { 'x-request-id': 'a b<script>' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(odd.body.instance).toBe(odd.headers.get('x-request-id'));
    const stranger = await gateway.as(undefined).call('GET', '/v1/messages');
    expect(stranger.headers.get('x-request-id')).toBe(stranger.body.instance);
  });
});
