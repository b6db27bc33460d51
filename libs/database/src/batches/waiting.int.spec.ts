import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import { ProviderAccountRepository } from '../accounts/provider-account.repository.js';
import { QuotaRepository } from '../accounts/quota.repository.js';
import type { Database } from '../database.js';
import { RecoveryRepository } from './recover/recovery.repository.js';
import { BatchTransitions } from './transitions.js';

const WAITING = 20_000;
const HOUR_MS = 3_600_000;
const LANE = { provider: 'ncp', category: 'transactional' } as const;
/** The oldest of a lane that one look for lost jobs reads, and what is looked up for each. */
const [LOOKED_AT, FOR_EACH] = [5000, 3];

/** An outage costs nothing (law 12): what a sweep reads does not grow with what waits. */
describe('sweeps while much waits', () => {
  let database: Database;

  beforeAll(async () => {
    // One connection, so that it alone has figures to report.
    database = await aDatabase(1);
    const { messageId } = await new GivenRows(database).message();
    await database.pool.query(
      `WITH one AS (
         INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, subject,
           on_quota, recipient_count, batch_count, counts, routing, tags, warnings)
         SELECT gen_random_uuid(), client_id, category, delivery, 'ncp', 'ncp', from_address, subject, 'defer', 1, 1,
           counts, routing, tags, warnings
         FROM message, generate_series(1, $2::int) WHERE id = $1 RETURNING id
       )
       INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
         follower_count, due_at, next_attempt_at)
       SELECT gen_random_uuid(), id, 'ncp', 'transactional', 'queued', 0, 0, 1, 1, now(), now() FROM one`,
      [messageId, WAITING],
    );
    await database.pool.query('VACUUM ANALYZE');
  }, 120_000);
  afterAll(() => database.close());

  const rowsReadBy = async (work: () => Promise<unknown>): Promise<number> => {
    const look = async (): Promise<number> => {
      await database.pool.query('SELECT pg_stat_force_next_flush()');
      const { rows } = await database.pool.query<{ n: number }>(
        'SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS n FROM pg_stat_user_tables',
      );
      return rows[0]?.n ?? 0;
    };
    const before = await look();
    await work();
    return (await look()) - before;
  };

  const sweeps: readonly (readonly [name: string, most: number, run: () => Promise<unknown>])[] = [
    ['a probe', 10, () => new BatchTransitions(database).queueDue(LANE, { afterMs: HOUR_MS }, 1)],
    [
      'jobs that are lost, of those that do not wait for a quota',
      LOOKED_AT * FOR_EACH,
      () => new BatchTransitions(database).queueDue(LANE, { afterMs: HOUR_MS, impatient: true }, 1000),
    ],
    ['lost workers', 10, () => new BatchTransitions(database).recoverLost(database.pool, 1000)],
    ['what came too late', 10, () => new BatchTransitions(database).expire(database.pool, HOUR_MS, 1000)],
    ['what was not released', 10, () => new BatchTransitions(database).expireHeld(database.pool, HOUR_MS, 1000)],
    [
      'doubts that no worker settles',
      10,
      () =>
        new BatchTransitions(database).expireDoubt(
          database.pool,
          { exceptOf: ['ncp'], limit: 1000 },
          { expireMs: HOUR_MS, detail: '' },
        ),
    ],
    ['look-ups', 10, () => new RecoveryRepository(database).takeLookups(HOUR_MS, 1000)],
    ['an account that opens', 20, () => new ProviderAccountRepository(database).resume('ncp', newUuid())],
    ['a quota that has room again', 10, () => new QuotaRepository(database).release('ncp', 100, HOUR_MS)],
    ['polls', 10, () => new RecoveryRepository(database).takePolls(HOUR_MS, 1000)],
  ];

  it.each(sweeps)('reads little for %s', async (_, most, run) => {
    expect(await rowsReadBy(run)).toBeLessThanOrEqual(most);
  });
});
