import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDatabase, GivenRows, messageRows } from '@gateway/testing';
import type { Database } from '../database.js';
import { insertMessages } from './message-writer.js';
import type { NewMessage } from './new-message.js';

const HOUR = 3_600_000;

describe(insertMessages.name, () => {
  let database: Database;
  beforeAll(async () => (database = await aDatabase(2)));
  afterAll(() => database.close());

  /** Writes a mail as an api whose clock is wrong. @returns how many are due, and have a job, by the database. */
  async function written(offMs: number, more: Partial<NewMessage> = {}, enqueued = true) {
    const { clientId } = await new GivenRows(database).message();
    const createdAt = new Date(Date.now() + offMs);
    const mail = messageRows(clientId, { createdAt, ...more });
    await insertMessages(database.pool, [{ ...mail, enqueuedAt: enqueued ? createdAt : null }]);
    const { rows } = await database.pool.query(
      `SELECT b.next_attempt_at <= now() AS due, b.due_at <= now() AS "waitsSince", b.enqueued_at <= now() AS enqueued,
         m.expand_at <= now() AS expands
       FROM batch b JOIN message m ON m.id = b.message_id WHERE m.id = $1`,
      [mail.message.id],
    );
    return rows[0] as unknown;
  }

  it('writes mail that is due now, however far ahead its writer is', async () => {
    const due = { due: true, waitsSince: true, enqueued: true, expands: null };
    for (const off of [-HOUR, 0, HOUR]) expect(await written(off)).toEqual(due);
  });

  it('lets an audience be found now, too', async () => {
    const expandAt = new Date(Date.now() + HOUR);
    const audience = { audience: 'vip', expansion: 'queued', expandAt } as const;
    expect(await written(HOUR, audience)).toMatchObject({ expands: true });
  });

  it('leaves alone what has a time, and what has no job', async () => {
    const sendAt = new Date(Date.now() + HOUR);
    const later = { due: false, waitsSince: false, enqueued: null, expands: false };
    const audience = { audience: 'vip', expansion: 'scheduled', expandAt: sendAt } as const;
    expect(await written(0, { sendAt, ...audience }, false)).toEqual(later);
  });
});
