import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { OutboundRepository, type BatchRow, type Database } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import pg from 'pg';
import { batchEvent } from '../../events/delivery-events.js';
import { leaseOf } from '../../shared/lease.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { AttemptStarts } from './attempt-starts.js';
import { BatchClaims } from './batch-claims.js';
import { MachineVendor } from './machine-vendor.fixture.js';
import { machineServices } from './machine-services.fixture.js';

const MAILS = 50;
const [LEASE_MS, FRESH_MS] = [60_000, 10_000];

/** A round trip, and a transaction, for each mail would be what a mail costs most. */
describe('the statements that dispatch a mail', () => {
  let database: Database;
  beforeAll(async () => {
    database = await aDatabase(8);
  });
  afterAll(() => database.close());

  const given = async (): Promise<readonly string[]> => {
    const rows = new GivenRows(database);
    const all = await Promise.all(Array.from({ length: MAILS }, () => rows.message({ provider: 'first' })));
    return all.flatMap(({ batchIds }) => batchIds);
  };

  it('are shared by those that go at the same time: ten round trips for all of them', async () => {
    const batchIds = await given();
    const { transitions, attempts, outcomes } = machineServices(database, new MachineVendor());
    const [claims, starts] = [new BatchClaims(transitions), new AttemptStarts(attempts)];
    const reader = new OutboundReader(new OutboundRepository(database));
    const start = (batch: BatchRow) =>
      starts.start({
        lease: leaseOf(batch),
        attempt: {
          id: newUuid(),
          number: batch.attemptCount,
          marker: batch.id,
          leaseMs: LEASE_MS,
          freshMs: FRESH_MS,
          recipients: 1,
          quota: undefined,
          event: batchEvent('batch.dispatched', batch, { provider: batch.provider, attempt: batch.attemptCount }),
        },
      });
    const send = async (batch: BatchRow): Promise<void> => {
      await reader.findContent(batch.messageId);
      await reader.findFollowers(batch);
      expect(await start(batch)).toBe('begun');
      await outcomes.settle(batch, {
        outcome: 'accepted',
        requestId: batch.id,
        operation: 'send',
        httpStatus: 201,
        refusedRecipients: [],
      });
    };
    const statements = jest.spyOn(pg.Client.prototype, 'query');
    const claimed = await claims.claim(batchIds, LEASE_MS);
    await Promise.all(claimed.map(send));
    const sent = statements.mock.calls.length;
    statements.mockRestore();
    expect(claimed).toHaveLength(MAILS);
    expect(sent).toBeLessThanOrEqual(10);
    const { rows } = await database.pool.query('SELECT DISTINCT status FROM batch');
    expect(rows).toEqual([{ status: 'submitted' }]);
  });
});
