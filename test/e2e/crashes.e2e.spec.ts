import { expect, it } from '@jest/globals';
import { aMessage, aSender, eventually, onEachQueue, onOneQueue, redisCommand, useOwnGateway } from '@gateway/testing';

interface Results {
  readonly results: readonly { readonly id: string }[];
}

onEachQueue('crashes', (queue) => {
  // Long enough that no answer is late because the machine is busy.
  const env = { PROVIDER_TIMEOUT_MS: '5000' };
  const actors = useOwnGateway({ queue, env });

  /** Every recipient has exactly one mail, by the simulator's record and by the gateway's. */
  async function expectOneMailEach(id: string, from: string, recipients: number): Promise<void> {
    const { gateway, simulator } = actors;
    await gateway.waitUntil(id, ({ counts }) => counts.delivered === recipients);
    expect(await simulator.summary(from)).toMatchObject({
      recipients,
      repeatedAddresses: { count: 0 },
      duplicates: { count: 0 },
    });
    const events = await gateway.events(id);
    expect(events.filter(({ type }) => type === 'message.completed').length).toBe(1);
  }

  it('finishes a campaign whose worker was killed in the middle, and mails no recipient twice', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const fault = await simulator.trouble({
      kind: 'hang',
      accept: true,
      provider: 'nhn',
      operation: 'send',
      sender: from,
      skip: 2,
      times: 2,
    });
    const { id } = await gateway.send(aMessage().from(from).through('nhn').marketing().toMany(6000));
    // Two requests were taken and answered; two are taken and will never be answered.
    await eventually(async () => expect(await simulator.hits(fault)).toBeGreaterThan(0));
    expect(await actors.running.end('worker', 'SIGKILL')).toBe('SIGKILL');
    expect((await gateway.message(id)).status).toBe('sending');
    await actors.running.start('worker');
    await expectOneMailEach(id, from, 6000);
  });

  it('keeps what it answered 202 to when it is killed right after', async () => {
    const { gateway } = actors;
    const from = aSender();
    await actors.running.end('worker', 'SIGKILL');
    const accepted = await Promise.all(Array.from({ length: 10 }, () => gateway.send(aMessage().from(from))));
    await actors.running.end('api', 'SIGKILL');
    await Promise.all([actors.running.start('worker'), actors.running.start('api')]);
    for (const { id } of accepted) expect((await gateway.waitUntilFinal(id)).status).toBe('completed');
    expect((await actors.simulator.summary(from)).recipients).toBe(10);
  });

  it('shuts down cleanly on SIGTERM: posts in flight are finished, and no other is begun', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    // More requests than a worker posts at once: four jobs of the lane, fifty batches of each.
    const requestCount = 240;
    const fault = await simulator.trouble({
      kind: 'slow',
      delayMs: 1500,
      times: -1,
      provider: 'nhn',
      operation: 'send',
      sender: from,
    });
    const campaign = aMessage().from(from).through('nhn').marketing();
    const messages = Array.from({ length: requestCount }, (_, n) => campaign.to(`r.${n}@example.com`).build());
    const { body } = await gateway.post<Results>('/v1/messages/batch', { messages });
    const ids = body.results.map(({ id }) => id);
    await eventually(async () => expect(await simulator.hits(fault)).toBeGreaterThan(0));
    expect(await actors.running.end('worker', 'SIGTERM')).toBe('0');
    const requests = (await simulator.summary(from)).requests;
    expect(requests).toBeGreaterThan(0);
    expect(requests).toBeLessThan(requestCount);
    for (const id of ids) {
      const { counts } = await gateway.message(id);
      expect([counts.unconfirmed, counts.dispatching]).toEqual([0, 0]);
    }
    await simulator.endTrouble(fault);
    await actors.running.start('worker');
    for (const id of ids) {
      const message = await gateway.waitUntil(id, ({ counts }) => counts.delivered === 1);
      expect(message.status).toBe('completed');
      const events = (await gateway.events(id)).map(({ type }) => type);
      expect(events).not.toContain('batch.unconfirmed');
      expect(events.filter((type) => type === 'message.completed')).toHaveLength(1);
    }
    expect(await simulator.summary(from)).toMatchObject({
      recipients: requestCount,
      requests: requestCount,
      repeatedAddresses: { count: 0 },
      duplicates: { count: 0 },
    });
  });

  onOneQueue(queue, () => {
    it('answers what it has begun when the api gets SIGTERM', async () => {
      const { gateway } = actors;
      const { id } = await gateway.send(aMessage().dueIn(3_600_000));
      const waiting = gateway.call('GET', `/v1/messages/${id}?waitFor=final&timeout=2`);
      const sending = gateway.send(aMessage().toMany(20_000).dueIn(3_600_000));
      await eventually(async () => expect((await gateway.call('GET', '/health/live')).status).toBe(200));
      expect(await actors.running.end('api', 'SIGTERM')).toBe('0');
      expect((await waiting).status).toBe(200);
      const { id: kept } = await sending;
      await actors.running.start('api');
      expect((await gateway.message(kept)).recipientCount).toBe(20_000);
    });
  });

  (queue === 'redis' ? onRedis : () => undefined)();

  function onRedis(): void {
    const port = () => Number(new URL(actors.running.address.redisUrl ?? '').port);

    it('delivers what stood in a Redis that was emptied', async () => {
      const { gateway } = actors;
      const from = aSender();
      await actors.running.end('worker', 'SIGKILL');
      const { id } = await gateway.send(aMessage().from(from).through('nhn').toMany(2500));
      const held = await gateway.send(aMessage().from(from).to('held@example.com').dueIn(1500));
      await eventually(async () => expect(await redisCommand(port(), 'DBSIZE')).not.toMatch(/^:0/));
      expect(await redisCommand(port(), 'FLUSHALL')).toMatch(/^\+OK/);
      await actors.running.start('worker');
      await gateway.waitUntil(id, ({ counts }) => counts.delivered === 2500);
      await gateway.waitUntilFinal(held.id);
      expect(await actors.simulator.summary(from)).toMatchObject({
        recipients: 2501,
        repeatedAddresses: { count: 0 },
      });
    });

    it('accepts while Redis does not answer, and delivers afterwards', async () => {
      const { gateway } = actors;
      const from = aSender();
      expect(await redisCommand(port(), 'CLIENT PAUSE 4000 ALL')).toMatch(/^\+OK/);
      const started = performance.now();
      const { id } = await gateway.send(aMessage().from(from).through('nhn').toMany(1500));
      expect(performance.now() - started).toBeLessThan(4000);
      await expectOneMailEach(id, from, 1500);
    });

    it('delivers while Redis is emptied again and again', async () => {
      const { gateway } = actors;
      const from = aSender();
      const { id } = await gateway.send(aMessage().from(from).through('nhn').toMany(5000));
      for (let i = 0; i < 5; i += 1) {
        await redisCommand(port(), 'FLUSHALL');
        await gateway.message(id);
      }
      await expectOneMailEach(id, from, 5000);
    });
  }
});
