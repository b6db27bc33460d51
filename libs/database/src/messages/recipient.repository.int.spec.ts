import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recipientStatuses, type RecipientStatus } from '@gateway/core';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows, type GivenMessage } from '@gateway/testing';
import type { Database } from '../database.js';
import { MEND_BATCHES } from '../upkeep/integrity.sql.js';
import { RecipientRepository } from './recipient.repository.js';

const SIZE = 2000;
/** Accounts that send now: `nhn` is closed. */
const SENDING = ['ncp'];

describe('recipients of a status', () => {
  let database: Database;
  let recipients: RecipientRepository;
  let message: GivenMessage;

  beforeAll(async () => {
    database = await aDatabase(2);
    recipients = new RecipientRepository(database);
    message = await new GivenRows(database).message({ batches: [SIZE, SIZE, SIZE, SIZE, SIZE] });
    const [, , queued, sending, replanned] = message.batchIds;
    await own('bounced', `position = ${SIZE + 700}`);
    await own('delivered', `position < ${SIZE} AND position % 2 = 0`);
    await own('suppressed', `position % 500 = 1`);
    await change(queued, `provider = 'nhn'`);
    await change(sending, `status = 'sending'`);
    await change(replanned, `status = 'replanned'`);
    // The halves of the last one, and recipients that the audience's expansion rejected.
    await database.pool.query(
      `INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
         follower_count, due_at, next_attempt_at)
       SELECT gen_random_uuid(), message_id, 'ncp', category, 'submitted', position_from + half * $2::int / 2,
         position_from + (half + 1) * $2::int / 2 - 1, $2::int / 2, 0, now(), now()
       FROM batch, generate_series(0, 1) AS half WHERE id = $1`,
      [replanned, SIZE],
    );
    await database.pool.query(
      `INSERT INTO recipient (message_id, position, address, type, status)
       SELECT $1, n, 'no address', 'to', 'rejected' FROM generate_series($2::int, $2::int + 30) AS n`,
      [message.messageId, 5 * SIZE],
    );
    // As the transactions that change recipients keep them.
    await database.pool.query(MEND_BATCHES, [[message.messageId]]);
  }, 60_000);
  afterAll(() => database.close());

  const own = (status: RecipientStatus, which: string): Promise<unknown> =>
    database.pool.query(`UPDATE recipient SET status = $2 WHERE message_id = $1 AND ${which}`, [
      message.messageId,
      status,
    ]);
  const change = (batchId: string | undefined, sql: string): Promise<unknown> =>
    database.pool.query(`UPDATE batch SET ${sql} WHERE id = $1`, [batchId]);

  async function read(filter: { readonly status?: RecipientStatus }, limit: number, sending?: readonly string[]) {
    const all: string[] = [];
    for (let after = -1; ;) {
      const page = await recipients.findByMessage(message, filter, { after, limit }, sending);
      all.push(...page.map(({ position, status }) => `${position} ${status}`));
      if (page.length < limit) return all;
      after = page.at(-1)?.position ?? after;
    }
  }

  it.each([
    ['as they are written', undefined],
    ['while an account is closed', SENDING],
  ])('are those that show it in the list of all, %s', async (_, sending) => {
    const all = await read({}, 1000, sending);
    expect(all).toHaveLength(5 * SIZE + 31);
    for (const status of recipientStatuses) {
      const wanted = all.filter((each) => each.endsWith(` ${status}`));
      expect([status, await read({ status }, 700, sending)]).toEqual([status, wanted]);
    }
    expect(new Set(all.map((each) => each.split(' ')[1])).size).toBeGreaterThanOrEqual(6);
  });

  it('are none of another client', async () => {
    const foreign = { clientId: newUuid(), messageId: message.messageId };
    for (const status of ['delivered', 'rejected'] as const) {
      expect(await recipients.findByMessage(foreign, { status }, { after: -1, limit: 5 })).toEqual([]);
    }
  });

  it('are found without a look at batches that have none', async () => {
    const rowsRead = async (): Promise<number> => {
      await database.lookups.query('SELECT pg_stat_force_next_flush()');
      const { rows } = await database.lookups.query<{ n: number }>(
        `SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS n FROM pg_stat_user_tables`,
      );
      return rows[0]?.n ?? 0;
    };
    const cost = async (status: RecipientStatus): Promise<number> => {
      const before = await rowsRead();
      await recipients.findByMessage(message, { status }, { after: -1, limit: 20 }, SENDING);
      return (await rowsRead()) - before;
    };
    // Plans are made.
    await cost('failed');
    expect(await cost('failed')).toBeLessThan(50);
    expect(await cost('bounced')).toBeLessThan(1.1 * SIZE);
    expect(await cost('rejected')).toBeLessThan(100);
  });
});
