import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import { ProviderAccountRepository } from '../accounts/provider-account.repository.js';
import type { Database } from '../database.js';
import { AttemptRepository } from './dispatch/attempt.repository.js';
import { ReconcileRepository } from './recover/reconcile.repository.js';
import { RecoveryRepository } from './recover/recovery.repository.js';
import type { BatchRow, Lease } from './rows.js';
import { TrackingRepository } from './track/tracking.repository.js';
import { BatchTransitions } from './transitions.js';

const MINUTE = 60_000;

const LANE = { provider: 'ncp', category: 'transactional' } as const;

describe('leases', () => {
  let database: Database;
  let given: GivenRows;
  let transitions: BatchTransitions;
  let attempts: AttemptRepository;
  let reconcile: ReconcileRepository;
  let recovery: RecoveryRepository;

  beforeAll(async () => {
    database = await aDatabase(20);
    given = new GivenRows(database);
    transitions = new BatchTransitions(database);
    attempts = new AttemptRepository(database);
    reconcile = new ReconcileRepository(database);
    recovery = new RecoveryRepository(database);
  });
  beforeEach(() => database.pool.query('TRUNCATE message, batch, attempt, recipient, event'));
  afterAll(() => database.close());

  const leaseOf = (batch: BatchRow | undefined): Lease => ({
    batchId: batch?.id ?? '',
    token: batch?.leaseToken ?? -1,
  });
  const claimOne = async (batchId: string, leaseMs = MINUTE): Promise<Lease> =>
    leaseOf((await transitions.claim([batchId], leaseMs))[0]);
  const begin = async (lease: Lease, number = 1): Promise<boolean> =>
    (
      await attempts.start([
        {
          lease,
          attempt: {
            recipients: 1,
            quota: undefined,
            id: newUuid(),
            number,
            marker: `${lease.batchId}.${number}@shop.example.com`,
            leaseMs: MINUTE,
            freshMs: 5000,
            event: { id: newUuid(), messageId: newUuid(), batchId: lease.batchId, type: 'batch.dispatched', data: {} },
          },
        },
      ])
    )[0] === 'begun';
  const statusOf = async (batchId: string): Promise<unknown> =>
    (await database.pool.query<{ status: string }>('SELECT status FROM batch WHERE id = $1', [batchId])).rows[0]
      ?.status;
  const taken = async (lease: Lease, request: { requestId: string; operation: string; firstPollMs: number }) =>
    (await transitions.take(database.pool, [{ ...request, lease, messageId: newUuid() }])).has(lease.batchId);
  const change = (batchId: string, sql: string) =>
    database.pool.query(`UPDATE batch SET ${sql} WHERE id = $1`, [batchId]);

  it('gives each batch to exactly one of many workers', async () => {
    const { batchIds } = await given.message({ batches: Array.from({ length: 40 }, () => 1) });
    const claims = await Promise.all(Array.from({ length: 15 }, () => transitions.claim(batchIds, MINUTE)));
    const taken = claims.flat().map(({ id }) => id);
    expect([...taken].sort()).toEqual([...batchIds].sort());
    expect(await transitions.claim(batchIds, MINUTE)).toEqual([]);
  });

  it('gives a batch to no other worker while a claim of it is being written', async () => {
    const { batchIds } = await given.message();
    const claims = await database.transaction(async (tx) => {
      await tx.query('SELECT FROM batch WHERE id = $1 FOR UPDATE', batchIds.slice(0, 1));
      const all = Promise.all(Array.from({ length: 5 }, () => transitions.claim(batchIds, MINUTE)));
      // None of them waits for the lock; if they did, each would believe to have the batch afterwards.
      await Promise.race([all, sleep(1000)]);
      return { all };
    });
    expect((await claims.all).flat()).toEqual([]);
    expect((await transitions.claim(batchIds, MINUTE)).length).toBe(1);
  });

  it('gives out no batch that is not due or has ended', async () => {
    const { batchIds } = await given.message({ batches: [1, 1, 1] });
    const [later = '', cancelled = '', submitted = ''] = batchIds;
    await change(later, "next_attempt_at = now() + interval '1 minute'");
    await change(cancelled, "status = 'cancelled'");
    await change(submitted, "status = 'submitted'");
    expect(await transitions.claim(batchIds, MINUTE)).toEqual([]);
  });

  it('lets only the holder begin an attempt, and only while the lease lasts', async () => {
    const {
      batchIds: [batchId = ''],
    } = await given.message();
    const lease = await claimOne(batchId);
    expect(await begin({ ...lease, token: lease.token - 1 })).toBe(false);
    await change(batchId, "lease_until = now() - interval '1 ms'");
    expect(await begin(lease)).toBe(false);
    expect((await database.pool.query('SELECT FROM attempt')).rowCount).toBe(0);
    await change(batchId, "lease_until = now() + interval '1 minute'");
    expect(await begin(lease)).toBe(true);
    const { rows } = await database.pool.query('SELECT type FROM event');
    expect(rows).toEqual([{ type: 'batch.dispatched' }]);
  });

  it.each([
    ['has waited', "lease_until = now() + interval '50 seconds'"],
    ['has waited for its turn in the pace', "paced_at = now(), lease_until = now() + interval '59 seconds'"],
  ])('begins with a whole lease what %s', async (_, waited) => {
    const {
      batchIds: [batchId = ''],
    } = await given.message();
    const lease = await claimOne(batchId);
    await change(batchId, waited);
    expect(await begin(lease)).toBe(true);
    const { rows } = await database.pool.query(
      `SELECT lease_until > now() + interval '55 seconds' AS "whole", paced_at AS "pacedAt" FROM batch`,
    );
    expect(rows).toEqual([{ whole: true, pacedAt: null }]);
  });

  it('does not write a batch again that begins at once', async () => {
    const {
      batchIds: [batchId = ''],
    } = await given.message();
    const lease = await claimOne(batchId);
    const version = async (): Promise<unknown> => (await database.pool.query('SELECT ctid FROM batch')).rows;
    const before = await version();
    expect(await begin(lease)).toBe(true);
    expect(await version()).toEqual(before);
  });

  it('refuses every write of a stale worker', async () => {
    const {
      batchIds: [batchId = ''],
    } = await given.message();
    const stale = await claimOne(batchId, 0);
    expect(await transitions.recoverLost(database.pool, 10)).toMatchObject([{ id: batchId, status: 'queued' }]);
    const fresh = await claimOne(batchId);
    expect(fresh.token).toBeGreaterThan(stale.token);
    const { pool } = database;
    const why = { reason: 'throttled', detail: '', delayMs: 1 } as const;
    const refused = [
      await begin(stale),
      await taken(stale, { requestId: 'r', operation: 'o', firstPollMs: 1 }),
      await transitions.defer(pool, stale, why),
      (await transitions.fail(pool, [{ id: batchId, token: stale.token }], why)).length > 0,
      await transitions.doubt(pool, stale, { detail: '', firstLookupMs: 1 }),
    ];
    expect(refused).toEqual([false, false, false, false, false]);
    await transitions.release(stale);
    expect(await statusOf(batchId)).toBe('dispatching');
    expect(await taken(fresh, { requestId: 'r', operation: 'o', firstPollMs: 1 })).toBe(true);
  });

  it('has a lost batch looked up when its attempt had begun, and only then', async () => {
    const { batchIds } = await given.message({ batches: [1, 1, 1] });
    const [begun = '', untouched = '', held = ''] = batchIds;
    await begin(await claimOne(begun));
    await claimOne(untouched);
    await claimOne(held);
    await change(begun, 'lease_until = now()');
    await change(untouched, 'lease_until = now()');
    const lost = await transitions.recoverLost(database.pool, 10);
    expect(Object.fromEntries(lost.map(({ id, status }) => [id, status]))).toEqual({
      [begun]: 'unconfirmed',
      [untouched]: 'queued',
    });
    expect(await statusOf(held)).toBe('dispatching');
    const { rows } = await database.pool.query<{ id: string; n: number }>('SELECT id, attempt_count AS n FROM batch');
    expect(Object.fromEntries(rows.map(({ id, n }) => [id, n]))).toEqual({ [begun]: 1, [untouched]: 0, [held]: 1 });
  });

  it('gives a lost batch back once, however many sweep', async () => {
    const { batchIds } = await given.message({ batches: Array.from({ length: 20 }, () => 1) });
    await transitions.claim(batchIds, 0);
    const lost = await Promise.all(Array.from({ length: 8 }, () => transitions.recoverLost(database.pool, 1000)));
    expect(lost.flat().length).toBe(20);
  });

  it('finds due batches that have no job, once each', async () => {
    const { batchIds } = await given.message({ batches: [1, 1, 1, 1], status: 'scheduled' });
    const [forgotten = '', fresh = '', old = '', later = ''] = batchIds;
    await change(fresh, 'enqueued_at = now()');
    await change(old, "enqueued_at = now() - interval '1 hour'");
    await change(later, "next_attempt_at = now() + interval '1 hour'");
    const due = await Promise.all([1, 2, 3].map(() => transitions.queueDue(LANE, { afterMs: MINUTE }, 100)));
    expect(
      due
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([forgotten, old].sort());
    expect(await statusOf(forgotten)).toBe('queued');
    expect(await statusOf(later)).toBe('scheduled');
    expect(await transitions.queueDue({ ...LANE, provider: 'other' }, { afterMs: MINUTE }, 100)).toEqual([]);
  });

  it('finds batches enqueued before their account opened, oldest first and up to the limit', async () => {
    const { batchIds } = await given.message({ batches: [1, 1, 1, 1] });
    const [second = '', first = '', third = '', after = ''] = batchIds;
    for (const [id, seconds] of [
      [first, 30],
      [second, 20],
      [third, 10],
      [after, 40],
    ] as const) {
      await change(id, `next_attempt_at = now() - interval '${seconds} s', enqueued_at = now() - interval '5 s'`);
    }
    await change(after, 'enqueued_at = now()');
    const lost = { afterMs: 10 * MINUTE, before: new Date(Date.now() - 2000) };
    const ids = (due: readonly { readonly id: string }[]) => due.map(({ id }) => id);
    expect(ids(await transitions.queueDue(LANE, lost, 2))).toEqual([first, second]);
    expect(ids(await transitions.queueDue(LANE, lost, 2))).toEqual([third]);
    expect(ids(await transitions.queueDue(LANE, lost, 2))).toEqual([]);
  });

  it('lets a batch that was tried in vain keep its place when the account opens', async () => {
    const { batchIds } = await given.message({ batches: [1, 1, 1] });
    const [second = '', first = '', third = ''] = batchIds;
    const due = (seconds: number): string => `due_at = now() - interval '${seconds} s'`;
    await change(
      first,
      `${due(60)}, status = 'deferred', reason = 'provider_unavailable', next_attempt_at = now() + interval '1 h'`,
    );
    await change(
      second,
      `${due(50)}, next_attempt_at = now() - interval '50 s', enqueued_at = now() - interval '50 s'`,
    );
    await change(third, `${due(40)}, next_attempt_at = now() - interval '40 s', enqueued_at = now() - interval '40 s'`);
    await new ProviderAccountRepository(database).resume('ncp', newUuid());
    const found = await transitions.queueDue(LANE, { afterMs: MINUTE, before: new Date() }, 3);
    expect(found.map(({ id }) => id)).toEqual([first, second, third]);
  });

  it('leaves a batch of a closed account as it was before it was claimed', async () => {
    const { batchIds } = await given.message();
    const [batchId = ''] = batchIds;
    const [claimed] = await transitions.claim([batchId], MINUTE);
    await transitions.leave({ batchId, token: claimed?.leaseToken ?? 0 });
    expect(await statusOf(batchId)).toBe('queued');
    const [again] = await transitions.claim([batchId], MINUTE);
    expect(again?.attemptCount).toBe(claimed?.attemptCount);
  });

  it('finds deferred batches that lost their job, however many others are queued', async () => {
    const { batchIds } = await given.message({ batches: [1, 1, 1] });
    const [deferred = '', early = '', queued = ''] = batchIds;
    const late = "next_attempt_at = now() - interval '30 s', enqueued_at = now() - interval '30 s'";
    await change(deferred, `status = 'deferred', ${late}`);
    await change(early, "status = 'deferred', enqueued_at = now() - interval '5 s'");
    await change(queued, late);
    expect(await transitions.queueDue(LANE, { afterMs: 10 * MINUTE }, 100)).toMatchObject([{ id: deferred }]);
    expect(await statusOf(early)).toBe('deferred');
  });

  it('finds at once batches that a stopping worker gave back', async () => {
    const { batchIds } = await given.message({ batches: [1, 1] });
    expect(await transitions.queueDue(LANE, { afterMs: MINUTE }, 100)).toHaveLength(2);
    expect(await transitions.queueDue(LANE, { afterMs: MINUTE }, 100)).toEqual([]);
    await recovery.giveBack(batchIds.slice(1));
    expect(await transitions.queueDue(LANE, { afterMs: MINUTE }, 100)).toMatchObject([{ id: batchIds[1] }]);
  });

  it('finds at once polls that a stopping worker gave back', async () => {
    const { batchIds } = await given.message({ batches: [1] });
    const [batchId = ''] = batchIds;
    await change(batchId, `status = 'submitted', next_poll_at = now()`);
    expect(await recovery.takePolls(MINUTE, 100)).toHaveLength(1);
    expect(await recovery.takePolls(MINUTE, 100)).toEqual([]);
    await new TrackingRepository(database).giveBack(batchIds);
    expect(await recovery.takePolls(MINUTE, 100)).toHaveLength(1);
  });

  it('expires only batches that no worker took in time', async () => {
    const { batchIds } = await given.message({ batches: [1, 1, 1] });
    const [late = '', lateButPosted = '', inTime = ''] = batchIds;
    for (const id of [late, lateButPosted]) await change(id, "due_at = now() - interval '2 hours'");
    await change(lateButPosted, "status = 'unconfirmed'");
    expect((await transitions.expire(database.pool, 3_600_000, 100)).map(({ id }) => id)).toEqual([late]);
    expect(await statusOf(inTime)).toBe('queued');
  });

  it('looks an unconfirmed batch up in one place at a time, and sends it again only from there', async () => {
    const {
      batchIds: [batchId = ''],
    } = await given.message();
    const lease = await claimOne(batchId);
    await begin(lease);
    await transitions.doubt(database.pool, lease, { detail: 'no answer', firstLookupMs: 0 });
    expect((await recovery.takeLookups(MINUTE, 10)).map(({ id }) => id)).toEqual([batchId]);
    expect(await recovery.takeLookups(MINUTE, 10)).toEqual([]);
    const claims = await Promise.all(Array.from({ length: 5 }, () => reconcile.claim([batchId], MINUTE)));
    const [lookup] = claims.flat();
    expect(claims.flat().length).toBe(1);
    expect(await reconcile.findOpenAttempts(batchId)).toMatchObject([{ number: 1 }]);
    expect(await transitions.claim([batchId], MINUTE)).toEqual([]);
    expect(await transitions.resend(database.pool, lease)).toBe(false);
    expect(await transitions.resend(database.pool, leaseOf(lookup))).toBe(true);
    await reconcile.closeAbsent(database.pool, batchId);
    expect(await reconcile.findOpenAttempts(batchId)).toEqual([]);
    expect(await transitions.resend(database.pool, leaseOf(lookup))).toBe(false);
  });

  it('never lets two batches own one request of a provider', async () => {
    const { batchIds } = await given.message({ batches: [1, 1] });
    const [first, second] = (await transitions.claim(batchIds, MINUTE)).map(leaseOf);
    const request = { requestId: 'same', operation: 'o', firstPollMs: 1 };
    await taken(first ?? leaseOf(undefined), request);
    expect(await reconcile.isAdopted('ncp', 'same')).toBe(true);
    expect(await reconcile.isAdopted('nhn', 'same')).toBe(false);
    await expect(taken(second ?? leaseOf(undefined), request)).rejects.toThrow(/unique/);
  });
});
