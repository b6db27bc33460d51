import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderUnavailableError, type EmailProvider } from '@gateway/core';
import {
  AttemptRepository,
  BatchTransitions,
  EventRepository,
  OutboundRepository,
  QuotaRepository,
  ReconcileRepository,
  SuppressionRepository,
  TrackingRepository,
  type Database,
} from '@gateway/database';
import { silentLogger } from '@gateway/platform';
import type { BatchProducer } from '@gateway/queue';
import { aDatabase, GivenRows } from '@gateway/testing';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { Recorder } from '../../shared/record.js';
import { BatchEndings } from '../endings/batch-endings.js';
import { ReconcileBatchesService } from './reconcile-batches.service.js';

const TIMING = {
  ...{ pollIntervalMs: 1, recoveryIntervalMs: 1, providerTimeoutMs: 1000, settleMs: 1, leaseMs: 1, retryBaseMs: 1 },
  ...{ retryMaxMs: 1, breakerFailures: 1, sentFinalMs: 1, expireMs: 3_600_000 },
};

describe('a doubt that no look-up settles', () => {
  let database: Database;

  beforeAll(async () => {
    database = await aDatabase(4);
  });
  beforeEach(() => database.pool.query('TRUNCATE message, batch, attempt, recipient, event'));
  afterAll(() => database.close());

  /** Looks up a batch that was posted that long ago. @returns what became of it. */
  async function lookUp(age: string, find: EmailProvider['find']): Promise<unknown> {
    const { batchIds } = await new GivenRows(database).message();
    await database.pool.query(
      `UPDATE batch SET status = 'unconfirmed', attempt_count = 1, due_at = now() - interval '1 day',
         next_attempt_at = now()`,
    );
    await database.pool.query(
      `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, outcome)
       SELECT id, id, 1, 'marker', provider, now() - $1::interval, 'unconfirmed' FROM batch`,
      [age],
    );
    const transitions = new BatchTransitions(database);
    const suppressions = new SuppressionRepository(database);
    const config = { bounceSuppressionDays: 0 };
    const recorder = new Recorder(
      new TrackingRepository(database),
      new EventRepository(database),
      suppressions,
      config,
    );
    const service = new ReconcileBatchesService(
      database,
      transitions,
      new BatchEndings(transitions, new AttemptRepository(database), new QuotaRepository(database), recorder),
      new OutboundReader(new OutboundRepository(database)),
      new ReconcileRepository(database),
      recorder,
      new ProviderDirectory([{ name: 'ncp', find } as EmailProvider]),
      { enqueue: async () => undefined } as unknown as BatchProducer,
      TIMING,
      silentLogger(),
    );
    await service.execute(batchIds);
    const { rows } = await database.pool.query(
      `SELECT b.status, b.reason, b.reason_detail AS detail, m.status AS message,
         (SELECT outcome FROM attempt a WHERE a.batch_id = b.id) AS outcome
       FROM batch b JOIN message m ON m.id = b.message_id`,
    );
    return rows[0];
  }

  const away = () => Promise.reject(new ProviderUnavailableError('no answer'));

  it('expires without ever being sent again', async () => {
    expect(await lookUp('2 hours', away)).toEqual({
      status: 'expired',
      reason: 'unknown',
      detail: 'whether ncp has it could not be found out in time: no answer',
      ...{ message: 'failed', outcome: 'unconfirmed' },
    });
  });

  it('waits as long as its last request is not too old', async () => {
    expect(await lookUp('30 minutes', away)).toMatchObject({ status: 'unconfirmed', detail: 'no answer' });
  });

  it('is adopted all the same when the request is found, however late', async () => {
    const found = async () => ({ requestId: 'r', operation: 'send' });
    expect(await lookUp('2 hours', found)).toMatchObject({ status: 'submitted', outcome: 'adopted' });
  });
});
