import { createPublicKey, verify as verifyBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { aMessage, eventually, unique, useOwnGateway, type ProblemView } from '@gateway/testing';
import { verify, WebhookReceiver, type Received } from '../support/webhook-receiver.js';

interface EndpointView {
  readonly id: string;
  readonly secret?: string;
  readonly publicKey?: string;
  readonly enabled: boolean;
  readonly pauseReason: string | null;
  readonly health: { readonly state: string; readonly lag: { readonly events: number }; readonly lastError: unknown };
}

interface DeliveryView {
  readonly id: string;
  readonly status: string;
  readonly webhookId: string;
  readonly events: readonly string[];
  readonly attempts: readonly {
    readonly httpStatus: number | null;
    readonly error: { readonly code: string } | null;
  }[];
}

const WEBHOOKS = '/v1/webhook-endpoints';

describe('webhooks', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { WEBHOOK_RETRY_DELAYS: '300ms,300ms,300ms,300ms,60s' } });
  const receivers: WebhookReceiver[] = [];
  const made: string[] = [];

  afterEach(async () => {
    for (const id of made.splice(0)) await actors.gateway.call('DELETE', `${WEBHOOKS}/${id}`);
    await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
  });

  const aReceiver = async (): Promise<WebhookReceiver> => {
    const receiver = await WebhookReceiver.start();
    receivers.push(receiver);
    return receiver;
  };
  const anEndpoint = async (url: string, more: object = {}): Promise<EndpointView> => {
    const { status, body } = await actors.gateway.post<EndpointView>(WEBHOOKS, { url, ...more });
    expect([status, body]).toEqual([201, expect.anything()]);
    made.push(body.id);
    return body;
  };
  const get = (id: string): Promise<EndpointView> => actors.gateway.get(`${WEBHOOKS}/${id}`);
  const act = <T = EndpointView>(id: string, action: string, body?: object) =>
    actors.gateway.post<T>(`${WEBHOOKS}/${id}/${action}`, body ?? {});
  const deliveries = async (id: string, query: Record<string, string> = {}): Promise<readonly DeliveryView[]> =>
    (await actors.gateway.get<{ data: readonly DeliveryView[] }>(`${WEBHOOKS}/${id}/deliveries`, query)).data;

  /** Sends a mail to its end. @returns the ids of its events in the feed */
  const aMailsEvents = async (): Promise<readonly string[]> => {
    const { id } = await actors.gateway.deliver(aMessage().to('kim@example.com'));
    return (await actors.gateway.events(id)).map((event) => event.id);
  };

  it('sends every event of the feed, signed, as the feed lists it', async () => {
    const receiver = await aReceiver();
    const { secret = '' } = await anEndpoint(receiver.url);
    const { id } = await actors.gateway.deliver(aMessage().to('kim@example.com'));
    const events = await actors.gateway.events(id);
    // The sandbox has an example message of its own.
    const mine = () => receiver.taken.filter((request) => request.events[0]?.messageId === id);
    await eventually(async () =>
      expect(
        mine()
          .map(({ webhookId }) => webhookId)
          .sort(),
      ).toEqual(events.map((event) => event.id).sort()),
    );
    for (const request of mine()) {
      expect(verify(secret, request)).toMatchObject({ type: request.events[0]?.type, data: { id: request.webhookId } });
      expect(events).toContainEqual(request.events[0]);
    }
  });

  it('sends the wanted types only, of the wanted messages only', async () => {
    const receiver = await aReceiver();
    const tag = unique('tag-');
    await anEndpoint(receiver.url, { events: ['recipient.*', 'message.completed'], filter: { tags: [tag] } });
    await actors.gateway.deliver(aMessage().to('other@example.com'));
    const message = aMessage().to('kim@example.com').build() as Record<string, unknown>;
    const { body } = await actors.gateway.post<{ id: string }>('/v1/messages', { ...message, tags: [tag] });
    await actors.gateway.waitUntilFinal(body.id);
    await eventually(async () =>
      expect(receiver.taken.map(({ events }) => events[0]?.type)).toContain('message.completed'),
    );
    for (const { events } of receiver.taken) {
      expect(events[0]?.messageId).toBe(body.id);
      expect(events[0]?.type).toMatch(/^(recipient\.|message\.completed)/);
    }
  });

  it('sends a failed request again under the same id, and keeps its attempts', async () => {
    const receiver = await aReceiver();
    const { id } = await anEndpoint(receiver.url, { events: ['message.completed'] });
    const tries = new Map<string, number>();
    receiver.answer = ({ webhookId }) => {
      tries.set(webhookId, (tries.get(webhookId) ?? 0) + 1);
      return (tries.get(webhookId) ?? 0) < 3 ? 503 : 200;
    };
    await aMailsEvents();
    await eventually(async () => expect(receiver.taken).toHaveLength(1));
    const ids = new Set(receiver.received.map(({ webhookId }) => webhookId));
    expect([ids.size, receiver.received.length]).toEqual([1, 3]);
    await eventually(async () => {
      const [delivery] = await deliveries(id, { status: 'delivered' });
      expect(delivery?.attempts.map(({ httpStatus }) => httpStatus)).toEqual([503, 503, 200]);
    });
  });

  it.each([
    ['closes at once', (r: Received) => void r, 'E_HTTP'],
    ['redirects', undefined, 'E_HTTP'],
  ])('records an attempt at a receiver that %s', async (how, _, code) => {
    const receiver = await aReceiver();
    receiver.answer = () =>
      how === 'redirects'
        ? (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
        : (response) => response.destroy();
    const { id } = await anEndpoint(receiver.url, { events: ['message.completed'] });
    await aMailsEvents();
    await eventually(async () => {
      const [delivery] = await deliveries(id);
      expect(delivery?.attempts[0]?.error?.code).toBe(code);
    });
  });

  it('survives a receiver that speaks no HTTP', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).end('garbage\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { id } = await anEndpoint(`http://127.0.0.1:${port}/`, { events: ['message.completed'] });
    const { body } = await act<{ delivered: boolean; error: { code: string } }>(id, 'test');
    expect(body).toMatchObject({ delivered: false, error: { code: 'E_HTTP' } });
    server.close();
  });

  it('pauses an endpoint that answers 410, tells the others, and goes on where it was', async () => {
    const [receiver, observer] = [await aReceiver(), await aReceiver()];
    await anEndpoint(observer.url, { events: ['webhook_endpoint.*'] });
    const { id } = await anEndpoint(receiver.url, { events: ['message.completed', 'webhook_endpoint.*'] });
    receiver.answer = () => 410;
    await aMailsEvents();
    await eventually(async () => expect(await get(id)).toMatchObject({ enabled: false, pauseReason: 'gone' }));
    await aMailsEvents();
    await eventually(async () =>
      expect(observer.taken.map(({ events }) => [events[0]?.type, events[0]?.data['endpointId']])).toContainEqual([
        'webhook_endpoint.paused',
        id,
      ]),
    );
    expect(receiver.received).toHaveLength(1);
    const [entry] = await actors.gateway.all('/v1/audit', { target: id, action: 'webhook_endpoint.pause' });
    expect(entry).toMatchObject({ actor: { keyId: null, process: 'worker' }, after: { reason: 'gone' } });
    expect((await act<ProblemView>(id, 'replay', { failed: true })).body.code).toBe('endpoint_paused');
    receiver.answer = () => 200;
    expect((await act(id, 'resume')).body.enabled).toBe(true);
    await eventually(async () => expect(receiver.taken).toHaveLength(2));
    expect(receiver.received.every(({ events }) => events[0]?.type === 'message.completed')).toBe(true);
  });

  it('loses nothing while it is paused, and skips what waited only if asked to', async () => {
    const receiver = await aReceiver();
    const { id } = await anEndpoint(receiver.url, { events: ['message.completed'], enabled: false });
    await aMailsEvents();
    expect((await get(id)).health).toMatchObject({ state: 'paused', lag: { events: 1 } });
    await act(id, 'resume', { from: 'held' });
    await eventually(async () => expect(receiver.taken).toHaveLength(1));
    await act(id, 'pause');
    await aMailsEvents();
    await act(id, 'resume', { from: 'now' });
    await aMailsEvents();
    await eventually(async () => expect(receiver.taken).toHaveLength(2));
  });

  it('fills batches, and halves one that is refused until the event at fault is alone', async () => {
    const receiver = await aReceiver();
    const batch = { maxEvents: 8, maxWaitMs: 1500 };
    const { id } = await anEndpoint(receiver.url, { events: ['recipient.delivered'], batch });
    const addresses = Array.from({ length: 8 }, (_, n) => `r.${n}@example.com`);
    let poison: string | undefined;
    receiver.answer = ({ events }) => {
      poison ??= events[3]?.id;
      return events.some((event) => event.id === poison) ? 422 : 200;
    };
    const message = await actors.gateway.deliver(aMessage().to(...addresses));
    const wanted = (await actors.gateway.events(message.id)).filter(({ type }) => type === 'recipient.delivered');
    await eventually(async () => expect((await deliveries(id, { status: 'failed' }))[0]?.events).toEqual([poison]));
    const others = wanted.map((event) => event.id).filter((event) => event !== poison);
    await eventually(async () => expect([...receiver.eventIds].sort()).toEqual(others.sort()));
    expect(receiver.received[0]?.webhookId).toMatch(/^whs_/);
    expect(receiver.received[0]?.events).toHaveLength(8);
  });

  it('replays exactly what its dry run counts, marked and under the same ids', async () => {
    const receiver = await aReceiver();
    const from = new Date().toISOString();
    const { id } = await anEndpoint(receiver.url, { events: ['recipient.*', 'message.*'] });
    await aMailsEvents();
    const to = new Date(Date.now() + 1000).toISOString();
    await eventually(async () => expect(receiver.taken.at(-1)?.events[0]?.type).toBe('message.completed'));
    const first = [...receiver.eventIds];
    const wish = { from, to };
    const dry = await act<{ events: number; requests: number }>(id, 'replay', { ...wish, dryRun: true });
    expect([dry.status, dry.body]).toEqual([200, { events: first.length, requests: first.length }]);
    const real = await act<{ events: number; requests: number }>(id, 'replay', wish);
    expect([real.status, real.body]).toEqual([202, dry.body]);
    await eventually(async () => expect(receiver.taken).toHaveLength(2 * first.length));
    const replayed = receiver.taken.slice(first.length);
    expect(replayed.map(({ webhookId }) => webhookId).sort()).toEqual([...first].sort());
    expect(replayed.every(({ headers }) => headers['webhook-replay'] === 'true')).toBe(true);
    const one = await act<{ events: number }>(id, 'replay', { events: [first[0]] });
    expect(one.body).toEqual({ events: 1, requests: 1 });
    await eventually(async () => expect(receiver.taken.at(-1)?.webhookId).toBe(first[0]));
  });

  it('signs with the old secret as well while a rotation lasts', async () => {
    const receiver = await aReceiver();
    const { id, secret: old = '' } = await anEndpoint(receiver.url);
    const rotated = await act<{ secret: string }>(id, 'rotate-secret', { overlap: 'PT1H' });
    await act(id, 'test');
    const [request] = receiver.received;
    if (request === undefined) throw new Error('nothing was received');
    for (const secret of [old, rotated.body.secret]) verify(secret, request);
    const last = await act<{ secret: string }>(id, 'rotate-secret', { overlap: 'PT0S' });
    await act(id, 'test');
    const second = receiver.received[1];
    if (second === undefined) throw new Error('nothing was received');
    verify(last.body.secret, second);
    expect(() => verify(rotated.body.secret, second)).toThrow();
    for (let n = 0; n < 4; n += 1) expect((await act(id, 'rotate-secret')).status).toBe(200);
    expect((await act<ProblemView>(id, 'rotate-secret')).body.errors?.[0]).toMatchObject({ pointer: '/overlap' });
  });

  it('a dead endpoint costs a probe a while, and leaves another as quick as it was', async () => {
    const receiver = await aReceiver();
    const dead = await anEndpoint('http://127.0.0.1:1/', { events: ['*'] });
    await anEndpoint(receiver.url, { events: ['message.completed'] });
    for (let n = 0; n < 10; n += 1) await aMailsEvents();
    await eventually(async () => expect((await get(dead.id)).health.state).toBe('failing'));
    const before = receiver.taken.length;
    const { id } = await actors.gateway.deliver(aMessage().to('kim@example.com'));
    const finished = Date.now();
    await eventually(async () =>
      expect(receiver.taken.slice(before).some((r) => r.events[0]?.messageId === id)).toBe(true),
    );
    expect((receiver.taken.find((r) => r.events[0]?.messageId === id)?.at ?? 0) - finished).toBeLessThan(5000);
    const attempts = (await deliveries(dead.id)).reduce((sum, delivery) => sum + delivery.attempts.length, 0);
    expect(attempts).toBeLessThan(20);
    await actors.gateway.call('PATCH', `${WEBHOOKS}/${dead.id}`, { body: { url: receiver.url } });
    await eventually(async () =>
      expect((await get(dead.id)).health).toMatchObject({ state: 'healthy', lag: { events: 0 } }),
    );
  });

  it('an event that always fails does not hold up the others', async () => {
    const receiver = await aReceiver();
    const { id } = await anEndpoint(receiver.url, { events: ['message.completed'] });
    let poison: string | undefined;
    receiver.answer = ({ webhookId }) => {
      poison ??= webhookId;
      return webhookId === poison ? 500 : 200;
    };
    await aMailsEvents();
    await eventually(async () => expect((await get(id)).health.state).toBe('failing'));
    await aMailsEvents();
    await eventually(async () => expect(receiver.taken).toHaveLength(1));
    await eventually(async () => expect((await get(id)).health.state).toBe('healthy'));
  });

  it('keeps the order of the feed for an endpoint that asks for it, through failures', async () => {
    const receiver = await aReceiver();
    await anEndpoint(receiver.url, { ordered: true, maxInFlight: 16 });
    const failed = new Set<string>();
    receiver.answer = ({ webhookId }) => (failed.size === failed.add(webhookId).size ? 200 : 503);
    const { id } = await actors.gateway.deliver(aMessage().to('kim@example.com', 'lee@example.com'));
    const events = (await actors.gateway.events(id)).map((event) => event.id);
    const mine = () => receiver.taken.filter((request) => request.events[0]?.messageId === id);
    await eventually(async () => expect(mine().map(({ webhookId }) => webhookId)).toEqual(events));
  });

  it('a receiver that never answers delays no other endpoint', async () => {
    const [hanging, other] = [await aReceiver(), await aReceiver()];
    hanging.answer = () => () => undefined;
    await anEndpoint(hanging.url);
    await anEndpoint(other.url);
    for (let n = 0; n < 5; n += 1) await aMailsEvents();
    await eventually(async () => {
      const [got, asked] = [other.taken.length, hanging.received.length];
      expect([asked > 0, got > 20]).toEqual([true, true]);
    });
    const late = other.taken.map(({ at, events }) => at - Date.parse(events[0]?.at ?? ''));
    expect(Math.max(...late)).toBeLessThan(10_000);
  });

  it('signs by ed25519 for an endpoint that wants a public key', async () => {
    const receiver = await aReceiver();
    const { id, publicKey = '', secret } = await anEndpoint(receiver.url, { signing: 'ed25519' });
    await act(id, 'test');
    const [request] = receiver.received;
    if (request === undefined) throw new Error('nothing was received');
    const x = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const content = `${request.webhookId}.${String(request.headers['webhook-timestamp'])}.${request.text}`;
    const [version, signature = ''] = String(request.headers['webhook-signature']).split(',');
    expect([secret, version]).toEqual([undefined, 'v1a']);
    expect(verifyBytes(null, Buffer.from(content), key, Buffer.from(signature, 'base64'))).toBe(true);
  });

  it.each([
    ['not a URL', 'validation_failed'],
    ['ftp://hooks.example.com/', 'validation_failed'],
    ['https://user:secret@hooks.example.com/', 'validation_failed'],
    ['http://169.254.169.254/latest/', 'target_forbidden'],
    ['https://10.0.0.1/', 'target_forbidden'],
    ['https://[::ffff:10.0.0.1]/', 'target_forbidden'],
    ['http://8.8.8.8/', 'target_forbidden'],
    ['https://8.8.8.8:8443/', 'target_forbidden'],
  ])('refuses the URL %s', async (url, code) => {
    const created = await actors.gateway.post(WEBHOOKS, { url });
    expect([created.status, created.body.code, created.body.errors?.[0]?.pointer]).toEqual([422, code, '/url']);
    const receiver = await aReceiver();
    const { id } = await anEndpoint(receiver.url, { enabled: false });
    const changed = await actors.gateway.call('PATCH', `${WEBHOOKS}/${id}`, { body: { url } });
    expect([changed.status, changed.body.code]).toEqual([422, code]);
  });

  it("refuses the gateway's own database, and an unknown target of a test", async () => {
    const { port } = new URL(actors.address.databaseUrl);
    const created = await actors.gateway.post(WEBHOOKS, { url: `http://127.0.0.1:${port}/` });
    expect([created.status, created.body.code]).toEqual([422, 'target_forbidden']);
  });

  it.each([
    [{ events: ['recipient.nothing'] }, '/events/0'],
    [{ batch: { maxEvents: 1 } }, '/batch/maxEvents'],
    [{ batch: { maxEvents: 501 } }, '/batch/maxEvents'],
    [{ batch: { maxWaitMs: 60_001 } }, '/batch/maxWaitMs'],
    [{ maxInFlight: 17 }, '/maxInFlight'],
    [{ headers: { host: 'x' } }, '/headers/host'],
    [{ headers: { 'webhook-id': 'x' } }, '/headers/webhook-id'],
    [{ headers: { 'x-team': 'a\r\nb: c' } }, '/headers/x-team'],
    [{ from: 'yesterday' }, '/from'],
    [{ from: 'bm90IGEgY3Vyc29y' }, '/from'],
    [{ signing: 'rsa' }, '/signing'],
    [{ filter: { templateIds: ['tpl_x'] } }, '/filter/templateIds/0'],
    [{ filter: { categories: ['spam'] } }, '/filter/categories/0'],
    [{ urls: [] }, '/urls'],
  ])('refuses %j', async (more, pointer) => {
    const { status, body } = await actors.gateway.post(WEBHOOKS, { url: 'https://hooks.example.com/', ...more });
    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, 'validation_failed', pointer]);
  });

  it.each([
    [{}, ''],
    [{ failed: true, events: ['evt_x'] }, ''],
    [{ from: '2026-11-20T00:00:00Z' }, '/to'],
    [{ events: ['evt_x'] }, '/events/0'],
    [{ events: [] }, '/events'],
  ])('refuses the replay %j', async (wish, pointer) => {
    const { id } = await anEndpoint((await aReceiver()).url);
    const { status, body } = await act<ProblemView>(id, 'replay', wish);
    expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });

  it('belongs to its client', async () => {
    const { id } = await anEndpoint((await aReceiver()).url);
    const name = unique('client-');
    const made = await actors.gateway.post<{ key: string }>('/v1/api-keys', {
      client: name,
      name,
      scopes: ['webhooks'],
    });
    const other = actors.gateway.as(made.body.key);
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/test'],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/rotate-secret'],
      ['GET', '/deliveries'],
    ] as const) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const answer = await other.call(method, `${WEBHOOKS}/${id}${path}`, { body });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await other.get<{ data: unknown[] }>(WEBHOOKS)).data).toEqual([]);
  });

  it('makes one endpoint for one Idempotency-Key, and shows its secret again to the same caller only', async () => {
    const { url } = await aReceiver();
    const headers = { 'idempotency-key': unique('key-') };
    const [first, second] = [
      await actors.gateway.post<EndpointView>(WEBHOOKS, { url }, headers),
      await actors.gateway.post<EndpointView>(WEBHOOKS, { url }, headers),
    ];
    made.push(first.body.id);
    expect(second.body).toEqual(first.body);
    expect(first.body.secret).toMatch(/^whsec_/);
    expect(await get(first.body.id)).not.toHaveProperty('secret');
  });

  // The last one: the api stays without.
  it('are not configured without a master key, which a gateway says', async () => {
    await actors.running.end('api');
    await actors.running.start('api', { WEBHOOK_MASTER_KEY: '' });
    for (const [method, path] of [
      ['POST', WEBHOOKS],
      ['GET', WEBHOOKS],
      ['GET', `${WEBHOOKS}/whk_01jwfjm000e00a1a00a1a00a1a`],
    ] as const) {
      const body = method === 'POST' ? { url: 'https://hooks.example.com/' } : undefined;
      const answer = await actors.gateway.call(method, path, { body });
      expect([answer.status, answer.body.code]).toEqual([503, 'webhooks_not_configured']);
    }
  });
});
