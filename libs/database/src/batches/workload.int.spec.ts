import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import type { Database } from '../database.js';
import { WorkloadRepository } from './workload.repository.js';

describe(WorkloadRepository.name, () => {
  let database: Database;
  let given: GivenRows;
  let sut: WorkloadRepository;

  beforeAll(async () => {
    database = await aDatabase();
    given = new GivenRows(database);
    sut = new WorkloadRepository(database);
  });
  beforeEach(() => database.pool.query('TRUNCATE message, batch, attempt, recipient, event'));
  afterAll(() => database.close());

  /** A message with one batch like this. */
  const batch = async (sql: string, text: Parameters<GivenRows['message']>[0] = {}): Promise<string> => {
    const { batchIds } = await given.message(text);
    await database.pool.query(`UPDATE batch SET ${sql} WHERE id = $1`, batchIds.slice());
    return batchIds[0] ?? '';
  };
  const attempt = (batchId: string, number: number, more: { outcome?: string; ago?: string; id?: string } = {}) =>
    database.pool.query(
      `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, outcome)
       SELECT $1, $2, $3, 'm', provider, now() - $4::interval, $5::attempt_outcome FROM batch WHERE id = $2`,
      [more.id ?? newUuid(), batchId, number, more.ago ?? '0 s', more.outcome ?? null],
    );

  it('counts batches by account, lane and status, and reports why they wait and for how long', async () => {
    await batch("status = 'deferred', reason = 'throttled', next_attempt_at = now() - interval '90 s'");
    await batch("status = 'deferred', reason = 'quota', next_attempt_at = now() + interval '1 h'");
    await batch("next_attempt_at = now() - interval '30 s'", { provider: 'nhn', category: 'marketing' });
    await batch("next_attempt_at = now() - interval '10 s'", { provider: 'nhn', category: 'marketing' });
    const { batches } = await sut.find();
    const told = batches.map((group) => ({ ...group, dueSeconds: Math.round(group.dueSeconds / 5) * 5 }));
    const common = { category: 'transactional', leasesEnded: 0 };
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        { ...common, provider: 'ncp', status: 'deferred', reason: 'throttled', count: 1, dueSeconds: 90 },
        { ...common, provider: 'ncp', status: 'deferred', reason: 'quota', count: 1, dueSeconds: 0 },
        {
          provider: 'nhn',
          category: 'marketing',
          status: 'queued',
          reason: null,
          count: 2,
          dueSeconds: 30,
          leasesEnded: 0,
        },
      ]),
    );
  });

  it('reports lost workers and tracked batches, and nothing that is over', async () => {
    await batch("status = 'dispatching', lease_until = now() - interval '1 s'");
    await batch("status = 'dispatching', lease_until = now() + interval '1 h'");
    await batch("status = 'sending', next_poll_at = now() - interval '40 s'");
    await batch("status = 'settled', next_poll_at = now() + interval '1 h'");
    await batch("status = 'failed'");
    const { batches, polls } = await sut.find();
    expect(batches.map(({ status, count, leasesEnded }) => [status, count, leasesEnded]).sort()).toEqual([
      ['dispatching', 2, 1],
      ['sending', 1, 0],
    ]);
    expect(polls).toEqual([{ provider: 'ncp', seconds: expect.closeTo(40, -1) }]);
  });

  it('reports since when a request is in doubt, from its first open attempt', async () => {
    const id = await batch("status = 'unconfirmed', attempt_count = 3");
    await attempt(id, 1, { outcome: 'absent', ago: '1 h' });
    await attempt(id, 2, { outcome: 'unconfirmed', ago: '100 s' });
    await attempt(id, 3, { ago: '10 s' });
    expect((await sut.find()).unconfirmed).toEqual([{ provider: 'ncp', seconds: expect.closeTo(100, -1) }]);
  });

  it('counts attempts of the last minutes by outcome', async () => {
    const id = await batch("status = 'sending'");
    await attempt(id, 1, { outcome: 'refused', id: '01800000-0000-7000-8000-000000000000' });
    await attempt(id, 2, { outcome: 'refused' });
    await attempt(id, 3, { outcome: 'accepted' });
    await attempt(id, 4);
    const { attempts } = await sut.find();
    expect(attempts.map(({ outcome, count }) => [outcome, count]).sort()).toEqual([
      ['accepted', 1],
      ['open', 1],
      ['refused', 1],
    ]);
  });

  it('reports how late a message to an audience is', async () => {
    expect((await sut.find()).audienceSeconds).toBe(0);
    const { messageId } = await given.message();
    await database.pool.query("UPDATE message SET expand_at = now() - interval '50 s' WHERE id = $1", [messageId]);
    expect((await sut.find()).audienceSeconds).toBeCloseTo(50, -1);
  });

  it('reads only rows that are under way', async () => {
    // One connection, so that its statistics are reported before they are read.
    const single = await aDatabase(1);
    try {
      // A mail a batch, all done: what a year leaves behind.
      const { messageId } = await new GivenRows(single).message();
      await single.pool.query(
        `INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
           follower_count, due_at, next_attempt_at)
         SELECT gen_random_uuid(), $1, 'ncp', 'marketing', 'settled', n, n, 1, 0, now(), now()
         FROM generate_series(1, 30000) AS n`,
        [messageId],
      );
      await single.pool.query('VACUUM ANALYZE batch');
      // A parallel worker reports later.
      await single.pool.query('SET max_parallel_workers_per_gather = 0');
      const blocksReadBy = async (work: () => Promise<unknown>): Promise<number> => {
        const before = await blocksRead(single);
        await work();
        return (await blocksRead(single)) - before;
      };
      const everything = (): Promise<unknown> =>
        single.pool.query('SELECT count(*) FROM batch WHERE counts IS NOT NULL');
      expect(await blocksReadBy(everything)).toBeGreaterThan(300);
      expect(await blocksReadBy(() => new WorkloadRepository(single).find())).toBeLessThan(50);
    } finally {
      await single.close();
    }
  });
});

async function blocksRead({ pool }: Database): Promise<number> {
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pool.query<{ n: number }>(`SELECT pg_stat_get_blocks_fetched('batch'::regclass)::int AS n`);
  return rows[0]?.n ?? 0;
}
