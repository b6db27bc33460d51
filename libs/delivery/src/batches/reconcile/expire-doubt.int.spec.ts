import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderUnavailableError, type EmailProvider } from '@gateway/core';
import type { Database } from '@gateway/database';
import { aDatabase, GivenRows } from '@gateway/testing';
import { doubt, doubtServices } from './doubt-services.fixture.js';

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
    await doubt(database, age);
    await doubtServices(database, { name: 'ncp', find } as EmailProvider).reconcile.execute(batchIds);
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
      message: 'failed',
      outcome: 'unconfirmed',
    });
  });

  it('waits as long as its last request is not too old', async () => {
    expect(await lookUp('30 minutes', away)).toMatchObject({ status: 'unconfirmed', detail: 'no answer' });
  });

  it('is still adopted when the request is found, however late', async () => {
    const found = async () => ({ requestId: 'r', operation: 'send' });
    expect(await lookUp('2 hours', found)).toMatchObject({ status: 'submitted', outcome: 'adopted' });
  });
});
