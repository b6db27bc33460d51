import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Accepted, EmailProvider, PostponedRecipient } from '@gateway/core';
import { IntegrityRepository, type Database } from '@gateway/database';
import { aDatabase, GivenRows } from '@gateway/testing';
import type { AccountHealth } from '../../accounts/account-health.js';
import { AcceptedRecorder } from '../dispatch/record-accepted.js';
import { doubt, doubtServices, TIMING } from '../reconcile/doubt-services.fixture.js';

const postponed = (position: number): PostponedRecipient => ({
  address: `R.${position}@example.com`,
  reason: 'throttled',
  code: 'later',
  retryAfterMs: 60_000,
});

describe('a request that a provider took without some recipients for now', () => {
  let database: Database;

  beforeAll(async () => {
    database = await aDatabase(4);
  });
  beforeEach(() => database.pool.query('TRUNCATE message, batch, attempt, recipient, event, provider_usage'));
  afterAll(() => database.close());

  /** A batch of six that is being posted, or in doubt. */
  async function given(status: 'dispatching' | 'unconfirmed') {
    const { messageId, batchIds } = await new GivenRows(database).message({ batches: [6] });
    if (status === 'unconfirmed') await doubt(database, '1 minute');
    else {
      await database.pool.query(
        `UPDATE batch SET status = 'dispatching', attempt_count = 1, lease_token = 1, lease_until = now() + interval '1 h'`,
      );
      await database.pool.query(
        `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, recipients)
         SELECT id, id, 1, 'marker', provider, now(), 6 FROM batch`,
      );
    }
    const services = doubtServices(database, { name: 'ncp' } as EmailProvider);
    await services.quota.add(database.pool, 'ncp', 6);
    const batch = (await services.tracking.lock(database.pool, batchIds)).get(batchIds[0] ?? '');
    if (batch === undefined) throw new Error('no batch');
    return { ...services, batch, messageId };
  }

  const take = ({ parts, batch }: Awaited<ReturnType<typeof given>>, positions: readonly number[]) =>
    parts.take(
      {
        batch,
        requestId: 'q1',
        operation: 'send',
        firstPollMs: 1,
        how: 'accepted',
        attempts: [1],
        refusedRecipients: [{ address: 'r.5@example.com', status: 'rejected', reason: 'invalid_address' }],
        recipientIds: [{ address: 'r.0@example.com', mailId: 'm0' }],
      },
      positions.map(postponed),
    );

  const query = async (text: string): Promise<unknown[]> => (await database.pool.query(text)).rows;

  it.each(['dispatching', 'unconfirmed'] as const)('becomes parts: some taken, some later (%s)', async (status) => {
    const them = await given(status);
    expect(await take(them, [1, 2, 4])).toBe(true);
    expect(
      await query(
        `SELECT status::text, position_from AS "from", position_to AS "to", provider_request_id AS request,
           follower_count AS followers, reason FROM batch ORDER BY parent_id NULLS FIRST, position_from`,
      ),
    ).toEqual([
      expect.objectContaining({ status: 'replanned', request: null, followers: 0 }),
      { status: 'submitted', from: 0, to: 0, request: 'q1', followers: 1, reason: null },
      { status: 'deferred', from: 1, to: 2, request: null, followers: 2, reason: 'throttled' },
      { status: 'submitted', from: 3, to: 3, request: 'q1', followers: 1, reason: null },
      { status: 'deferred', from: 4, to: 4, request: null, followers: 1, reason: 'throttled' },
      { status: 'settled', from: 5, to: 5, request: null, followers: 0, reason: null },
    ]);
    expect(await query('SELECT counts FROM message')).toEqual([{ counts: { submitted: 2, deferred: 3, rejected: 1 } }]);
    expect(await query('SELECT outcome::text FROM attempt')).toEqual([{ outcome: 'accepted' }]);
    expect(await query(`SELECT mail_id AS id FROM recipient WHERE position = 0`)).toEqual([{ id: 'm0' }]);
    expect(await query('SELECT recipients::int FROM provider_usage')).toEqual([{ recipients: 2 }]);
    const integrity = new IntegrityRepository(database, them.transitions);
    expect(await integrity.findWrongCounts([them.messageId])).toEqual([]);
  });

  it('waits for as long as the provider wants', async () => {
    const them = await given('dispatching');
    await take(them, [1]);
    const [{ wait }] = (await query(
      `SELECT extract(epoch FROM next_attempt_at - now())::int AS wait FROM batch WHERE status = 'deferred'`,
    )) as [{ wait: number }];
    expect(wait).toBeGreaterThan(50);
  });

  it('is one batch as ever when none of the recipients is known', async () => {
    const them = await given('dispatching');
    await take(them, [77]);
    expect(await query('SELECT status::text FROM batch')).toEqual([{ status: 'submitted' }]);
  });

  it('is not written when another worker has the batch', async () => {
    const them = await given('dispatching');
    await database.pool.query('UPDATE batch SET lease_token = lease_token + 1');
    expect(await take(them, [1])).toBe(false);
    expect(await query('SELECT status::text FROM batch')).toEqual([{ status: 'dispatching' }]);
    expect(await query('SELECT outcome FROM attempt')).toEqual([{ outcome: null }]);
  });
});

describe('a request id that two batches get', () => {
  let database: Database;

  beforeAll(async () => {
    database = await aDatabase(4);
  });
  beforeEach(() => database.pool.query('TRUNCATE message, batch, attempt, recipient, event, provider_usage'));
  afterAll(() => database.close());

  const statuses = async (): Promise<unknown[]> => {
    const { rows } = await database.pool.query(
      `SELECT b.status::text, b.provider_request_id AS request, a.outcome::text
       FROM batch b JOIN attempt a ON a.batch_id = b.id ORDER BY b.request_part, b.status`,
    );
    return rows;
  };

  /** Batches that are being posted, and how to record that the provider has answered one with the id `q1`. */
  async function posted(count: number) {
    const { batchIds } = await new GivenRows(database).message({ batches: Array<number>(count).fill(1) });
    await database.pool.query(
      `UPDATE batch SET status = 'dispatching', attempt_count = 1, lease_token = 1, lease_until = now() + interval '1 h'`,
    );
    await database.pool.query(
      `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, recipients)
       SELECT id, id, 1, id, provider, now(), 1 FROM batch`,
    );
    const { endings, parts, providers, tracking } = doubtServices(database, { name: 'ncp' } as EmailProvider);
    const health = { note: async () => undefined } as unknown as AccountHealth;
    const recorder = new AcceptedRecorder(database, endings, parts, health, providers, TIMING);
    const batches = [...(await tracking.lock(database.pool, batchIds)).values()];
    const request = { requestId: 'q1', operation: 'send', httpStatus: 201 };
    const accepted: Accepted = { outcome: 'accepted', ...request, refusedRecipients: [] };
    return batches.map((batch) => () => recorder.run({ batch, accepted }));
  }

  /** Look-ups that find the same request for every batch. */
  function findingOne() {
    const find = async () => ({ requestId: 'q1', operation: 'send' });
    return doubtServices(database, { name: 'ncp', find } as unknown as EmailProvider).reconcile;
  }

  it('by its answers is shared: all were taken, so none is sent again', async () => {
    const answers = await posted(3);
    // Two together, one after them.
    const held = await Promise.all(answers.slice(0, 2).map((answer) => answer()));
    for (const answer of answers.slice(2)) held.push(await answer());
    expect(held).toEqual([true, true, true]);
    expect(await statuses()).toEqual(
      [1, 2, 3].map(() => ({ status: 'submitted', request: 'q1', outcome: 'accepted' })),
    );
  });

  it('by look-ups is adopted by one batch only: the other mail may never have arrived', async () => {
    const { batchIds } = await new GivenRows(database).message({ batches: [1, 1] });
    await doubt(database, '1 minute');
    await findingOne().execute(batchIds);
    expect(await statuses()).toEqual([
      { status: 'unconfirmed', request: null, outcome: 'unconfirmed' },
      { status: 'submitted', request: 'q1', outcome: 'adopted' },
    ]);
  });

  it('by a look-up is left to the batch that was answered with it', async () => {
    const [answer] = await posted(2);
    await answer?.();
    await database.pool.query(`UPDATE attempt SET outcome = 'unconfirmed' WHERE outcome IS NULL`);
    const { rows: doubted } = await database.pool.query<{ id: string }>(
      `UPDATE batch SET status = 'unconfirmed', next_attempt_at = now() WHERE status = 'dispatching' RETURNING id`,
    );
    await findingOne().execute(doubted.map(({ id }) => id));
    expect(await statuses()).toEqual([
      { status: 'unconfirmed', request: null, outcome: 'unconfirmed' },
      { status: 'submitted', request: 'q1', outcome: 'accepted' },
    ]);
  });

  it('by an answer is not shared with a batch that has it by a look-up', async () => {
    const [answer, other] = await posted(2);
    await answer?.();
    await database.pool.query(`UPDATE attempt SET outcome = 'adopted' WHERE outcome = 'accepted'`);
    await expect(other?.()).rejects.toThrow('batch_request_key');
    expect(await statuses()).toEqual([
      { status: 'dispatching', request: null, outcome: null },
      { status: 'submitted', request: 'q1', outcome: 'adopted' },
    ]);
  });
});
