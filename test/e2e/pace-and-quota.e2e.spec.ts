import { expect, it } from '@jest/globals';
import { aMessage, aSender, onEachQueue, onOneQueue, useOwnGateway } from '@gateway/testing';
import { Client } from 'pg';

onEachQueue('pace and quota', (queue) => {
  const env = { NCP_REQUESTS_PER_SECOND: '5', NHN_MONTHLY_QUOTA: '1500', PROVIDER_ORDER: 'nhn,ncp' };
  const actors = useOwnGateway({ queue, env });

  it('sends no faster than the account may, but login codes at once', async () => {
    const { gateway } = actors;
    const from = aSender();
    const send = (to: string) => gateway.send(aMessage().from(from).through('ncp').to(to));
    const began = Date.now();
    const sent = await Promise.all(Array.from({ length: 25 }, (_, i) => send(`r${i}@example.com`)));
    const code = await gateway.deliver(aMessage().from(from).through('ncp').authentication().to('kim@example.com'));
    const times: number[] = [];
    for (const { id } of sent) {
      expect((await gateway.waitUntilFinal(id)).status).toBe('completed');
      times.push(await dispatchedAt(id));
      const waited = (await gateway.events(id)).filter(({ type }) => type === 'batch.deferred');
      // It waits untouched, or in a worker for its turn.
      expect(waited.length).toBe(0);
    }
    // From the beginning, not from the first answer: that one may have been late, which shortens the rest.
    times.sort((a, b) => a - b).forEach((at, i) => expect(at - began).toBeGreaterThanOrEqual(i * 200));
    const codeAt = await dispatchedAt(code.id);
    expect(times.filter((at) => at > codeAt).length).toBeGreaterThanOrEqual(5);
  });

  it('waits for a quota and reports it, fails or moves as the caller wants, and resumes by itself', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const message = (onQuota: string) => aMessage().from(from).marketing().toMany(1000, onQuota).with({ onQuota });
    expect((await gateway.deliver(message('defer'))).routing.provider).toBe('nhn');
    const waiting = await gateway.send(message('defer'));
    await gateway.waitUntil(waiting.id, ({ counts }) => counts.deferred === 1000);
    const [batch] = await gateway.batches(waiting.id);
    expect(batch).toMatchObject({ provider: 'nhn', status: 'deferred', reason: 'quota' });
    const opens = new Date(Date.parse(batch?.nextAttemptAt ?? '') + 9 * 3_600_000);
    expect([opens.getUTCDate(), opens.getUTCHours()]).toEqual([1, 0]);

    const refused = await gateway.call('POST', '/v1/messages', { body: message('reject').through('nhn').build() });
    expect([refused.status, refused.body]).toMatchObject([429, { code: 'quota_exceeded', retryable: true }]);
    const elsewhere = await gateway.deliver(message('failover'));
    expect(elsewhere.routing.provider).toBe('ncp');

    const late = await gateway.send(message('failover').dueIn(1000).toMany(600, 'late'));
    expect((await gateway.message(late.id)).routing.provider).toBe('ncp');

    await used(0);
    await gateway.waitUntil(waiting.id, ({ counts }) => counts.delivered === 1000);
    expect(await simulator.summary(from)).toMatchObject({
      nhn: { recipients: 2000 },
      repeatedAddresses: { count: 1000 },
    });
  });

  onOneQueue(queue, () => {
    it('never exceeds a quota, however many send at once', async () => {
      const { gateway, simulator } = actors;
      await used(1000);
      const from = aSender();
      const sent = await Promise.all(
        Array.from({ length: 12 }, (_, i) => gateway.send(aMessage().from(from).through('nhn').toMany(100, `q${i}`))),
      );
      for (const { id } of sent) {
        // Those that met the end of the quota may tell so themselves; the others wait untouched.
        await gateway.waitUntil(
          id,
          ({ counts, waiting }) =>
            counts.delivered === 100 ||
            (counts.deferred === 100 && waiting?.account === 'nhn' && waiting.reason === 'quota'),
        );
      }
      expect(await simulator.summary(from)).toMatchObject({ recipients: 500 });
      expect(await usage()).toBe(1500);
      // Messages that still wait would take part in the next test.
      await Promise.allSettled(sent.map(({ id }) => gateway.post(`/v1/messages/${id}/cancel`, {})));
    });

    it('gives back to the quota what a provider has not taken', async () => {
      const { gateway, simulator } = actors;
      await used(0);
      const from = aSender();
      await simulator.trouble({ kind: 'throttle_429', provider: 'nhn', operation: 'send', sender: from });
      await simulator.trouble({ kind: 'drop', provider: 'nhn', operation: 'send', sender: from });
      const { id } = await gateway.send(aMessage().from(from).through('nhn').toMany(100));
      await gateway.waitUntilFinal(id);
      expect(await usage()).toBe(100);
    });
  });

  async function dispatchedAt(id: string): Promise<number> {
    const dispatched = (await actors.gateway.events(id)).find(({ type }) => type === 'batch.dispatched');
    return Date.parse(dispatched?.at ?? '');
  }

  async function query<T extends object>(sql: string): Promise<T[]> {
    const client = new Client({ connectionString: actors.running.address.databaseUrl });
    await client.connect();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  const used = (recipients: number) =>
    query(`UPDATE provider_usage SET recipients = ${recipients} WHERE provider = 'nhn'`);
  const usage = async () =>
    Number((await query<{ n: string }>(`SELECT recipients AS n FROM provider_usage WHERE provider = 'nhn'`))[0]?.n);
});
