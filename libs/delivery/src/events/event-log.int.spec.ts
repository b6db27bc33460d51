import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventType } from '@gateway/core';
import { EventRepository, LogHorizon, type Database } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows, type GivenMessage } from '@gateway/testing';
import { messageEvent } from './delivery-events.js';
import { EventLog, LOG_START, type EventFilter, type LogCursor, type LogEvent } from './event-log.js';
import type { RecipientsChanged } from './recipients-changed.js';

describe(EventLog.name, () => {
  let database: Database;
  let log: EventLog;
  let events: EventRepository;
  let given: GivenMessage;

  beforeAll(async () => {
    database = await aDatabase();
    events = new EventRepository(database);
    log = new EventLog(events, new LogHorizon(database));
  });
  beforeEach(async () => {
    await database.pool.query('TRUNCATE message, batch, attempt, recipient, event');
    given = await new GivenRows(database).message({ batches: [10] });
  });
  afterAll(() => database.close());

  const changed = (row: Partial<RecipientsChanged>): Promise<void> => {
    const data = { changes: [], opened: [], provider: 'ncp', ...row };
    return events.insert(database.pool, [messageEvent('recipients', given.messageId, data)]);
  };
  const told = (): Promise<void> => events.insert(database.pool, [messageEvent('message.accepted', given.messageId)]);

  async function pages(limit: number, filter?: EventFilter): Promise<readonly (readonly LogEvent[])[]> {
    const all: (readonly LogEvent[])[] = [];
    for (let from: LogCursor = LOG_START; ;) {
      const page = await log.read({ clientId: given.clientId }, from, limit, filter);
      all.push(page.events.map(({ event }) => event));
      from = page.next;
      if (!page.more) return all;
    }
  }
  const whatOf = ({ type, position }: LogEvent): string => (position === undefined ? type : `${type} ${position}`);

  const ofEverything = async (): Promise<void> => {
    await told();
    await changed({
      changes: [
        {
          status: 'delivered',
          positions: [
            [0, 3],
            [6, 6],
          ],
        },
        { status: 'bounced', reason: 'unknown_user', code: '550', message: 'no such user', positions: [[4, 4]] },
      ],
      opened: [[1, 2]],
    });
    await told();
    await changed({ changes: [{ status: 'bounced', positions: [[7, 9]] }] });
  };
  const EVERYTHING = [
    'message.accepted',
    ...[0, 1, 2, 3, 6].map((n) => `recipient.delivered ${n}`),
    'recipient.bounced 4',
    'recipient.opened 1',
    'recipient.opened 2',
    'message.accepted',
    ...[7, 8, 9].map((n) => `recipient.bounced ${n}`),
  ];

  it.each([1, 2, 3, 5, 13, 50])('is the same in pages of %d', async (limit) => {
    await ofEverything();
    const all = await pages(limit);
    expect(all.flat().map(whatOf)).toEqual(EVERYTHING);
    expect(new Set(all.flat().map(({ id }) => id)).size).toBe(EVERYTHING.length);
    expect(all.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  });

  it.each<[readonly EventType[], (what: string) => boolean]>([
    [['recipient.bounced'], (what) => what.startsWith('recipient.bounced')],
    [['recipient.opened', 'message.accepted'], (what) => /opened|message/.test(what)],
    [['message.completed'], () => false],
  ])('fills pages with the types that are wanted: %j', async (types, isWanted) => {
    await ofEverything();
    const all = await pages(2, new Set(types));
    expect(all.flat().map(whatOf)).toEqual(EVERYTHING.filter(isWanted));
    expect(all.slice(0, -1).every((page) => page.length === 2)).toBe(true);
  });

  it('fills pages when recipients are gone', async () => {
    await ofEverything();
    await database.pool.query('DELETE FROM recipient WHERE position BETWEEN 1 AND 6');
    const all = await pages(3);
    expect(all.flat().map(whatOf)).toEqual(EVERYTHING.filter((what) => !/ [1-6]$/.test(what)));
    expect(all.slice(0, -1).every((page) => page.length === 3)).toBe(true);
  });

  it('tells why as it was then, whatever became of the recipient since', async () => {
    const bounce = { status: 'bounced', reason: 'unknown_user', code: '550', message: 'no such user' } as const;
    await changed({
      changes: [
        { ...bounce, positions: [[4, 4]] },
        { status: 'delivered', positions: [[5, 5]] },
      ],
    });
    const before = await pages(10);
    await database.pool.query(
      `UPDATE recipient SET status = 'bounced', reason = 'mailbox_full', provider_code = '552', provider_message = 'full'`,
    );
    expect(await pages(10)).toEqual(before);
    expect(before.flat().map(({ data }) => data)).toEqual([
      { reason: 'unknown_user', provider: { name: 'ncp', code: '550', message: 'no such user' } },
      {},
    ]);
  });

  it('passes over erased messages, and goes on behind them', async () => {
    await told();
    await database.pool.query('UPDATE message SET erased_at = now()');
    given = await new GivenRows(database).message();
    await told();
    expect((await pages(10)).flat()).toHaveLength(1);
  });

  it('goes on from the cursors of earlier versions', async () => {
    await ofEverything();
    const all = (await pages(50)).flat();
    const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM event ORDER BY position');
    const { clientId } = given;
    const rest = async (row: string, count: number): Promise<readonly LogEvent[]> =>
      (await log.read({ clientId }, await log.findCursor(clientId, { row, told: count }), 50)).events.map(
        ({ event }) => event,
      );
    expect(await rest(rows[1]?.id ?? '', 2)).toEqual(all.slice(3));
    expect(await rest(rows[0]?.id ?? '', 1_000_000_000)).toEqual(all.slice(1));
    // The event is gone, or never was: from the one after it.
    await database.pool.query('DELETE FROM event WHERE id = $1', [rows[1]?.id]);
    expect(await rest(rows[1]?.id ?? '', 2)).toEqual(all.slice(9));
    expect(await rest('00000000-0000-7000-8000-000000000000', 0)).toEqual([...all.slice(0, 1), ...all.slice(9)]);
  });

  it('has events that are about no message', async () => {
    const { clientId } = given;
    const event = { id: newUuid(), clientId, messageId: null, batchId: null, type: 'route.halted', data: { a: 1 } };
    await events.insert(database.pool, [event]);
    const [found] = (await pages(10)).flat();
    expect(found).toEqual({
      id: expect.stringMatching(/^evt_/),
      at: expect.any(Date),
      type: 'route.halted',
      data: { a: 1 },
    });
  });

  it('reads no more of a row that stands for a hundred thousand than it tells', async () => {
    await changed({
      changes: [
        { status: 'delivered', positions: [[0, 99_999]] },
        { status: 'bounced', positions: [[9, 9]] },
      ],
    });
    const { events: found, next } = await log.read({ clientId: given.clientId }, LOG_START, 5);
    expect(found.map(({ event: { position } }) => position)).toEqual([0, 1, 2, 3, 4]);
    expect(next).toEqual({ position: expect.any(Number), told: 5 });
  });
});
