import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RecipientReport, type ReportedStatus } from '@gateway/core';
import { aDatabase, GivenRows, type GivenMessage } from '@gateway/testing';
import fc from 'fast-check';
import type { Database } from '../database.js';
import type { Lease } from '../batches/rows.js';
import { BatchTransitions } from '../batches/transitions.js';
import { TrackingRepository } from '../batches/track/tracking.repository.js';
import { isDeadlock } from '../errors/lock-unavailable.js';

const REPORTED: readonly ReportedStatus[] = [
  'submitted',
  'sending',
  'sent',
  'delivered',
  'bounced',
  'failed',
  'rejected',
  'unsubscribed',
  'cancelled',
];
const BATCHES = [4, 1, 3];
const RECIPIENTS = 8;

const operation = fc.record({
  name: fc.constantFrom(
    ...(['claim', 'submit', 'defer', 'fail', 'doubt', 'release', 'absent', 'report', 'settle', 'expirePoll'] as const),
    ...(['cancel', 'takeDue', 'lose', 'expire', 'report', 'reportAll', 'claim', 'submit'] as const),
  ),
  batch: fc.nat({ max: BATCHES.length - 1 }),
  reports: fc.array(fc.record({ position: fc.nat({ max: RECIPIENTS }), status: fc.constantFrom(...REPORTED) }), {
    maxLength: 6,
  }),
});

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

interface Move {
  readonly messageId: string;
  readonly batchIds: readonly string[];
  readonly batchId: string;
  readonly lease: Lease;
  readonly reports: Operation['reports'];
}

const WHY = { reason: 'throttled', detail: '', delayMs: 0 } as const;

describe('counts of messages and batches', () => {
  let database: Database;
  let given: GivenRows;

  beforeAll(async () => {
    database = await aDatabase(10);
    given = new GivenRows(database);
  });
  afterAll(() => database.close());

  /** Compares the stored counts with those of the rows. */
  async function expectKeptIsCounted({ messageId }: GivenMessage): Promise<void> {
    const { rows: messages } = await database.pool.query<{
      kept: object;
      counted: object;
      status: string;
      derived: string;
    }>(
      `SELECT m.counts AS kept, m.status::text, derive_message_status(m.counts)::text AS derived, (
         SELECT jsonb_object_agg(status, n) FROM (
           SELECT coalesce(r.status, inherited_status(b.status)) AS status, count(*) AS n
           FROM recipient r
           JOIN batch b ON b.message_id = r.message_id AND r.position BETWEEN b.position_from AND b.position_to
           WHERE r.message_id = m.id GROUP BY 1
         ) AS by_status
       ) AS counted FROM message m WHERE m.id = $1`,
      [messageId],
    );
    const [message] = messages;
    expect(message?.kept).toEqual(message?.counted);
    expect(message?.status).toBe(message?.derived);
    expect(await keptStatistics(messageId)).toEqual(await scannedStatistics(messageId));
    const { rows: batches } = await database.pool.query(
      `SELECT b.follower_count AS "keptFollowers", b.counts AS "keptCounts",
         (SELECT count(*)::int FROM recipient r WHERE r.message_id = b.message_id
            AND r.position BETWEEN b.position_from AND b.position_to AND r.status IS NULL) AS followers,
         (SELECT coalesce(jsonb_object_agg(status, n), '{}') FROM (
            SELECT status, count(*) AS n FROM recipient r WHERE r.message_id = b.message_id
              AND r.position BETWEEN b.position_from AND b.position_to AND r.status IS NOT NULL GROUP BY 1
          ) AS own) AS counts
       FROM batch b WHERE b.message_id = $1`,
      [messageId],
    );
    for (const { keptFollowers, keptCounts, followers, counts } of batches) {
      expect([keptFollowers, keptCounts]).toEqual([followers, counts]);
    }
  }

  const figures = ['requested', 'submitted', 'sent', 'delivered', 'opened', 'bounced', 'failed', 'suppressed'];

  /** The figures as they are kept, by domain. */
  async function keptStatistics(messageId: string): Promise<unknown> {
    const { rows } = await database.pool.query(
      `SELECT domain, ${figures.map((name) => `sum(${name})::int AS ${name}`).join(', ')}
       FROM statistic_delta WHERE message_id = $1 GROUP BY domain`,
      [messageId],
    );
    return rows;
  }

  /** The same, counted. */
  async function scannedStatistics(messageId: string): Promise<unknown> {
    const having = (condition: string) => `count(*) FILTER (WHERE ${condition})::int`;
    const { rows } = await database.pool.query(
      `SELECT split_part(r.address, '@', 2) AS domain, count(*)::int AS requested,
         ${having(`b.submitted_at IS NOT NULL AND r.status IS DISTINCT FROM 'suppressed'`)} AS submitted,
         ${having(`r.status IN ('sent', 'delivered')`)} AS sent, ${having(`r.status = 'delivered'`)} AS delivered,
         count(r.opened_at)::int AS opened, ${having(`r.status = 'bounced'`)} AS bounced,
         ${having(`coalesce(r.status, inherited_status(b.status)) IN ('failed', 'rejected', 'expired')`)} AS failed,
         ${having(`r.status = 'suppressed'`)} AS suppressed
       FROM recipient r
       JOIN batch b ON b.message_id = r.message_id AND r.position BETWEEN b.position_from AND b.position_to
       WHERE r.message_id = $1 GROUP BY 1`,
      [messageId],
    );
    return rows;
  }

  const moves: Readonly<Record<Operation['name'], (on: Move) => Promise<unknown>>> = {
    claim: ({ batchId }) => new BatchTransitions(database).claim([batchId], 60_000),
    submit: ({ lease, messageId }) =>
      database.transaction((tx) =>
        new BatchTransitions(database).take(tx, [
          { lease, messageId, requestId: lease.batchId, operation: 'o', firstPollMs: 0 },
        ]),
      ),
    defer: ({ lease }) => new BatchTransitions(database).defer(database.pool, lease, WHY),
    fail: ({ lease: { batchId, token } }) =>
      new BatchTransitions(database).fail(database.pool, [{ id: batchId, token }], WHY),
    doubt: ({ lease }) => new BatchTransitions(database).doubt(database.pool, lease, { detail: '', firstLookupMs: 0 }),
    release: ({ lease }) => new BatchTransitions(database).release(lease),
    absent: ({ lease }) => new BatchTransitions(database).resend(database.pool, lease),
    cancel: ({ messageId }) => new BatchTransitions(database).cancel(database.pool, messageId),
    takeDue: () =>
      new BatchTransitions(database).queueDue({ provider: 'ncp', category: 'transactional' }, { afterMs: 0 }, 10),
    lose: async ({ batchId }) => {
      await database.pool.query('UPDATE batch SET lease_until = now() WHERE id = $1 AND lease_until IS NOT NULL', [
        batchId,
      ]);
      return new BatchTransitions(database).recoverLost(database.pool, 10);
    },
    expire: () => new BatchTransitions(database).expire(database.pool, 0, 1),
    report: ({ batchId, reports }) => report(new TrackingRepository(database), [batchId], reports),
    reportAll: ({ batchIds, reports }) => report(new TrackingRepository(database), batchIds, reports),
    settle: ({ batchId }) => finishPoll(batchId, 'settled'),
    expirePoll: ({ batchId }) => finishPoll(batchId, 'expired'),
  };

  /** As callers do it: the victim of a deadlock runs again. */
  async function withoutDeadlock(move: () => Promise<unknown>): Promise<unknown> {
    for (;;) {
      try {
        return await move();
      } catch (error) {
        if (!isDeadlock(error)) throw error;
      }
    }
  }

  async function play(message: GivenMessage, { name, batch, reports }: Operation): Promise<unknown> {
    const batchId = message.batchIds[batch] ?? '';
    const { rows } = await database.pool.query<{ token: number }>(
      'SELECT lease_token AS token FROM batch WHERE id = $1',
      [batchId],
    );
    const lease = { batchId, token: rows[0]?.token ?? 0 };
    return withoutDeadlock(() => moves[name]({ ...message, batchId, lease, reports }));
  }

  const finishPoll = (batchId: string, status: 'settled' | 'expired'): Promise<void> =>
    database.transaction(async (tx) => {
      const tracking = new TrackingRepository(database);
      const locked = (await tracking.lock(tx, [batchId])).get(batchId);
      if (locked?.status !== 'submitted' && locked?.status !== 'sending') return;
      await new BatchTransitions(database).finishPolls(tx, [{ batchId, next: { status, cursor: undefined } }]);
    });

  const report = (
    tracking: TrackingRepository,
    batchIds: readonly string[],
    told: readonly { readonly position: number; readonly status: ReportedStatus }[],
  ): Promise<void> =>
    database.transaction(async (tx) => {
      const locked = [...(await tracking.lock(tx, batchIds)).values()];
      const reports: RecipientReport[] = told.map(({ position, status }) => ({
        address: `R.${position}@example.com`,
        status,
      }));
      const all = locked.map((batch) => ({ batch, reports }));
      const changes = await tracking.applyReports(tx, all);
      await tracking.moveCounts(
        tx,
        all.map(({ batch }, i) => ({ batch, changed: changes[i] ?? [] })),
      );
      await tracking.complete(
        tx,
        locked.map(({ messageId }) => messageId),
      );
    });

  it('are those of the rows after any sequence of operations', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 25 }), async (operations) => {
        const message = await given.message({ batches: BATCHES });
        for (const one of operations) {
          await play(message, one);
          await expectKeptIsCounted(message);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are those of the rows after operations at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 8, maxLength: 24 }), async (operations) => {
        const message = await given.message({ batches: BATCHES });
        await Promise.all(operations.map((one) => play(message, one)));
        await expectKeptIsCounted(message);
      }),
      { numRuns: 25 },
    );
  });

  it('move a recipient forward only, in whatever order statuses are reported', async () => {
    const rank = (status: string): number => ['queued', 'submitted', 'sending', 'sent'].indexOf(status) + 1 || 5;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...REPORTED), { minLength: 1, maxLength: 8 }), async (statuses) => {
        const { batchIds, messageId } = await given.message();
        const tracking = new TrackingRepository(database);
        let before = 'queued';
        for (const status of statuses) {
          await report(tracking, batchIds, [{ position: 0, status }]);
          const { rows } = await database.pool.query<{ status: string | null }>(
            'SELECT status FROM recipient WHERE message_id = $1',
            [messageId],
          );
          const after = rows[0]?.status ?? 'queued';
          if (rank(before) === 5 && after !== before) expect([before, after]).toEqual(['delivered', 'bounced']);
          expect(rank(after)).toBeGreaterThanOrEqual(rank(before));
          before = after;
        }
      }),
      { numRuns: 25 },
    );
  });

  it('note the completion of a message once', async () => {
    const { messageId, batchIds } = await given.message({ batches: [1, 1] });
    const tracking = new TrackingRepository(database);
    const complete = () => tracking.complete(database.pool, [messageId]);
    await report(tracking, batchIds, [{ position: 0, status: 'delivered' }]);
    expect(await complete()).toEqual([]);
    await database.pool.query("UPDATE batch SET status = 'failed' WHERE id = $1", [batchIds[1]]);
    const both = await Promise.all([complete(), complete(), complete()]);
    expect(both.flat()).toMatchObject([
      { id: messageId, status: 'partially_failed', counts: { delivered: 1, failed: 1 } },
    ]);
  });
});
