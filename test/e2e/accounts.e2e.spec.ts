import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  onEachQueue,
  onOneQueue,
  useOwnGateway,
  type MessageView,
  type PageView,
  type RecipientView,
} from '@gateway/testing';

interface Account {
  readonly name: string;
  readonly health: {
    readonly status: string;
    readonly paused: boolean;
    readonly pausedBy: string | null;
    readonly p95Ms: number | null;
    readonly ambiguityRate: number | null;
    readonly pollLagSeconds: number;
    readonly breaker: { readonly state: string; readonly failures: number };
  };
}

onEachQueue('accounts in trouble', (queue) => {
  const env = { BREAKER_FAILURES: '3', RETRY_BASE_MS: '1000', RETRY_MAX_MS: '2000', PROVIDER_TIMEOUT_MS: '5000' };
  const actors = useOwnGateway({ queue, env });
  beforeEach(async () => {
    for (const name of ['ncp', 'nhn']) await actors.gateway.post(`/v1/providers/${name}/resume`, {});
  });
  afterEach(() => actors.simulator.endAllTrouble());

  const account = async (name: string): Promise<Account> => {
    const { data } = await actors.gateway.get<{ data: readonly Account[] }>('/v1/providers');
    const found = data.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no account ${name}`);
    return found;
  };

  onOneQueue(queue, () => {
    it('shows how an account answers, and how many of its requests were left in doubt', async () => {
      const { gateway, simulator } = actors;
      const health = async () => (await account('nhn')).health;
      const before = await health();
      expect([before.p95Ms === null, before.ambiguityRate === null]).toEqual([true, true]);
      await gateway.deliver(aMessage().through('nhn').to('kim@example.com'));
      const clear = await health();
      expect(clear).toMatchObject({ p95Ms: expect.any(Number), ambiguityRate: 0, pollLagSeconds: expect.any(Number) });
      const from = aSender();
      await simulator.trouble({ kind: 'accept_then_drop', provider: 'nhn', operation: 'send', sender: from });
      await gateway.deliver(aMessage().from(from).through('nhn').to('lee@example.com'));
      expect((await health()).ambiguityRate).toBe(0.5);
    });
  });

  it('takes mail of a refused account elsewhere, pauses it, and finds out by itself when it is well again', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const fault = await simulator.trouble({ kind: 'credentials', provider: 'ncp', operation: 'send', times: -1 });
    const { id } = await gateway.send(aMessage().from(from).marketing().toMany(2500));
    const message = await gateway.waitUntil(id, ({ counts }) => counts.delivered === 2500);
    expect(message).toMatchObject({
      status: 'completed',
      routing: { failovers: [{ from: 'ncp', to: 'nhn', reason: 'auth_failed' }] },
    });
    const batches = await gateway.batches(id);
    expect(batches.map(({ provider, status, recipientCount }) => [provider, status, recipientCount])).toEqual([
      ['ncp', 'replanned', 2500],
      ['nhn', 'settled', 1000],
      ['nhn', 'settled', 1000],
      ['nhn', 'settled', 500],
    ]);
    expect(message.batchCount).toBe(4);
    expect((await gateway.recipients(id)).every(({ provider }) => provider?.name === 'nhn')).toBe(true);
    expect(await simulator.summary(from)).toMatchObject({ recipients: 2500, repeatedAddresses: { count: 0 } });
    const { data } = await gateway.get<{ data: readonly unknown[] }>('/v1/statistics', {
      groupBy: 'provider',
      category: 'marketing',
    });
    expect(data).toMatchObject([
      { key: 'nhn', counts: { requested: 2500, submitted: 2500, delivered: 2500 } },
      { key: 'ncp', counts: { requested: 0, submitted: 0, delivered: 0 } },
    ]);
    expect((await account('ncp')).health).toMatchObject({
      paused: true,
      pausedBy: 'gateway',
      breaker: { state: expect.stringMatching(/open/) },
    });
    // A message that only this account may send waits, and does not fail.
    const waiting = await gateway.send(aMessage().from(from).through('ncp').to('lee@example.com'));
    await gateway.waitUntil(waiting.id, ({ counts }) => counts.deferred === 1);
    await simulator.endTrouble(fault);
    expect((await gateway.waitUntilFinal(waiting.id)).status).toBe('completed');
    expect((await account('ncp')).health).toMatchObject({
      paused: false,
      pausedBy: null,
      breaker: { state: 'closed' },
    });
  });

  onOneQueue(queue, () => {
    it('does not move messages that their caller wants sent by one account', async () => {
      const { gateway, simulator } = actors;
      const from = aSender();
      await simulator.trouble({ kind: 'credentials', provider: 'ncp', operation: 'send', sender: from, times: 2 });
      const { id } = await gateway.send(aMessage().from(from).through('ncp').to('kim@example.com'));
      const message = await gateway.waitUntilFinal(id);
      expect(message.routing.failovers).toEqual([]);
      expect(await simulator.summary(from)).toMatchObject({ ncp: { recipients: 1 }, nhn: { recipients: 0 } });
    });
  });

  it('says why mail waits for an account that an operator paused, and sends it in order when it is resumed', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    await gateway.post('/v1/providers/nhn/pause', { reason: 'maintenance' });
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1) {
      ids.push((await gateway.send(aMessage().from(from).through('nhn').to(`r.${n}@example.com`))).id);
    }
    const [first = ''] = ids;
    const { waiting, counts } = await gateway.message(first);
    expect(waiting).toMatchObject({ account: 'nhn', reason: 'provider_unavailable', until: null });
    expect([counts.deferred, counts.queued, waiting?.detail]).toEqual([1, 0, 'the account is paused: maintenance']);
    const [batch] = await gateway.batches(first);
    expect(batch).toMatchObject({ status: 'deferred', reason: 'provider_unavailable', attempts: [] });
    await expectDeferred(first);
    await gateway.post('/v1/providers/nhn/resume');
    for (const id of ids) {
      await gateway.waitUntilFinal(id);
      const types = (await gateway.events(id)).map(({ type }) => type);
      expect(types.slice(0, 3)).toEqual(['message.accepted', 'batch.dispatched', 'batch.accepted']);
    }
    expect((await gateway.message(first)).waiting).toBeNull();
    expect(await simulator.summary(from)).toMatchObject({ recipients: 30, repeatedAddresses: { count: 0 } });
  });

  /** A reader sees that it waits, although no row of it is written. */
  async function expectDeferred(id: string): Promise<void> {
    const { gateway } = actors;
    const path = `/v1/messages/${id}/recipients`;
    const found = async (query: Record<string, string>) =>
      (await gateway.get<PageView<RecipientView>>(path, query)).data.map(({ status, reason }) => [status, reason]);
    const deferred = [['deferred', 'provider_unavailable']];
    expect(await found({})).toEqual(deferred);
    expect(await found({ status: 'deferred' })).toEqual(deferred);
    expect(await found({ status: 'deferred', address: 'r.0@example.com' })).toEqual(deferred);
    expect(await found({ status: 'queued' })).toEqual([]);
    const { data } = await gateway.get<PageView<RecipientView>>('/v1/recipients', { address: 'r.0@example.com' });
    expect(data.find(({ messageId }) => messageId === id)).toMatchObject({ status: 'deferred', final: false });
    const page = await gateway.get<PageView<MessageView>>('/v1/messages', { status: 'queued', limit: 1000 });
    expect(page.data.find((message) => message.id === id)).toMatchObject({ counts: { deferred: 1, queued: 0 } });
    expect(await gateway.get(`/v1/messages/${id}`)).toMatchObject({ status: 'queued', batches: { deferred: 1 } });
    expect((await gateway.events(id)).map(({ type }) => type)).toEqual(['message.accepted']);
  }

  it('moves messages that wait for an account when an operator pauses it', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const { id } = await gateway.send(aMessage().from(from).toMany(1500).dueIn(1200));
    await gateway.post('/v1/providers/ncp/pause', { reason: 'maintenance' });
    const message = await gateway.waitUntilFinal(id);
    expect(message.routing).toMatchObject({ provider: 'ncp', failovers: [{ from: 'ncp', to: 'nhn' }] });
    expect(await simulator.summary(from)).toMatchObject({ nhn: { recipients: 1500 }, ncp: { recipients: 0 } });
    expect((await account('ncp')).health).toMatchObject({ paused: true, pausedBy: 'operator' });
  });

  onOneQueue(queue, () => {
    it('drains an account: it takes nothing new, its waiting mail moves, and what it has is followed', async () => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const taken = await gateway.send(aMessage().from(from).through('ncp').to('slow+2s@example.com'));
      await gateway.waitUntil(taken.id, ({ counts }) => (counts.queued ?? 0) === 0);
      // Due only after the account is drained, one of them without a choice.
      const waiting = await gateway.send(aMessage().from(from).toMany(1500).dueIn(1500));
      const bound = await gateway.send(aMessage().from(from).through('ncp').to('bound@example.com').dueIn(1500));
      const { body } = await gateway.post('/v1/providers/ncp/drain', { reason: 'moving to another account' });
      expect(body).toMatchObject({
        health: {
          status: 'drained',
          paused: false,
          drained: true,
          drainReason: 'moving to another account',
          drainedByKey: expect.stringMatching(/^key_/),
          drainedAt: expect.any(String),
        },
      });
      await gateway.post('/v1/providers/ncp/pause', {});
      const refused = await gateway.post(
        '/v1/messages',
        aMessage().from(from).through('ncp').to('new@example.com').build(),
      );
      expect(refused).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/provider', code: 'not_allowed', detail: expect.stringContaining('drained') }] },
      });
      const auto = await gateway.send(aMessage().from(from).to('new@example.com'));
      const { routing } = await gateway.waitUntilFinal(auto.id);
      expect(routing).toMatchObject({
        provider: 'nhn',
        candidates: [
          { provider: 'ncp', able: false, reasons: ['it is drained and takes nothing new'] },
          { provider: 'nhn' },
        ],
      });
      expect((await gateway.waitUntilFinal(waiting.id)).routing).toMatchObject({
        failovers: [{ from: 'ncp', to: 'nhn' }],
      });
      expect((await gateway.waitUntilFinal(taken.id)).counts).toMatchObject({ delivered: 1 });
      expect((await gateway.message(bound.id)).waiting).toMatchObject({
        account: 'ncp',
        detail: 'the account is drained: moving to another account',
        until: null,
      });
      expect(await simulator.summary(from)).toMatchObject({ nhn: { recipients: 1501 }, ncp: { recipients: 1 } });
      await gateway.post('/v1/providers/ncp/resume', {});
      expect((await account('ncp')).health).toMatchObject({ paused: false, drained: false, drainReason: null });
      expect((await gateway.waitUntilFinal(bound.id)).counts).toMatchObject({ delivered: 1 });
    });
  });

  it('leaves a provider alone that fails again and again, tries with one mail, and loses none', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const fault = await simulator.trouble({
      kind: 'drop',
      provider: 'nhn',
      operation: 'send',
      sender: from,
      times: -1,
    });
    const send = () => gateway.send(aMessage().from(from).through('nhn').to('kim@example.com'));
    const first = await Promise.all([send(), send(), send()]);
    await eventually(async () => expect((await account('nhn')).health.breaker.state).toBe('open'));
    const hits = await simulator.hits(fault);
    const later = await Promise.all(Array.from({ length: 10 }, send));
    await sleep(1000);
    // At most a few single ones were tried. The others wait as they are, and say why.
    const messages = await Promise.all(later.map(({ id }) => gateway.message(id)));
    // Read later than the messages: one that has no other event was untouched then.
    const stories = await Promise.all(later.map(({ id }) => gateway.events(id)));
    const tried = (await simulator.hits(fault)) - hits;
    expect(tried).toBeLessThan(5);
    const untouched = messages.filter((_, i) => stories[i]?.length === 1);
    // Another one may be on its way.
    expect(untouched.length).toBeGreaterThanOrEqual(10 - tried - 1);
    for (const { counts, waiting } of untouched) {
      expect(counts).toMatchObject({ queued: 0, deferred: 1 });
      expect(waiting).toMatchObject({ account: 'nhn', reason: 'provider_unavailable', since: expect.any(String) });
    }
    await simulator.endTrouble(fault);
    for (const { id } of [...first, ...later]) expect((await gateway.waitUntilFinal(id)).status).toBe('completed');
    expect(await simulator.summary(from)).toMatchObject({ recipients: 13, duplicates: { count: 0 } });
    expect((await account('nhn')).health.breaker).toMatchObject({ state: 'closed', failures: 0 });
  });

  onOneQueue(queue, () => {
    it.each(['ncp', 'nhn'] as const)('tries again after a definite no of %s', async (provider) => {
      const { gateway, simulator } = actors;
      for (const kind of ['throttle_429', 'credentials']) {
        const from = aSender();
        await simulator.trouble({ kind, provider, operation: 'send', sender: from });
        const { id } = await gateway.deliver(aMessage().from(from).through(provider).to('kim@example.com'));
        const types = (await gateway.events(id)).map(({ type }) => type);
        expect([kind, ...types.slice(0, 4)]).toEqual([
          kind,
          'message.accepted',
          'batch.dispatched',
          'batch.refused',
          'batch.deferred',
        ]);
        expect([kind, ...types.filter((type) => type === 'batch.dispatched')]).toHaveLength(3);
        expect(await simulator.summary(from)).toMatchObject({ recipients: 1, duplicates: { count: 0 } });
      }
    });

    it.each(['ncp', 'nhn'] as const)('leaves %s alone for as long as it asks', async (provider) => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const fault = { kind: 'throttle_429', style: 'http', retryAfterSeconds: 2, provider, operation: 'send' };
      await simulator.trouble({ ...fault, sender: from });
      const { id } = await gateway.send(aMessage().from(from).through(provider).to('kim@example.com'));
      await gateway.waitUntil(id, ({ counts }) => counts.deferred === 1);
      const other = await gateway.send(aMessage().from(from).through(provider).to('lee@example.com'));
      for (const message of [id, other.id]) expect((await gateway.waitUntilFinal(message)).status).toBe('completed');
      const events = [...(await gateway.events(id)), ...(await gateway.events(other.id))];
      const refusedAt = Date.parse(events.find(({ type }) => type === 'batch.refused')?.at ?? '');
      const after = events.filter(({ type, at }) => type === 'batch.dispatched' && Date.parse(at) > refusedAt);
      expect(after.map(({ at }) => Date.parse(at) - refusedAt >= 1900)).toEqual([true, true]);
    });

    it('cancels the part of a campaign that no provider has', async () => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const sending = { provider: 'nhn', operation: 'send', sender: from } as const;
      const fault = await simulator.trouble({
        kind: 'throttle_429',
        ...sending,
        skip: 1,
        times: -1,
        retryAfterSeconds: 60,
      });
      const { id } = await gateway.send(aMessage().from(from).through('nhn').toMany(1500));
      const before = await gateway.waitUntil(id, ({ counts }) => counts.deferred > 0 && counts.delivered > 0);
      const { deferred } = before.counts;
      const { body } = await gateway.post(`/v1/messages/${id}/cancel`);
      expect(body).toEqual({ cancelled: deferred, tooLate: 1500 - deferred });
      await simulator.endTrouble(fault);
      const final = await gateway.waitUntil(id, ({ counts }) => counts.delivered === 1500 - deferred);
      expect(final).toMatchObject({ status: 'completed', counts: { cancelled: deferred } });
      expect((await simulator.summary(from)).recipients).toBe(1500 - deferred);
    });
  });
});
