import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeId } from '@gateway/core';
import { HintRepository, type Database } from '@gateway/database';
import { Metrics, newUuid, silentLogger } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import { TIMING } from '../reconcile/doubt-services.fixture.js';
import { PushHints } from './push-hints.js';

const MINUTE_MS = 60_000;

describe(PushHints.name, () => {
  let database: Database;
  let statements: number;

  beforeAll(async () => {
    database = await aDatabase(4);
  });
  beforeEach(() => database.pool.query('TRUNCATE message, batch, attempt, recipient, event'));
  afterAll(() => database.close());

  /** With a window of a minute in which a batch is asked about once. */
  function aService() {
    statements = 0;
    const repository = new HintRepository(database);
    const counting = {
      take: (...of: Parameters<HintRepository['take']>) => {
        statements += 1;
        return repository.take(...of);
      },
    } as HintRepository;
    const timing = { ...TIMING, providerTimeoutMs: MINUTE_MS, leaseMs: MINUTE_MS };
    const metrics = new Metrics({ process: 'test', defaults: false });
    const hints = new PushHints(counting, timing, silentLogger(), new AbortController().signal, metrics);
    return { hints, metrics };
  }

  /** A batch that the account has, asked about next in an hour. @returns its public id. */
  async function aBatch(requestId: string, status: 'submitted' | 'unconfirmed' | 'queued'): Promise<string> {
    const { batchIds } = await new GivenRows(database).message({ provider: 'one' });
    const [id = ''] = batchIds;
    await database.pool.query(
      `UPDATE batch SET status = $2::batch_status, next_attempt_at = now() + interval '1 h',
         next_poll_at = CASE WHEN $2 = 'submitted' THEN now() + interval '1 h' END,
         provider_request_id = CASE WHEN $2 = 'submitted' THEN $3 END WHERE id = $1`,
      [id, status, requestId],
    );
    return encodeId('batch', id);
  }

  /** Minutes until the next poll and the next attempt or look-up, of each batch. */
  const minutes = async (): Promise<readonly (readonly (number | null)[])[]> => {
    const { rows } = await database.pool.query<{ poll: number | null; attempt: number }>(
      `SELECT round(extract(epoch FROM next_poll_at - now()) / 60)::int AS poll,
         round(extract(epoch FROM next_attempt_at - now()) / 60)::int AS attempt FROM batch ORDER BY id`,
    );
    return rows.map(({ poll, attempt }) => [poll, attempt]);
  };

  it('has a batch polled at once, named by the id of its request or by its own', async () => {
    await aBatch('q1', 'submitted');
    const second = await aBatch('q2', 'submitted');
    await aBatch('q3', 'submitted');
    const { hints } = aService();
    hints.add('one', [{ requestId: 'q1' }, { batchId: second }]);
    await hints.idle();
    expect(await minutes()).toEqual([
      [0, 60],
      [0, 60],
      [60, 60],
    ]);
  });

  it('has a batch in doubt looked up at once, and leaves its state alone', async () => {
    const batchId = await aBatch('q1', 'unconfirmed');
    const { hints } = aService();
    hints.add('one', [{ requestId: 'q1', batchId }]);
    await hints.idle();
    expect(await minutes()).toEqual([[null, 0]]);
    const { rows } = await database.pool.query('SELECT status::text, provider_request_id AS request FROM batch');
    expect(rows).toEqual([{ status: 'unconfirmed', request: null }]);
  });

  it('never makes a batch due that waits to be sent, or that another account has', async () => {
    const waiting = await aBatch('q1', 'queued');
    const doubted = await aBatch('q2', 'unconfirmed');
    const { hints } = aService();
    hints.add('one', [{ batchId: waiting }]);
    hints.add('two', [{ batchId: doubted }]);
    await hints.idle();
    expect(await minutes()).toEqual([
      [null, 60],
      [null, 60],
    ]);
  });

  it.each(['submitted', 'unconfirmed'] as const)(
    'asks about a %s batch once in a while, however often it is hinted at',
    async (status) => {
      const batchId = await aBatch('q1', status);
      const { hints } = aService();
      const hint = async (): Promise<void> => {
        hints.add('one', [{ batchId }]);
        await hints.idle();
        // As if the worker had asked, and had found nothing.
        await database.pool.query(
          `UPDATE batch SET next_poll_at = next_poll_at + interval '1 h' WHERE next_poll_at <= now()`,
        );
        await database.pool.query(
          `UPDATE batch SET next_attempt_at = next_attempt_at + interval '1 h' WHERE next_attempt_at <= now()`,
        );
      };
      await hint();
      await hint();
      await hint();
      // The second is kept for the end of the window; the third is the same as the second.
      expect(await minutes()).toEqual([status === 'submitted' ? [1, 60] : [null, 1]]);
    },
  );

  it('does a bounded amount of work in a flood, of known and of unknown requests', async () => {
    const batchId = await aBatch('q1', 'submitted');
    const { hints, metrics } = aService();
    hints.add('one', [{ batchId }]);
    for (let n = 0; n < 20_000; n += 1) {
      hints.add('one', [{ batchId }, { requestId: `forged-${n}` }, { batchId: encodeId('batch', newUuid()) }]);
    }
    await hints.idle();
    expect(statements).toBeLessThanOrEqual(2);
    expect(await metrics.text()).toMatch(/push_hints_total\{provider="one",outcome="taken",process="test"\} \d{3}\n/);
    expect(await minutes()).toEqual([[0, 60]]);
  });

  it('goes on when the database did not take a hint', async () => {
    const batchId = await aBatch('q1', 'submitted');
    const { hints } = aService();
    hints.add('one', [{ requestId: 'a'.repeat(300), batchId: 'bat_nonsense' }, { requestId: '\0' }]);
    await hints.idle();
    hints.add('one', [{ batchId }]);
    await hints.idle();
    expect(await minutes()).toEqual([[0, 60]]);
  });
});
