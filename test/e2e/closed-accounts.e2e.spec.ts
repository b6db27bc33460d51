import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  onEachQueue,
  onOneQueue,
  redisCommand,
  unique,
  useOwnGateway,
} from '@gateway/testing';
import pg from 'pg';

const MAILS = 300;

onEachQueue('an account that is closed', (queue) => {
  const env = {
    RECOVERY_INTERVAL_MS: '500',
    BREAKER_FAILURES: '3',
    RETRY_BASE_MS: '500',
    RETRY_MAX_MS: '2000',
    NHN_MONTHLY_QUOTA: '100000',
    NCP_REQUESTS_PER_SECOND: '20',
  };
  const actors = useOwnGateway({ queue, env });
  let database: pg.Client;
  beforeAll(async () => {
    database = new pg.Client({ connectionString: actors.address.databaseUrl });
    await database.connect();
  });
  afterAll(() => database.end());
  afterEach(async () => {
    await actors.simulator.endAllTrouble();
    await actors.gateway.post('/v1/providers/nhn/resume', {});
  });

  /** Mails to one recipient each, in requests of a hundred. */
  const sendAll = async (from: string, account = 'nhn'): Promise<void> => {
    for (let first = 0; first < MAILS; first += 100) {
      const messages = Array.from({ length: 100 }, (_, n) =>
        aMessage()
          .from(from)
          .through(account)
          .to(`r.${first + n}@example.com`)
          .build(),
      );
      const headers = { 'idempotency-key': unique('key-') };
      const { status, body } = await actors.gateway.post<{ results: readonly { id?: string }[] }>(
        '/v1/messages/batch',
        { messages },
        headers,
      );
      expect([status, body.results.filter(({ id }) => id !== undefined).length]).toEqual([200, 100]);
    }
  };

  /** Versions of all rows of waiting batches, and the number of events: changed by every write. */
  const written = async (from: string): Promise<unknown> => {
    const { rows } = await database.query<{ rows: string; events: string }>(
      `SELECT (SELECT md5(string_agg(id || ' ' || xmin, ',' ORDER BY id)) FROM batch WHERE status = 'queued') AS rows,
         (SELECT count(*) FROM event e JOIN message m ON m.id = e.message_id WHERE m.from_address = $1) AS events`,
      [from],
    );
    return rows[0];
  };

  const allDelivered = (from: string): Promise<void> =>
    eventually(async () => {
      const { recipients, repeatedAddresses } = await actors.simulator.summary(from);
      expect([recipients, repeatedAddresses.count]).toEqual([MAILS, 0]);
    });

  it('costs nothing while an operator pauses it, and sends what waited in order', async () => {
    const from = aSender();
    await actors.gateway.post('/v1/providers/nhn/pause', { reason: 'maintenance' });
    await sendAll(from);
    const before = await written(from);
    if (queue === 'redis') await redisCommand(Number(new URL(actors.address.redisUrl ?? '').port), 'FLUSHALL');
    await sleep(3000);
    expect(await written(from)).toEqual(before);
    await actors.gateway.post('/v1/providers/nhn/resume', {});
    await allDelivered(from);
    const mails = await actors.simulator.mails(from);
    const places = mails.map(({ address }) => Number(/\d+/.exec(address)?.[0]));
    // Jobs run side by side, so neighbours may change places.
    const displaced = places.map((place, i) => Math.abs(place - i));
    expect(displaced.reduce((sum, by) => sum + by, 0) / MAILS).toBeLessThan(MAILS / 5);
  }, 60_000);

  onOneQueue(queue, () => {
    it('is tried with single mails while its provider fails, and sends each once when that is over', async () => {
      const from = aSender();
      const fault = await actors.simulator.trouble({
        kind: 'throttle_429',
        provider: 'nhn',
        operation: 'send',
        times: -1,
        retryAfterSeconds: 1,
      });
      await sendAll(from);
      await sleep(5000);
      const { rows } = await database.query<{ events: number }>(
        `SELECT count(*)::int AS events FROM event e JOIN message m ON m.id = e.message_id
       WHERE m.from_address = $1 AND e.type LIKE 'batch.%'`,
        [from],
      );
      // Those that were on their way when it began, and one for each try.
      expect(rows[0]?.events).toBeLessThan(2 * MAILS);
      expect((await actors.simulator.summary(from)).recipients).toBe(0);
      await actors.simulator.endTrouble(fault);
      await allDelivered(from);
    }, 60_000);

    it('writes as little with many mails that wait as with few, while its provider fails', async () => {
      const from = aSender();
      const fault = await actors.simulator.trouble({
        kind: 'throttle_429',
        provider: 'nhn',
        operation: 'send',
        times: -1,
        retryAfterSeconds: 1,
      });
      await actors.gateway.send(aMessage().from(from).through('nhn').to('few@example.com'));
      const few = await writesOfFourSeconds();
      for (let time = 0; time < 3; time += 1) await sendAll(from);
      const many = await writesOfFourSeconds();
      // Each try of the account is written: its attempt, its events. How many tries there are is chance.
      expect(many).toBeLessThan(few + MAILS / 3);
      await actors.simulator.endTrouble(fault);
      await eventually(async () => {
        const { requests, repeatedAddresses } = await actors.simulator.summary(from);
        expect([requests, repeatedAddresses.count]).toEqual([3 * MAILS + 1, MAILS]);
      });
    }, 90_000);
  });

  it('costs nothing while its quota is used up, and sends what waited when there is more', async () => {
    const from = aSender();
    await use(100_000);
    // The first one meets the end of the quota; from then on none is touched.
    const { id } = await actors.gateway.send(aMessage().from(from).through('nhn').to('first@example.com'));
    await actors.gateway.waitUntil(id, ({ waiting }) => waiting?.reason === 'quota' && waiting.since !== null);
    await sendAll(from);
    const before = await written(from);
    if (queue === 'redis') await redisCommand(Number(new URL(actors.address.redisUrl ?? '').port), 'FLUSHALL');
    await sleep(3000);
    expect(await written(from)).toEqual(before);
    expect((await actors.gateway.message(id)).waiting).toMatchObject({ account: 'nhn', reason: 'quota' });
    await use(0);
    await eventually(async () => {
      const { recipients, repeatedAddresses } = await actors.simulator.summary(from);
      expect([recipients, repeatedAddresses.count]).toEqual([MAILS + 1, 0]);
    });
    // Nothing was put off, neither in a row nor in an event.
    const { rows } = await database.query(
      `SELECT DISTINCT e.type FROM event e JOIN message m ON m.id = e.message_id
       WHERE m.from_address = $1 AND e.type IN ('batch.deferred', 'batch.failed')`,
      [from],
    );
    expect(rows).toEqual([]);
  }, 60_000);

  onOneQueue(queue, () => {
    it('writes to a batch only when it goes, while the account is as fast as it may be', async () => {
      const from = aSender();
      await sendAll(from, 'ncp');
      const versions = async (): Promise<ReadonlyMap<string, string>> => {
        const { rows } = await database.query<{ id: string; xmin: string }>(
          `SELECT b.id, b.xmin FROM batch b JOIN message m ON m.id = b.message_id
         WHERE m.from_address = $1 AND b.status = 'queued' ORDER BY b.next_attempt_at, b.id`,
          [from],
        );
        return new Map(rows.map(({ id, xmin }) => [id, xmin]));
      };
      await eventually(async () => expect((await versions()).size).toBeLessThan(MAILS - 20));
      const before = await versions();
      await sleep(3000);
      const after = await versions();
      const written = [...after].filter(([id, xmin]) => before.get(id) !== xmin);
      // Two seconds of turns are given out in advance; the others are not touched, however many they are.
      expect(after.size).toBeLessThan(before.size);
      expect(written.length).toBeLessThan(MAILS / 3);
      await allDelivered(from);
    }, 60_000);
  });

  const use = (recipients: number) =>
    database.query(
      `INSERT INTO provider_usage (provider, month, recipients)
       VALUES ('nhn', date_trunc('month', now() AT TIME ZONE 'Asia/Seoul')::date, $1)
       ON CONFLICT (provider, month) DO UPDATE SET recipients = $1`,
      [recipients],
    );

  /** Rows that are new or changed after four seconds, in the tables of the work and of the queue. */
  async function writesOfFourSeconds(): Promise<number> {
    await sleep(1000);
    const { rows: begun } = await database.query<{ xid: string }>('SELECT pg_current_xact_id()::xid AS xid');
    await sleep(4000);
    const tables = ['message', 'batch', 'recipient', 'attempt', 'event', 'provider_account', 'bullmq.job'];
    const written = tables.map((table) => `SELECT count(*) AS n FROM ${table} WHERE age(xmin) < age($1::xid)`);
    const { rows } = await database.query<{ n: string }>(
      `SELECT sum(n) AS n FROM (${written.join(' UNION ALL ')}) AS written`,
      [begun[0]?.xid],
    );
    return Number(rows[0]?.n);
  }
});
