import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows, type GivenMessage } from '@gateway/testing';
import type { Database } from '../database.js';
import { MessageStateRepository } from './message-state.repository.js';
import { RecipientRepository } from './recipient.repository.js';

const OTHERS = 5000;

/** Queries of dashboards use an index, even with a plan made when the tables were almost empty. */
describe('status look-ups', () => {
  let database: Database;
  let given: GivenRows;
  let wanted: GivenMessage;

  beforeEach(async () => {
    database = await aDatabase(2);
    given = new GivenRows(database);
    wanted = await given.message({ batches: [30, 30] });
  });
  afterEach(() => database.close());

  const lookups = (): Readonly<Record<string, () => Promise<readonly unknown[]>>> => {
    const [messages, recipients] = [new MessageStateRepository(database), new RecipientRepository(database)];
    const { clientId, messageId } = wanted;
    return {
      message: async () => [await messages.findById(clientId, messageId)],
      queued: () => messages.findQueued([messageId]),
      deferred: () => messages.findDeferred([messageId]),
      first: async () => [...(await messages.findFirstAddresses([messageId])).keys()],
      brief: async () => [await messages.findBrief(clientId, messageId)],
      batches: () => messages.findBatches({ clientId, messageId }, { after: undefined, limit: 5 }),
      newest: async () => (await messages.findPage(clientId, {}, { limit: 5 })).rows,
      older: async () => (await messages.findPage(clientId, {}, { before: messageId, limit: 5 })).rows,
      recipients: () => recipients.findByMessage({ clientId, messageId }, {}, { after: 5, limit: 20 }),
      address: () =>
        recipients.findByMessage({ clientId, messageId }, { address: 'R.7@example.com' }, { after: -1, limit: 5 }),
      mail: () => recipients.findByAddress(clientId, 'r.59@example.com', { before: undefined, limit: 5 }),
    };
  };
  const answers = async (): Promise<Readonly<Record<string, number>>> => {
    const all: Record<string, number> = {};
    for (const [name, ask] of Object.entries(lookups())) all[name] = (await ask()).length;
    return all;
  };
  /** Rows that the connection for look-ups has read, of all tables: one after the other they need no second one. */
  const rowsRead = async (by: 'lookups' | 'pool' = 'lookups'): Promise<number> => {
    await database[by].query('SELECT pg_stat_force_next_flush()');
    const { rows } = await database[by].query<{ n: number }>(
      'SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS n FROM pg_stat_user_tables',
    );
    return rows[0]?.n ?? 0;
  };
  /** Other messages of the same client, with a batch and a recipient each. */
  const othersCome = async (): Promise<void> => {
    const others = 'FROM message m WHERE m.id <> $1';
    const key = [wanted.messageId];
    await database.pool.query(
      `INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, subject, on_quota,
         recipient_count, batch_count, counts, routing, tags, warnings)
       SELECT other.id, client_id, category, delivery, requested_provider, provider, from_address, subject, on_quota, 1, 1, counts,
         routing, tags, warnings
       FROM message CROSS JOIN unnest($1::uuid[]) AS other (id)`,
      [Array.from({ length: OTHERS }, () => newUuid())],
    );
    await database.pool.query(
      `INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
         follower_count, due_at, next_attempt_at)
       SELECT gen_random_uuid(), m.id, 'ncp', m.category, 'queued', 0, 0, 1, 1, now(), now() ${others}`,
      key,
    );
    await database.pool.query(
      `INSERT INTO recipient (message_id, position, address, type)
       SELECT m.id, 0, 'of.' || m.id || '@example.com', 'to' ${others}`,
      key,
    );
  };

  it.each(['fresh', 'analyzed'])('read what they show, and little else: tables %s', async (tables) => {
    if (tables === 'analyzed') await database.pool.query('VACUUM ANALYZE');
    const before = await answers();
    expect(before).toEqual({
      message: 1,
      queued: 1,
      deferred: 0,
      first: 1,
      brief: 1,
      batches: 2,
      newest: 1,
      older: 0,
      recipients: 20,
      address: 1,
      mail: 1,
    });
    await othersCome();
    const read = await rowsRead();
    await answers();
    expect((await rowsRead()) - read).toBeLessThan(OTHERS / 2);
  });

  it('finds the few messages that wait for their release among many that do not', async () => {
    await othersCome();
    const held = await given.message({ status: 'held' });
    await database.pool.query('VACUUM ANALYZE');
    const messages = new MessageStateRepository(database);
    const find = async (): Promise<readonly { readonly id: string }[]> =>
      (await messages.findPage(wanted.clientId, { status: 'held' }, { limit: 100 })).rows;
    await find();
    const read = await rowsRead('pool');
    expect((await find()).map(({ id }) => id)).toEqual([held.messageId]);
    expect((await rowsRead('pool')) - read).toBeLessThan(100);
  });
});
