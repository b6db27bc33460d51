import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EmailProvider, RecipientReport } from '@gateway/core';
import {
  BatchTransitions,
  EventRepository,
  ListedRecipientRepository,
  QuotaRepository,
  SuppressionRepository,
  TrackingRepository,
  type Database,
  type TrackedBatchRow,
} from '@gateway/database';
import { systemClock } from '@gateway/platform';
import pg from 'pg';
import { aDatabase, GivenRows } from '@gateway/testing';
import { TIMING } from '../dispatch/machine-rules.fixture.js';
import { Recorder } from '../../shared/record.js';
import { PollRecorder } from './record-polls.js';

const RESULT = { begun: true, moved: true, cursor: undefined } as const;
const PROVIDER = { capabilities: { features: { openTracking: false } } } as unknown as EmailProvider;

describe(PollRecorder.name, () => {
  let database: Database;
  let tracking: TrackingRepository;
  let polls: PollRecorder;

  beforeAll(async () => {
    database = await aDatabase(4);
    tracking = new TrackingRepository(database);
    polls = new PollRecorder(
      database,
      new QuotaRepository(database),
      new BatchTransitions(database),
      tracking,
      new ListedRecipientRepository(),
      new Recorder(tracking, new EventRepository(database), new SuppressionRepository(database), {
        bounceSuppressionDays: 0,
      }),
      TIMING,
      systemClock,
    );
  });
  afterAll(() => database.close());

  /** Batches that a provider has, of as many messages. */
  async function submitted(batches: readonly number[]): Promise<readonly TrackedBatchRow[]> {
    const { batchIds } = await new GivenRows(database).message({ batches });
    await database.pool.query(`UPDATE batch SET status = 'submitted', submitted_at = now() WHERE id = ANY ($1)`, [
      batchIds,
    ]);
    const rows = await tracking.findBatches(batchIds);
    return [...rows].sort((a, b) => a.positionFrom - b.positionFrom);
  }

  const finish = (batch: TrackedBatchRow, last: readonly RecipientReport[]): Promise<void> =>
    polls.finish({ provider: PROVIDER, batch, result: RESULT, tookMs: 1, last });

  const said = (position: number, status: 'delivered' | 'bounced', mailId?: string): RecipientReport => ({
    address: `r.${position}@example.com`,
    status,
    ...(mailId !== undefined && { mailId }),
  });

  /** Versions of messages that updates have made so far, by all connections: each reports when it is asked to. */
  const messageWrites = async (): Promise<number> => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => database.pool.connect()));
    for (const client of clients) await client.query('SELECT pg_stat_force_next_flush()');
    for (const client of clients) client.release();
    const { rows } = await database.pool.query<{ n: number }>(
      `SELECT n_tup_upd::int AS n FROM pg_stat_user_tables WHERE relname = 'message'`,
    );
    return rows[0]?.n ?? 0;
  };

  const standOf = async ({ messageId }: TrackedBatchRow): Promise<unknown> =>
    (
      await database.pool.query(
        `SELECT m.status, m.counts, array_agg(b.status::text ORDER BY b.position_from) AS batches,
           (SELECT count(*)::int FROM event WHERE message_id = m.id AND type = 'message.completed') AS completions
         FROM message m JOIN batch b ON b.message_id = m.id WHERE m.id = $1 GROUP BY m.id`,
        [messageId],
      )
    ).rows[0];

  it('writes reports of many batches together, of one message and of several', async () => {
    const [two, one] = [await submitted([2, 1]), await submitted([1])];
    await Promise.all([
      ...two.map((batch, i) =>
        finish(batch, i === 0 ? [said(0, 'delivered'), said(1, 'bounced')] : [said(2, 'delivered')]),
      ),
      ...one.map((batch) => finish(batch, [said(0, 'delivered')])),
    ]);
    const [ofTwo, ofOne] = [await standOf(two[0] as TrackedBatchRow), await standOf(one[0] as TrackedBatchRow)];
    expect(ofTwo).toEqual({
      status: 'partially_failed',
      counts: { delivered: 2, bounced: 1 },
      batches: ['settled', 'settled'],
      completions: 1,
    });
    expect(ofOne).toEqual({
      status: 'completed',
      counts: { delivered: 1 },
      batches: ['settled'],
      completions: 1,
    });
  });

  it('writes the reports on fifty mails in ten round trips, and each of their messages twice', async () => {
    const all = (await Promise.all(Array.from({ length: 50 }, () => submitted([1])))).flat();
    const before = await messageWrites();
    const statements = jest.spyOn(pg.Client.prototype, 'query');
    await Promise.all(all.map((batch) => finish(batch, [said(0, 'delivered')])));
    const sent = statements.mock.calls.length;
    statements.mockRestore();
    expect(sent).toBeLessThanOrEqual(10);
    expect((await messageWrites()) - before).toBe(2 * all.length);
    expect(await standOf(all[49] as TrackedBatchRow)).toMatchObject({ counts: { delivered: 1 }, completions: 1 });
  });

  it('lets the others be written when something of one cannot be', async () => {
    const all = [await submitted([1]), await submitted([1]), await submitted([1])].flat();
    // No text of PostgreSQL's has this character.
    const written = await Promise.allSettled(
      all.map((batch, i) => finish(batch, [said(0, 'delivered', i === 1 ? 'mail\u0000' : 'mail')])),
    );
    expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const counts = await Promise.all(all.map(standOf));
    expect(counts).toMatchObject([
      { counts: { delivered: 1 }, completions: 1 },
      { counts: { submitted: 1 }, completions: 0 },
      { counts: { delivered: 1 }, completions: 1 },
    ]);
  });

  it('does not change messages that were erased meanwhile', async () => {
    const [batch] = await submitted([1]);
    if (batch === undefined) throw new Error('no batch');
    await database.pool.query('UPDATE message SET erased_at = now() WHERE id = $1', [batch.messageId]);
    await finish(batch, [said(0, 'delivered')]);
    expect(await standOf(batch)).toMatchObject({ counts: { submitted: 1 }, batches: ['submitted'] });
  });
});
