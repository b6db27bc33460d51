import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecipientReport } from '@gateway/core';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import type { Queryable } from '../database.js';
import type { Database } from '../database.js';
import { copyRecipients } from './recipient-writer.js';
import { SuppressionRepository } from '../suppressions/suppression.repository.js';
import { TrackingRepository } from '../batches/track/tracking.repository.js';
import { BatchTransitions } from '../batches/transitions.js';

const LARGE = 20_000;

describe('a large message', () => {
  let database: Database;
  beforeAll(async () => (database = await aDatabase(2)));
  afterAll(() => database.close());

  /** Rows of recipients that this transaction has read so far. */
  const rowsRead = async (tx: Queryable): Promise<number> => {
    const { rows } = await tx.query<{ n: number }>(
      `SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS n
       FROM pg_stat_xact_all_tables WHERE relname LIKE 'recipient_%'`,
    );
    return rows[0]?.n ?? 0;
  };

  it.each(['fresh', 'analyzed'])('is not read as a whole for a page of reports: tables %s', async (tables) => {
    const { batchIds } = await new GivenRows(database).message({ batches: [LARGE] });
    if (tables === 'analyzed') await database.pool.query('ANALYZE');
    const tracking = new TrackingRepository(database);
    const delivered = Array.from({ length: 100 }, (_, i): RecipientReport => ({
      address: `R.${i * 7}@example.com`,
      status: 'delivered',
    }));
    await database.transaction(async (tx) => {
      const batch = (await tracking.lock(tx, batchIds)).get(batchIds[0] ?? '');
      if (batch === undefined) throw new Error('no batch');
      const before = await rowsRead(tx);
      const [changed] = await tracking.applyReports(tx, [
        { batch: { ...batch, status: 'submitted' }, reports: delivered },
      ]);
      expect(changed).toHaveLength(100);
      expect((await rowsRead(tx)) - before).toBeLessThan(1000);
    });
  });

  it.each(['fresh', 'analyzed'])('is not read when its batch is looked after: tables %s', async (tables) => {
    const { batchIds } = await new GivenRows(database).message({ batches: [LARGE] });
    await database.pool.query(`UPDATE batch SET status = 'submitted', submitted_at = now() WHERE id = ANY ($1)`, [
      batchIds,
    ]);
    if (tables === 'analyzed') await database.pool.query('ANALYZE');
    await database.transaction(async (tx) => {
      const before = await rowsRead(tx);
      const next = { status: 'sending', cursor: undefined, delayMs: 1000 } as const;
      await new BatchTransitions(database).finishPolls(
        tx,
        batchIds.map((batchId) => ({ batchId, next })),
      );
      expect((await rowsRead(tx)) - before).toBe(0);
    });
  });

  const listed = (from: number, count: number): readonly string[] =>
    Array.from({ length: count }, (_, i) => `r.${from + i * 7}@example.com`);

  it.each([
    ['a short list', 'fresh', 100],
    ['a short list', 'analyzed', 100],
    ['a short list', 'analyzed before it came', 100],
    ['a list longer than itself', 'fresh', LARGE + 100],
    ['a list longer than itself', 'analyzed', LARGE + 100],
  ])('is compared with %s: tables %s', async (_, tables, count) => {
    if (tables === 'analyzed before it came') await database.pool.query('ANALYZE');
    const { messageId, batchIds } = await new GivenRows(database).message({ batches: [LARGE], category: 'marketing' });
    const suppressions = new SuppressionRepository(database);
    await database.transaction(async (tx) => {
      const entry = { reason: 'asked for it', source: 'api' };
      await suppressions.add(tx, { ...entry, addresses: listed(0, count), scope: 'marketing' });
      // On the list twice; on it for another category; off it again; never written to.
      await suppressions.add(tx, { ...entry, addresses: listed(0, 2), scope: 'all' });
      await suppressions.add(tx, { ...entry, addresses: ['nobody@example.com'], scope: 'all' });
      await tx.query(`UPDATE suppression SET removed_at = now() WHERE address = 'r.21@example.com'`);
      if (tables === 'analyzed') await tx.query('ANALYZE');
      const before = await rowsRead(tx);
      const range = { from: 0, to: LARGE };
      const hit = Math.min(count, Math.ceil(LARGE / 7)) - 1;
      expect(await suppressions.suppress(tx, { id: messageId, category: 'marketing' }, range)).toHaveLength(hit);
      if (count < LARGE) expect((await rowsRead(tx)) - before).toBeLessThan(1000);
      const { rows } = await tx.query(
        `SELECT (SELECT counts FROM message WHERE id = $1) AS message, (SELECT counts FROM batch WHERE id = $2) AS batch,
           (SELECT follower_count FROM batch WHERE id = $2) AS followers,
           (SELECT array_agg(position ORDER BY position) FROM
             (SELECT position FROM recipient WHERE message_id = $1 AND status = 'suppressed' LIMIT 4) AS r) AS positions`,
        [messageId, batchIds[0]],
      );
      const counts = { suppressed: hit };
      expect(rows).toEqual([
        {
          message: { queued: LARGE - hit, ...counts },
          batch: counts,
          followers: LARGE - hit,
          positions: [0, 7, 14, 28],
        },
      ]);
      expect(await suppressions.suppress(tx, { id: messageId, category: 'marketing' }, range)).toEqual([]);
      await tx.query('DELETE FROM suppression');
    });
  });

  it('whose recipients all have different domains is counted, too', async () => {
    const messageId = newUuid();
    const page = Array.from({ length: LARGE }, (_, position) => ({
      address: `a@d${position % (LARGE - 1)}.example`,
      position,
      type: 'to' as const,
    }));
    await database.transaction((tx) => copyRecipients(tx, messageId, [page]));
    const { rows } = await database.pool.query<{ domains: number; most: number }>(
      'SELECT count(*)::int AS domains, max(requested) AS most FROM statistic_delta WHERE message_id = $1',
      [messageId],
    );
    expect(rows).toEqual([{ domains: LARGE - 1, most: 2 }]);
  });

  it('lies in the partition of its month, and is counted in the statistics', async () => {
    const messageId = newUuid();
    const page = ['a@one.example', 'b@one.example', 'c@two.example'].map((address, position) => ({
      address,
      position,
      type: 'to' as const,
    }));
    await database.transaction((tx) => copyRecipients(tx, messageId, [page]));
    const { rows } = await database.pool.query<{ place: string; n: number }>(
      'SELECT tableoid::regclass::text AS place, count(*)::int AS n FROM recipient WHERE message_id = $1 GROUP BY 1',
      [messageId],
    );
    expect(rows).toEqual([{ place: `recipient_${new Date().toISOString().slice(0, 7).replace('-', '_')}`, n: 3 }]);
    const { rows: counted } = await database.pool.query<{ domain: string; requested: number }>(
      'SELECT domain, requested FROM statistic_delta WHERE message_id = $1 ORDER BY domain',
      [messageId],
    );
    expect(counted).toEqual([
      { domain: 'one.example', requested: 2 },
      { domain: 'two.example', requested: 1 },
    ]);
  });

  it('of a time without a partition is still kept', async () => {
    const messageId = '01000000-0000-7000-8000-000000000001';
    await database.transaction((tx) =>
      copyRecipients(tx, messageId, [[{ address: 'a@one.example', position: 0, type: 'to' }]]),
    );
    const { rows } = await database.pool.query(
      'SELECT tableoid::regclass::text AS place FROM recipient WHERE message_id = $1',
      [messageId],
    );
    expect(rows).toEqual([{ place: 'recipient_default' }]);
  });
});
