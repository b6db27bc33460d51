import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  unique,
  useOwnGateway,
  type EventView,
  type MessageBuilder,
  type MessageView,
  type PageView,
  type ProblemView,
} from '@gateway/testing';

interface Routes {
  readonly version: number;
  readonly routes: readonly Readonly<Record<string, unknown>>[];
}

interface Shadow {
  readonly compared: number;
  readonly different: number;
  readonly examples: readonly { readonly messageId: string; readonly pointer: string; readonly shadow: unknown }[];
}

/** All recipients are settled; `sent` may be the last word of NHN. */
const isOver = ({ status }: MessageView): boolean => ['completed', 'failed'].includes(status);

/** A fair draw misses its share by more than this once in a million runs. */
const fiveDeviations = (count: number, share: number): number => 5 * Math.sqrt(count * share * (1 - share));

describe('routes', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { PROVIDER_ORDER: 'ncp,nhn' } });

  const read = () => actors.gateway.get<Routes>('/v1/routes');
  const putAt = (version: number, routes: readonly object[]) =>
    actors.gateway.call<Routes & ProblemView>('PUT', '/v1/routes', { body: { version, routes } });
  const put = async (...routes: readonly object[]): Promise<Routes> => {
    const { status, body } = await putAt((await read()).version, routes);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  };
  const refused = (message: MessageBuilder) => actors.gateway.post('/v1/messages', message.build());

  beforeEach(async () => {
    await actors.simulator.endAllTrouble();
    for (const name of ['ncp', 'nhn']) await actors.gateway.post(`/v1/providers/${name}/resume`);
    await put();
  });

  it('are read, put back as they are, and kept in all versions', async () => {
    const written = await put({
      name: 'tenants',
      match: { fromDomains: [' *.Bücher.example ', 'SHOP.example.com'], categories: ['marketing'] },
      use: [
        { account: 'ncp', weight: 75 },
        { account: 'nhn', weight: 25 },
      ],
      haltIf: { failureRate: 0.1, over: 100 },
    });
    const [route] = written.routes;
    expect(route).toEqual({
      id: expect.stringMatching(/^rte_[0-9a-z]{26}$/),
      name: 'tenants',
      match: { fromDomains: ['*.xn--bcher-kva.example', 'shop.example.com'], categories: ['marketing'] },
      use: [
        { account: 'ncp', weight: 75 },
        { account: 'nhn', weight: 25 },
      ],
      sticky: 'message',
      fallback: 'next',
      haltIf: { failureRate: 0.1, over: 100 },
    });
    expect(await read()).toEqual(written);
    expect(await putAt(written.version, written.routes)).toMatchObject({ status: 200, body: { routes: [route] } });
    const late = await putAt(written.version, []);
    expect([late.status, late.body.code]).toEqual([409, 'version_conflict']);
    const renamed = await put({ ...route, name: 'renamed' });
    expect(renamed.routes[0]?.['id']).toBe(route?.['id']);
    const [newest, , before] = await actors.gateway.all<Routes & { change: string; changedBy: string }>(
      '/v1/routes/versions',
      { limit: 2 },
    );
    expect(newest).toMatchObject({ ...renamed, change: 'put', changedBy: expect.stringMatching(/^key_/) });
    expect(before).toMatchObject(written);
  });

  const GOOD = { name: 'a', use: [{ account: 'ncp', weight: 1 }] };
  it.each<[string, unknown, string, string]>([
    ['an unknown account', { ...GOOD, use: [{ account: 'nhm', weight: 1 }] }, '/use/0/account', 'unknown_reference'],
    ['weights of 0', { ...GOOD, use: [{ account: 'ncp', weight: 0 }] }, '/use', 'not_allowed'],
    ['a negative weight', { ...GOOD, use: [{ account: 'ncp', weight: -1 }] }, '/use/0/weight', 'not_allowed'],
    ['no number', { ...GOOD, use: [{ account: 'ncp', weight: 'NaN' }] }, '/use/0/weight', 'invalid_type'],
    ['no account', { ...GOOD, use: [] }, '/use', 'too_few'],
    ['one twice', { ...GOOD, use: [...GOOD.use, ...GOOD.use] }, '/use/1/account', 'not_allowed'],
    ['its own shadow', { ...GOOD, shadow: 'ncp' }, '/shadow', 'not_allowed'],
    ['an unknown shadow', { ...GOOD, shadow: 'x' }, '/shadow', 'unknown_reference'],
    ['an unknown client', { ...GOOD, match: { clients: ['nobody'] } }, '/match/clients/0', 'unknown_reference'],
    ['an unknown template', { ...GOOD, match: { templates: ['tpl_1'] } }, '/match/templates/0', 'unknown_reference'],
    ['no domain', { ...GOOD, match: { fromDomains: ['*.'] } }, '/match/fromDomains/0', 'not_allowed'],
    ['an empty list', { ...GOOD, match: { tags: [] } }, '/match/tags', 'too_few'],
    ['an unknown field', { ...GOOD, weight: 1 }, '/weight', 'unknown_field'],
    ['an unknown fallback', { ...GOOD, fallback: 'a' }, '/fallback', 'not_allowed'],
    ['a rate above 1', { ...GOOD, haltIf: { failureRate: 1.5, over: 1 } }, '/haltIf/failureRate', 'too_large'],
    ['a window of 0', { ...GOOD, haltIf: { failureRate: 0.5, over: 0 } }, '/haltIf/over', 'not_allowed'],
    ['the name of the last route', { ...GOOD, name: 'PROVIDER_ORDER' }, '/name', 'not_allowed'],
  ])('refuses %s, in a dry run too', async (_, route, pointer, code) => {
    const { version } = await read();
    for (const { status, body } of [
      await putAt(version, [route as object]),
      await actors.gateway.post('/v1/routes/dry-run', { routes: [route], last: 1 }),
    ]) {
      expect([status, body.errors?.[0]]).toMatchObject([422, { pointer: `/routes/0${pointer}`, code }]);
    }
    expect((await read()).version).toBe(version);
  });

  it('refuses two of one name, one that is never reached, and too many', async () => {
    const { version } = await read();
    const twice = await putAt(version, [GOOD, GOOD]);
    expect(twice.body.errors).toMatchObject([{ pointer: '/routes/1/name', code: 'not_allowed' }]);
    const hidden = await putAt(version, [
      { ...GOOD, fallback: 'none' },
      { ...GOOD, name: 'b' },
    ]);
    expect(hidden.body.errors).toMatchObject([{ pointer: '/routes/1', code: 'not_allowed' }]);
    const many = await putAt(
      version,
      Array.from({ length: 201 }, (_, n) => ({ ...GOOD, name: `r${n}` })),
    );
    expect(many.body.errors).toMatchObject([{ pointer: '/routes', code: 'too_many' }]);
  });

  it('move traffic by percentage under load and faults, without a change of the callers, nothing twice', async () => {
    const from = aSender();
    const count = 160;
    await actors.simulator.trouble({
      kind: 'accept_then_drop',
      provider: '*',
      operation: 'send',
      sender: from,
      times: 12,
      skip: 20,
    });
    await actors.simulator.trouble({
      kind: 'error_500',
      provider: '*',
      operation: 'send',
      sender: from,
      times: 6,
      skip: 40,
    });
    const moved: number[] = [];
    let sent = 0;
    for (const share of [0.01, 0.25, 1]) {
      const use = [
        { account: 'ncp', weight: 100 - 100 * share },
        { account: 'nhn', weight: 100 * share },
      ];
      await put({ name: 'move', match: { fromDomains: ['shop.example.com'] }, use });
      const messages = Array.from({ length: count }, () =>
        aMessage()
          .from(from)
          .to(`r.${(sent += 1)}@example.com`),
      );
      const accepted: MessageView[] = [];
      for (let i = 0; i < count; i += 40) {
        accepted.push(...(await Promise.all(messages.slice(i, i + 40).map((each) => actors.gateway.send(each)))));
      }
      expect(new Set(accepted.map(({ routing }) => routing.route?.name))).toEqual(new Set(['move']));
      const nhn = accepted.filter(({ routing }) => routing.provider === 'nhn').length;
      expect(Math.abs(nhn - count * share)).toBeLessThanOrEqual(fiveDeviations(count, share));
      moved.push(nhn);
    }
    await eventually(async () => {
      const { recipients, repeatedAddresses, nhn, ncp } = await actors.simulator.summary(from);
      expect([recipients, repeatedAddresses.count]).toEqual([3 * count, 0]);
      expect(nhn.recipients).toBe(moved.reduce((sum, each) => sum + each, 0));
      expect(ncp.recipients).toBe(3 * count - nhn.recipients);
    });
  }, 120_000);

  it('draw the same for an Idempotency-Key in a preview, and the same for a domain', async () => {
    const half = [
      { account: 'ncp', weight: 1 },
      { account: 'nhn', weight: 1 },
    ];
    await put(
      { name: 'by domain', match: { tags: ['domain'] }, use: half, sticky: 'recipientDomain' },
      { name: 'by message', use: half },
    );
    for (let i = 0; i < 8; i += 1) {
      const key = { 'idempotency-key': unique('key-') };
      const message = aMessage();
      const { body } = await actors.gateway.post<MessageView>('/v1/messages/preview', message.build(), key);
      const { routing } = await actors.gateway.send(message, key);
      expect(routing).toEqual(body.routing);
    }
    const domains = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((word) => `${word}.example.com`);
    const first = async () =>
      Promise.all(
        domains.map(async (domain) => {
          const message = aMessage().with({ tags: ['domain'] });
          return (await actors.gateway.send(message.to(`${unique('r')}@${domain}`))).routing.provider;
        }),
      );
    const providers = await first();
    expect(new Set(providers).size).toBe(2);
    expect(await first()).toEqual(providers);
  });

  it('do not concern a message that names its account', async () => {
    await put({ name: 'all', use: [{ account: 'nhn', weight: 1 }], fallback: 'none' });
    const { routing } = await actors.gateway.send(aMessage().through('ncp'));
    expect(routing).toMatchObject({ provider: 'ncp', route: null });
  });

  it('keep a tenant to its accounts: what they cannot do is refused, and their trouble is waited out', async () => {
    const client = unique('tenant-');
    const { body } = await actors.gateway.post<{ key: string }>('/v1/api-keys', {
      client,
      name: 'a key',
      scopes: ['messages:write', 'messages:read'],
    });
    const tenant = actors.gateway.as(body.key);
    await put({ name: 'tenant', match: { clients: [client] }, use: [{ account: 'ncp', weight: 1 }], fallback: 'none' });
    // NCP takes no headers; NHN would.
    const message = aMessage().with({ headers: { 'X-Order': '17' } });
    expect((await actors.gateway.send(message)).routing).toMatchObject({
      provider: 'nhn',
      route: { name: 'PROVIDER_ORDER' },
    });
    const { status, body: problem } = await tenant.post('/v1/messages', message.build());
    expect([status, problem.code]).toEqual([422, 'unsupported_by_provider']);
    expect(problem.detail).toContain('ncp: it takes no custom headers');
    expect(problem.detail).toContain('nhn: the route "tenant" does not use it (fallback "none")');

    const from = aSender();
    const times = 4;
    await actors.simulator.trouble({
      kind: 'throttle_429',
      provider: 'ncp',
      operation: 'send',
      sender: from,
      times,
    });
    const { id, routing } = await tenant.send(aMessage().from(from));
    expect(routing).toMatchObject({ provider: 'ncp', route: { name: 'tenant' } });
    await tenant.waitUntil(id, isOver);
    expect(new Set((await tenant.batches(id)).map(({ provider }) => provider))).toEqual(new Set(['ncp']));

    await actors.gateway.post('/v1/providers/ncp/pause', {});
    const paused = await tenant.send(aMessage());
    expect(paused).toMatchObject({ routing: { provider: 'ncp' }, waiting: { account: 'ncp' } });
    await actors.gateway.post('/v1/providers/ncp/resume');
    await tenant.waitUntil(paused.id, isOver);
  }, 60_000);

  it.each([
    ['next', 'ncp'],
    ['none', undefined],
  ])(
    'halt a bad account, fallback %s',
    async (fallback, then) => {
      const from = aSender();
      const name = unique('guarded-');
      const { version } = await put({
        name,
        match: { tags: [name] },
        use: [{ account: 'nhn', weight: 1 }],
        fallback,
        haltIf: { failureRate: 0.5, over: 8 },
      });
      const message = aMessage()
        .from(from)
        .with({ tags: [name] });
      const over = async (address: string) => {
        const { id } = await actors.gateway.send(message.to(address));
        await actors.gateway.waitUntil(id, isOver);
      };
      const bounces = (...numbers: readonly number[]) =>
        Promise.all(numbers.map((n) => over(`bounce+unknown_user.${n}@example.com`)));
      // Four of eight are not more than half of them.
      await bounces(1, 2, 3, 4);
      await Promise.all([1, 2, 3, 4].map((n) => over(`r.${n}@example.com`)));
      expect((await read()).version).toBe(version);
      await bounces(5, 6, 7, 8, 9);
      await eventually(async () => expect((await read()).version).toBe(version + 1));
      const { routes } = await read();
      expect(routes[0]).toMatchObject({ name, use: [{ account: 'nhn', weight: 0 }] });
      const feed = await actors.gateway.get<PageView<EventView>>('/v1/events', { types: 'route.halted', limit: 100 });
      const [event, ...others] = feed.data.filter(({ data }) => (data['route'] as { name: string }).name === name);
      expect(others).toEqual([]);
      expect(event?.data).toMatchObject({ route: { version: version + 1 }, account: 'nhn', over: 8, last: true });
      await eventually(async () => {
        const { status, body } = await refused(message.to('after@example.com'));
        if (then === undefined) expect([status, body.detail]).toEqual([422, expect.stringContaining('has halted it')]);
        else expect([status, body]).toMatchObject([202, { routing: { provider: then, route: { name } } }]);
      });
      // It may stay as it is while another route changes.
      expect(await putAt(version + 1, routes)).toMatchObject({ status: 200 });
    },
    60_000,
  );

  it('show what a shadow account would do differently, and send nothing through it', async () => {
    const from = aSender();
    const { routes } = await put({
      name: 'shadowed',
      match: { tags: ['shadowed'] },
      use: [{ account: 'nhn', weight: 1 }],
      shadow: 'ncp',
    });
    const [{ id } = { id: '' }] = routes as readonly { id: string }[];
    const message = aMessage()
      .from(from)
      .with({ tags: ['shadowed'] });
    await actors.gateway.send(
      message.saying('Hello {{name}}', '<p>${a} ##b## {{name}}</p>').with({ variables: { name: 'Kim' } }),
    );
    await actors.gateway.send(message.marketing());
    const odd = await actors.gateway.send(message.with({ headers: { 'X-Order': '17' } }));
    const shadow = await eventually(async () => {
      const found = await actors.gateway.get<Shadow>(`/v1/routes/${id}/shadow`);
      expect(found.compared).toBe(3);
      return found;
    });
    expect(shadow.different).toBe(1);
    expect(shadow.examples).toContainEqual({
      messageId: odd.id,
      pointer: '/headers',
      sent: 'accepted',
      shadow: 'it takes no custom headers',
    });
    await eventually(async () => {
      const { nhn, ncp } = await actors.simulator.summary(from);
      expect([nhn.recipients, ncp.recipients]).toEqual([3, 0]);
    });
    expect((await actors.gateway.call('GET', '/v1/routes/rte_01h455vb4pex5vsknk084sn02q/shadow')).status).toBe(404);
  }, 60_000);

  it('say in a dry run which of the last messages would go elsewhere', async () => {
    const messages = [];
    for (let n = 0; n < 20; n += 1) messages.push(await actors.gateway.send(aMessage().with({ tags: ['dry'] })));
    await actors.gateway.send(aMessage().through('nhn'));
    const { version } = await read();
    const routes = [{ name: 'move', match: { tags: ['dry'] }, use: [{ account: 'nhn', weight: 1 }] }];
    const { status, body } = await actors.gateway.post<Readonly<Record<string, unknown>>>('/v1/routes/dry-run', {
      routes,
      last: 21,
    });
    expect([status, body]).toMatchObject([200, { messages: 21, changed: 20, byAccount: { nhn: 21 } }]);
    expect((body['examples'] as readonly unknown[])[0]).toEqual({
      messageId: messages.at(-1)?.id,
      from: 'ncp',
      to: 'nhn',
      route: 'move',
      reason: '"move" gives nhn 100 % of its messages',
    });
    const same = await actors.gateway.post('/v1/routes/dry-run', { routes: [], last: 21 });
    expect(same.body).toMatchObject({ messages: 21, changed: 0, byAccount: { ncp: 20, nhn: 1 }, examples: [] });
    expect((await read()).version).toBe(version);
  });

  it('are an admin’s', async () => {
    const { body } = await actors.gateway.post<{ key: string }>('/v1/api-keys', {
      name: 'not an admin',
      scopes: ['messages:write', 'providers', 'providers:write'],
    });
    const other = actors.gateway.as(body.key);
    for (const [method, path] of [
      ['GET', '/v1/routes'],
      ['PUT', '/v1/routes'],
      ['POST', '/v1/routes/dry-run'],
      ['GET', '/v1/routes/versions'],
      ['GET', '/v1/routes/rte_01h455vb4pex5vsknk084sn02q/shadow'],
    ] as const) {
      expect((await other.call(method, path)).status).toBe(403);
    }
  });
});
