import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmailProvider } from '@gateway/core';
import {
  AttemptRepository,
  BatchTransitions,
  type Database,
  EventRepository,
  MessageRepository,
  QuotaRepository,
  RecoveryRepository,
  SuppressionRepository,
  TrackingRepository,
} from '@gateway/database';
import { Metrics, silentLogger } from '@gateway/platform';
import type { BatchProducer } from '@gateway/queue';
import { aDatabase, GivenRows } from '@gateway/testing';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { Recorder } from '../../shared/record.js';
import { BatchEndings } from '../endings/batch-endings.js';
import type { BacklogFeeder } from './backlog-feeder.js';
import type { ConfiguredAccounts } from '../../accounts/configured-accounts.js';
import type { StrandedRequests } from './stranded-requests.js';
import { RecoverService } from './recover.service.js';

const TIMING = {
  pollIntervalMs: 1,
  recoveryIntervalMs: 1,
  providerTimeoutMs: 1,
  settleMs: 1,
  leaseMs: 1,
  retryBaseMs: 1,
  retryMaxMs: 1,
  breakerFailures: 1,
  sentFinalMs: 1,
  expireMs: 60_000,
};

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

  const recover = (events: EventRepository, accounts: readonly string[] = []): RecoverService => {
    const transitions = new BatchTransitions(database);
    const recorder = new Recorder(new TrackingRepository(database), events, new SuppressionRepository(database), {
      bounceSuppressionDays: 0,
    });
    return new RecoverService(
      database,
      transitions,
      new RecoveryRepository(database),
      new BatchEndings(
        transitions,
        new AttemptRepository(database),
        new QuotaRepository(database),
        new MessageRepository(database),
        recorder,
      ),
      recorder,
      new ProviderDirectory(accounts.map((name) => ({ name }) as EmailProvider)),
      { sweepLostJobs: async () => undefined } as unknown as BacklogFeeder,
      { stranded: new Set<string>() } as unknown as ConfiguredAccounts,
      {} as StrandedRequests,
      {
        enqueue: async () => undefined,
        waitingJobs: async () => 0,
        pendingJobs: async () => 0,
      } as unknown as BatchProducer,
      TIMING,
      silentLogger(),
      new Metrics({ process: 'test', defaults: false }),
    );
  };

  async function stateOf(messageId: string): Promise<unknown> {
    const { rows } = await database.pool.query(
      `SELECT (SELECT array_agg(status::text) FROM batch WHERE message_id = m.id) AS batches, status::text AS message,
         completed_at IS NOT NULL AS told, (SELECT array_agg(type ORDER BY type) FROM event WHERE message_id = m.id) AS events
       FROM message m WHERE id = $1`,
      [messageId],
    );
    return rows[0];
  }

  it('expires a batch and writes the event, or does neither', async () => {
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

  it('takes a batch over from a lost worker and reports the doubt, or does neither', async () => {
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

  describe('a doubt whose time is over', () => {
    /** Posted that long ago, and never settled. */
    async function doubted(age: string): Promise<string> {
      const { messageId } = await new GivenRows(database).message();
      await database.pool.query(
        `UPDATE batch SET status = 'unconfirmed', attempt_count = 1, due_at = now() - interval '1 hour',
           reason_detail = 'no answer'`,
      );
      await database.pool.query(
        `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at)
         SELECT id, id, 1, 'marker', provider, now() - $1::interval FROM batch`,
        [age],
      );
      return messageId;
    }

    it('expires when its account is no longer configured, and is reported as doubtful', async () => {
      const messageId = await doubted('1 hour');
      await recover(new EventRepository(database), ['another']).sweepLost();
      expect(await stateOf(messageId)).toEqual({
        batches: ['expired'],
        message: 'failed',
        told: true,
        events: ['message.completed', 'recipients'],
      });
      const { rows } = await database.pool.query(
        `SELECT b.reason, b.reason_detail AS detail, a.outcome, a.finished_at IS NOT NULL AS finished
         FROM batch b JOIN attempt a ON a.batch_id = b.id`,
      );
      expect(rows).toEqual([
        {
          reason: 'unknown',
          detail: 'its account is no longer configured, so it could not be looked up',
          outcome: 'unconfirmed',
          finished: true,
        },
      ]);
    });

    it('is left to the look-ups while its account is configured', async () => {
      const messageId = await doubted('1 hour');
      await recover(new EventRepository(database), ['ncp']).sweepLost();
      expect(await stateOf(messageId)).toMatchObject({ batches: ['unconfirmed'] });
    });

    it('has its time from the last request on', async () => {
      const messageId = await doubted('30 s');
      await recover(new EventRepository(database), ['another']).sweepLost();
      expect(await stateOf(messageId)).toMatchObject({ batches: ['unconfirmed'] });
    });
  });
});
