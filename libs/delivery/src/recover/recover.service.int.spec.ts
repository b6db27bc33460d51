import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EventRepository,
  ProviderAccountRepository,
  RecoveryRepository,
  SuppressionRepository,
  TrackingRepository,
  type Database,
} from '@gateway/database';
import { silentLogger } from '@gateway/platform';
import type { BatchProducer } from '@gateway/queue';
import { aDatabase, GivenRows } from '@gateway/testing';
import { ProviderDirectory } from '../provider-directory.js';
import { Recorder } from '../record.js';
import { RecoverService } from './recover.service.js';

/** As if the process, or PostgreSQL, ended when the timeline was to be written. */
class BrokenEvents extends EventRepository {
  override insert(): Promise<void> {
    return Promise.reject(new Error('gone'));
  }
}

describe(RecoverService.name, () => {
  let database: Database;

  beforeAll(async () => {
    database = await aDatabase(4);
  });
  beforeEach(() => database.pool.query('TRUNCATE message, batch, attempt, recipient, event'));
  afterAll(() => database.close());

  const recover = (events: EventRepository): RecoverService =>
    new RecoverService({
      database,
      recorder: new Recorder(new TrackingRepository(database), events, {
        repository: new SuppressionRepository(database),
        bounceDays: 0,
      }),
      recovery: new RecoveryRepository(database),
      accounts: new ProviderAccountRepository(database),
      providers: new ProviderDirectory([]),
      producer: {} as BatchProducer,
      timing: {
        ...{ pollIntervalMs: 1, recoveryIntervalMs: 1, providerTimeoutMs: 1, settleMs: 1, leaseMs: 1, retryBaseMs: 1 },
        ...{ retryMaxMs: 1, breakerFailures: 1, sentFinalMs: 1, expireMs: 60_000 },
      },
      log: silentLogger(),
    });

  async function stateOf(messageId: string): Promise<unknown> {
    const { rows } = await database.pool.query(
      `SELECT (SELECT array_agg(status::text) FROM batch WHERE message_id = m.id) AS batches, status::text AS message,
         completed_at IS NOT NULL AS told, (SELECT array_agg(type ORDER BY type) FROM event WHERE message_id = m.id) AS events
       FROM message m WHERE id = $1`,
      [messageId],
    );
    return rows[0];
  }

  it('expires a batch and tells it, or does neither', async () => {
    const { messageId } = await new GivenRows(database).message({ batches: [2, 1] });
    await database.pool.query(`UPDATE batch SET due_at = now() - interval '1 hour'`);
    await expect(recover(new BrokenEvents(database)).sweepLost()).rejects.toThrow('gone');
    expect(await stateOf(messageId)).toMatchObject({ batches: ['queued', 'queued'], told: false });
    await recover(new EventRepository(database)).sweepLost();
    expect(await stateOf(messageId)).toEqual({
      batches: ['expired', 'expired'],
      message: 'failed',
      told: true,
      events: ['message.completed', 'recipients', 'recipients'],
    });
  });

  it('takes a batch over from a lost worker and tells the doubt, or does neither', async () => {
    const { messageId } = await new GivenRows(database).message();
    await database.pool.query(
      `UPDATE batch SET status = 'dispatching', lease_until = now() - interval '1 s', attempt_count = 1`,
    );
    await database.pool.query(
      `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at)
       SELECT id, id, 1, 'marker', provider, now() FROM batch`,
    );
    await expect(recover(new BrokenEvents(database)).recoverLeases()).rejects.toThrow('gone');
    expect(await stateOf(messageId)).toMatchObject({ batches: ['dispatching'], events: null });
    await recover(new EventRepository(database)).recoverLeases();
    expect(await stateOf(messageId)).toMatchObject({ batches: ['unconfirmed'], events: ['batch.unconfirmed'] });
  });
});
