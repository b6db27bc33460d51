import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import type { Database } from '../database.js';
import { EventRepository, type NewEventRow } from './event.repository.js';
import { LogHorizon } from './log-horizon.js';

describe(LogHorizon.name, () => {
  let database: Database;
  let events: EventRepository;
  let messageId: string;
  let clientId: string;

  beforeAll(async () => {
    database = await aDatabase(40);
    events = new EventRepository(database);
    ({ messageId, clientId } = await new GivenRows(database).message());
  });
  beforeEach(() => database.pool.query('TRUNCATE event'));
  afterAll(() => database.close());

  const anEvent = (type = 'message.accepted'): NewEventRow => ({
    id: newUuid(),
    messageId,
    batchId: null,
    type,
    data: {},
  });
  const readAll = async (from: number, to: number): Promise<readonly string[]> =>
    (await events.scan({ clientId }, { from, to, limit: 100_000 })).rows.map(({ id }) => id);

  /** Follows until `isOver`, as a caller of the feed does. */
  async function follow(isOver: () => boolean): Promise<readonly string[]> {
    const horizon = new LogHorizon(database);
    const seen: string[] = [];
    for (let from = 1, last = false; ;) {
      const over = isOver();
      const page = await events.scan({ clientId }, { from, to: await horizon.current(), limit: 37 });
      for (const { id } of page.rows) seen.push(id);
      from = page.next;
      if (over && last && page.ended) return seen;
      last = over;
      await sleep(5);
    }
  }

  it('lets followers at the tail read every event once and in order, however long their transactions take', async () => {
    let isOver = false;
    const followers = [follow(() => isOver), follow(() => isOver)];
    const kept: string[] = [];
    const write = async (writer: number): Promise<void> => {
      for (let round = 0; round < 40; round += 1) {
        const event = anEvent();
        const rollsBack = (writer + round) % 17 === 0;
        await database
          .transaction(async (tx) => {
            // Some are open for long before they write.
            if (writer % 5 === 0 && round % 20 === 0) await sleep(700);
            await tx.query(
              `INSERT INTO event (id, client_id, message_id, type) VALUES ($1, $2, $3, 'message.accepted')`,
              [event.id, clientId, messageId],
            );
            // A third has its position for long before it commits.
            if (writer % 3 === 0) await sleep(round % 10);
            if (rollsBack) throw new Error('rolled back');
            kept.push(event.id);
          })
          .catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: 24 }, (_, writer) => write(writer)));
    isOver = true;
    const order = await readAll(1, Number.MAX_SAFE_INTEGER);
    expect(new Set(order)).toEqual(new Set(kept));
    expect(await Promise.all(followers)).toEqual([order, order]);
  });

  it('waits for a transaction that has a position, and for none that has none yet', async () => {
    const horizon = new LogHorizon(database);
    const open = await database.pool.connect();
    try {
      await open.query('BEGIN');
      await open.query('SELECT txid_current()');
      await events.insert(database.pool, [anEvent()]);
      const before = await horizon.current();
      expect(await readAll(1, before)).toHaveLength(1);

      await open.query(
        `INSERT INTO event (id, client_id, message_id, type) VALUES (gen_random_uuid(), $1, $2, 'batch.accepted')`,
        [clientId, messageId],
      );
      await events.insert(database.pool, [anEvent()]);
      expect(await horizon.current(20)).toBe(before);
      await open.query('COMMIT');
      expect(await readAll(1, await horizon.current())).toHaveLength(3);
    } finally {
      open.release();
    }
  });

  it('knows nothing when it looks for the first time, and waits for those whom it finds', async () => {
    const open = await database.pool.connect();
    try {
      await open.query('BEGIN');
      await open.query(
        `INSERT INTO event (id, client_id, message_id, type) VALUES (gen_random_uuid(), $1, $2, 'batch.accepted')`,
        [clientId, messageId],
      );
      await events.insert(database.pool, [anEvent()]);
      const horizon = new LogHorizon(database);
      expect(await horizon.current(20)).toBe(0);
      await open.query('ROLLBACK');
      expect(await readAll(1, await horizon.current())).toHaveLength(1);
    } finally {
      open.release();
    }
  });

  it('gives an event its place when its transaction ends, in the order in which they were reported', async () => {
    const other = anEvent();
    const [first, second] = [anEvent('message.accepted'), anEvent('message.completed')];
    await database.transaction(async (tx) => {
      await events.insert(tx, [first]);
      await events.insert(database.pool, [other]);
      await events.insert(tx, [second]);
    });
    expect(await readAll(1, await new LogHorizon(database).current())).toEqual([other.id, first.id, second.id]);
  });

  it('writes nothing of a transaction that is rolled back, also when its connection is used again', async () => {
    await database
      .transaction(async (tx) => {
        await events.insert(tx, [anEvent()]);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await database.transaction(async (tx) => void (await tx.query('SELECT 1')));
    expect(await readAll(1, await new LogHorizon(database).current())).toEqual([]);
  });

  it('shares a look among those who ask at the same time', async () => {
    const horizon = new LogHorizon(database);
    await horizon.current();
    const looks = Array.from({ length: 50 }, () => horizon.look());
    expect(new Set(looks).size).toBe(1);
    await Promise.all(looks);
  });
});
