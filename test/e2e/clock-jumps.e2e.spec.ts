import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  Clocks,
  eventually,
  onEachQueue,
  onOneQueue,
  queueKinds,
  unique,
  useOwnGateway,
  type BatchView,
  type EventView,
  type MessageView,
  type PageView,
} from '@gateway/testing';
import { visitDoctor } from '../support/doctor.js';

const HOUR = 3_600_000;
/** Longer than mail may take to become final (`EXPIRE_MS`). */
const FOUR_DAYS = 96 * HOUR;

onEachQueue('clocks that jump', (queue) => {
  const clocks = new Clocks();
  const actors = useOwnGateway({ queue, env: { ...clocks.env, RETRY_MAX_MS: '500' } });
  const set = (part: 'api' | 'worker', offsetMs: number) => clocks.shift(actors.running.pidOf(part), offsetMs);
  afterAll(() => clocks.remove());

  /** Everybody has one mail, by the simulator's record and by the gateway's. @returns its story. */
  async function expectOneMailEach(id: string, from: string, recipients: number): Promise<readonly EventView[]> {
    const { gateway, simulator } = actors;
    await gateway.waitUntil(id, ({ status, counts }) => status === 'completed' && counts.delivered === recipients);
    expect(await simulator.summary(from)).toMatchObject({
      recipients,
      repeatedAddresses: { count: 0 },
      duplicates: { count: 0 },
    });
    const events = await gateway.events(id);
    expect(events.filter(({ type }) => type === 'message.completed').length).toBe(1);
    return events;
  }

  describe.each([
    { api: 2 * HOUR, worker: -2 * HOUR, then: FOUR_DAYS },
    // Delayed jobs meet the same jumps either way round.
    ...(queue === queueKinds()[0] ? [{ api: -2 * HOUR, worker: FOUR_DAYS, then: -2 * HOUR }] : []),
  ])("the api's by $api ms, the worker's by $worker and then $then", ({ api, worker, then }) => {
    beforeAll(() => set('api', api));
    afterAll(() => clocks.right());

    it('mails a campaign in doubt, and login codes in doubt, once, and reports all of it', async () => {
      const { gateway, simulator } = actors;
      const [from, login] = [aSender(), aSender()];
      const sends = { provider: 'nhn', operation: 'send' } as const;
      const hang = await simulator.trouble({ ...sends, kind: 'hang', accept: true, sender: from, skip: 1, times: 2 });
      const drop = await simulator.trouble({ ...sends, kind: 'accept_then_drop', sender: login, times: 2 });
      const code = (to: string) => gateway.send(aMessage().from(login).through('nhn').authentication().to(to));
      const { id } = await gateway.send(aMessage().from(from).through('nhn').marketing().toMany(6000, 'slow+1s'));
      await eventually(async () => expect(await simulator.hits(hang)).toBe(2));
      await set('worker', worker);
      const first = await code('one@example.com');
      expect((await gateway.waitUntilFinal(first.id)).status).toBe('completed');
      const { end, told: before } = await readFeed();
      await set('worker', then);
      const second = await code('two@example.com');
      await expectOneMailEach(id, from, 6000);
      expect(outcomesOf(await gateway.batches(id)).sort()).toEqual([
        ...Array.from({ length: 4 }, () => 'accepted'),
        'adopted',
        'adopted',
      ]);
      expect((await gateway.waitUntilFinal(second.id)).status).toBe('completed');
      expect(await simulator.summary(login)).toMatchObject({ recipients: 2, repeatedAddresses: { count: 0 } });
      expect(await simulator.hits(drop)).toBe(2);
      // A reader at the end of the feed also gets events that were written with the clock set back.
      await eventually(async () => {
        const { told } = await readFeed(end);
        expect(told).toContain(`message.completed ${second.id}`);
        // On a busy machine the campaign may have been over before.
        expect([...before, ...told]).toContain(`message.completed ${id}`);
      });
    });

    it('accepts, refuses and holds messages by the right time', async () => {
      const { gateway, simulator } = actors;
      const from = aSender();
      expect(await apiOff()).toBe(api / HOUR);
      const message = aMessage().from(from).through('nhn');
      const key = { 'idempotency-key': unique('key-') };
      const body = message.dueIn(2500).build();
      const scheduled = await gateway.post<MessageView>('/v1/messages', body, key);
      const again = await gateway.post<MessageView>('/v1/messages', body, key);
      expect([scheduled.status, again.status, again.body.id]).toEqual([202, 202, scheduled.body.id]);
      const late = await gateway.post('/v1/messages', message.dueIn(-HOUR).build());
      expect([late.status, late.body.errors]).toMatchObject([422, [{ pointer: '/sendAt', code: 'in_the_past' }]]);
      const now = await gateway.deliver(message.to('now@example.com'));
      expect(Math.abs(Date.parse(now.createdAt) - Date.now())).toBeLessThan(10_000);
      await gateway.waitUntilFinal(scheduled.body.id);
      const events = await gateway.events(scheduled.body.id);
      const begun = Date.parse(events.find(({ type }) => type === 'batch.dispatched')?.at ?? '');
      const sendAt = Date.parse(scheduled.body.sendAt ?? '');
      expect(begun).toBeGreaterThanOrEqual(sendAt);
      expect(begun - sendAt).toBeLessThan(30_000);
      expect(await simulator.summary(from)).toMatchObject({ recipients: 2, repeatedAddresses: { count: 0 } });
    });

    it('sends nothing to who opted out after a message was accepted', async () => {
      const { gateway, simulator } = actors;
      const [from, optedOut] = [aSender(), `${unique('lee')}@example.com`];
      const message = aMessage().from(from).through('nhn').marketing().to('kim@example.com', optedOut).dueIn(1500);
      const { id } = await gateway.send(message);
      await gateway.post('/v1/suppressions', { addresses: [optedOut], scope: 'all' });
      const { counts } = await gateway.waitUntil(id, ({ counts: { delivered } }) => delivered === 1);
      expect(counts).toMatchObject({ delivered: 1, suppressed: 1 });
      expect((await simulator.mails(from)).map(({ address }) => address)).toEqual(['kim@example.com']);
    });
  });

  onOneQueue(queue, () => {
    it("keeps ncp's mail while the worker's clock is behind the provider's, says why, and sends it afterwards", async () => {
      const { gateway, simulator } = actors;
      const [from, doubted] = [aSender(), aSender()];
      const ncp = (sender: string) => aMessage().from(sender).through('ncp').marketing();
      const sends = { provider: 'ncp', operation: 'send', sender: doubted } as const;
      const hang = await simulator.trouble({ ...sends, kind: 'hang', accept: true, times: 1 });
      const inDoubt = await gateway.send(ncp(doubted).to('kim@example.com'));
      await eventually(async () => expect(await simulator.hits(hang)).toBe(1));
      await set('worker', -2 * HOUR);
      const waiting = await gateway.send(ncp(from).toMany(300));
      await gateway.waitUntil(waiting.id, ({ counts }) => counts.deferred === 300);
      await gateway.waitUntil(inDoubt.id, ({ counts }) => counts.unconfirmed === 1);
      expect(await pauseReasonOf('ncp')).toMatch(/the clock here is \d+ s behind the provider's/);
      // Longer than absence has to last: a look-up that the provider refuses shows none.
      await sleep(2500);
      expect((await gateway.batches(inDoubt.id))[0]).toMatchObject({ status: 'unconfirmed' });
      expect((await simulator.summary(from)).requests).toBe(0);
      await clocks.right();
      await expectOneMailEach(waiting.id, from, 300);
      await expectOneMailEach(inDoubt.id, doubted, 1);
      expect(outcomesOf(await gateway.batches(inDoubt.id))).toEqual(['adopted']);
      expect(await pauseReasonOf('ncp')).toBeNull();
    });

    it("ends keys by the database's clock: a jump of the api's neither ends one nor brings it back", async () => {
      const { gateway } = actors;
      const inFuture = (ms: number): string => new Date(Date.now() + ms).toISOString();
      const aKey = (ms: number) =>
        gateway.post<{ key: string }>('/v1/api-keys', {
          name: unique('key-'),
          client: unique('client-'),
          scopes: ['messages:read'],
          expiresAt: inFuture(ms),
        });
      const endsAt = Date.now() + 8000;
      const [{ body: short }, { body: unused }] = await Promise.all([aKey(8000), aKey(8000)]);
      const uses = async ({ key }: { key: string }) => (await gateway.as(key).call('GET', '/v1/messages')).status;
      for (const offset of [2 * HOUR, -2 * HOUR, FOUR_DAYS]) {
        await set('api', offset);
        expect(await uses(short)).toBe(200);
        // An end that is given meanwhile is compared with the right time, too.
        const [later, before] = [await aKey(HOUR), await aKey(-HOUR)];
        expect([later.status, before.status, await uses(later.body)]).toEqual([201, 422, 200]);
      }
      expect(Date.now()).toBeLessThan(endsAt);
      await sleep(endsAt - Date.now() + 50);
      for (const offset of [-2 * HOUR, 0, FOUR_DAYS, -FOUR_DAYS]) {
        await set('api', offset);
        expect([await uses(short), await uses(unused)]).toEqual([401, 401]);
      }
      await clocks.right();
    });
  });

  it('leaves counters that equal the rows', async () => {
    const { applicationUrl, redisUrl } = actors.address;
    const env = { DATABASE_URL: applicationUrl, ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) };
    expect(await visitDoctor(env)).toMatchObject({ code: 0 });
  });

  const outcomesOf = (batches: readonly BatchView[]) =>
    batches.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));

  /** Reads all that happened since a place in the feed, to its end. */
  async function readFeed(from?: string): Promise<{ readonly told: readonly string[]; readonly end: string }> {
    const told: string[] = [];
    for (let cursor = from; ;) {
      const query = { limit: 1000, ...(cursor !== undefined && { cursor }) };
      const page = await actors.gateway.get<PageView<EventView>>('/v1/events', query);
      cursor = page.nextCursor ?? cursor;
      if (page.data.length === 0) return { told, end: cursor ?? '' };
      told.push(...page.data.map(({ type, messageId }) => `${type} ${messageId}`));
    }
  }

  async function pauseReasonOf(name: string): Promise<string | null> {
    interface Account {
      readonly name: string;
      readonly health: { readonly pauseReason: string | null };
    }
    const { data } = await actors.gateway.get<{ data: readonly Account[] }>('/v1/providers');
    return data.find((account) => account.name === name)?.health.pauseReason ?? null;
  }

  /** Hours by which the api's own clock is off, as shown by a metric that reports the machine's time. */
  async function apiOff(): Promise<number> {
    const metrics = await actors.gateway.get<string>('/metrics');
    const seconds = /^gateway_work_read_timestamp_seconds\S* (\S+)$/m.exec(metrics)?.[1];
    return Math.round((Number(seconds) * 1000 - Date.now()) / HOUR);
  }
});
