import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDatabase, GivenRows } from '@gateway/testing';
import { BatchTransitions } from '../batches/transitions.js';
import type { Database } from '../database.js';
import { ProviderAccountRepository } from './provider-account.repository.js';
import { QuotaRepository } from './quota.repository.js';

describe(QuotaRepository.name, () => {
  let database: Database;
  let quota: QuotaRepository;

  beforeAll(async () => {
    database = await aDatabase(2);
    quota = new QuotaRepository(database);
  });
  afterAll(() => database.close());

  const used = async (name: string): Promise<number | undefined> =>
    (await new ProviderAccountRepository(database).find([name]))[0]?.usedInPeriod;

  /** Moves what an account has used to an earlier day. */
  const shift = (name: string, days: number) =>
    database.pool.query('UPDATE provider_usage SET month = month - $2::int WHERE provider = $1', [name, days]);

  it('counts by the day of the time zone that an account declares', async () => {
    await quota.declarePeriods([{ provider: 'daily', per: 'day', timeZone: 'Pacific/Kiritimati' }]);
    await quota.add(database.pool, 'daily', 3);
    const { rows } = await database.pool.query<{ day: boolean }>(
      `SELECT month = (now() AT TIME ZONE 'Pacific/Kiritimati')::date AS day FROM provider_usage WHERE provider = 'daily'`,
    );
    expect([rows, await used('daily')]).toEqual([[{ day: true }], 3]);
    await shift('daily', 1);
    expect(await used('daily')).toBe(0);
  });

  it('counts by the month of Asia/Seoul unless an account declares another period', async () => {
    await quota.add(database.pool, 'monthly', 3);
    const { rows } = await database.pool.query<{ month: boolean }>(
      `SELECT month = date_trunc('month', now() AT TIME ZONE 'Asia/Seoul')::date AS month
       FROM provider_usage WHERE provider = 'monthly'`,
    );
    expect([rows, await used('monthly')]).toEqual([[{ month: true }], 3]);
  });

  it('takes a declared period over when it changes', async () => {
    await quota.declarePeriods([{ provider: 'moved', per: 'month', timeZone: 'UTC' }]);
    await quota.declarePeriods([{ provider: 'moved', per: 'day', timeZone: 'UTC' }]);
    const { rows } = await database.pool.query(
      `SELECT quota_per AS per, quota_time_zone AS zone FROM provider_account WHERE name = 'moved'`,
    );
    expect(rows).toEqual([{ per: 'day', zone: 'UTC' }]);
  });

  it('stops the time of batches that wait for it, and gives them as much again once there is more', async () => {
    const { batchIds } = await new GivenRows(database).message({ batches: [1], provider: 'short' });
    await database.pool.query(
      `UPDATE batch SET due_at = now() - interval '3 hours', next_attempt_at = now() - interval '3 hours'
       WHERE id = ANY ($1)`,
      [batchIds],
    );
    const transitions = new BatchTransitions(database);
    const expired = async () => (await transitions.expire(database.pool, 3_600_000, 100)).map(({ id }) => id);
    await quota.close('short');
    expect(await expired()).toEqual([]);
    await quota.open('short');
    expect(await expired()).toEqual([]);
    await database.pool.query(
      `UPDATE provider_account SET refilled_at = now() - interval '2 hours' WHERE name = 'short'`,
    );
    expect(await expired()).toEqual(batchIds);
  });

  it('notes once since when it is used up, and opens the account only if it was', async () => {
    const state = async () => (await new ProviderAccountRepository(database).find(['once']))[0];
    await quota.open('once');
    expect(await state()).toMatchObject({ usedUpAt: null, openedAt: null });
    await quota.close('once');
    const since = (await state())?.usedUpAt;
    await quota.close('once');
    expect(since).toBeInstanceOf(Date);
    expect(await state()).toMatchObject({ usedUpAt: since, openedAt: null });
    await quota.open('once');
    expect(await state()).toMatchObject({ usedUpAt: null, openedAt: expect.any(Date) });
  });
});
