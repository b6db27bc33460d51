import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventRepository, LogHorizon, type Database } from '@gateway/database';
import { silentLogger } from '@gateway/platform';
import { aDatabase, eventually, GivenRows, type GivenMessage } from '@gateway/testing';
import { messageEvent } from './delivery-events.js';
import { EventLog, LOG_START, type EventFilter, type LogCursor } from './event-log.js';
import { LiveLog } from './live-log.js';

describe(LiveLog.name, () => {
  let database: Database;
  let events: EventRepository;
  let log: EventLog;
  let live: LiveLog;
  let given: GivenMessage;
  let stopping: AbortController;

  beforeAll(async () => {
    database = await aDatabase(20);
    events = new EventRepository(database);
    const horizon = new LogHorizon(database);
    log = new EventLog(events, horizon);
    live = new LiveLog(log, horizon, silentLogger());
  });
  beforeEach(async () => {
    await database.pool.query('TRUNCATE message, batch, attempt, recipient, event');
    given = await new GivenRows(database).message();
    stopping = new AbortController();
  });
  afterEach(() => stopping.abort());
  afterAll(() => database.close());

  const write = (count: number): Promise<void> =>
    events.insert(
      database.pool,
      Array.from({ length: count }, () => messageEvent('message.accepted', given.messageId)),
    );
  const allIds = async (): Promise<readonly string[]> =>
    (await log.read({ clientId: given.clientId }, LOG_START, 100_000)).events.map(({ event }) => event.id);

  /** Collects ids, and waits after each piece if asked to. */
  function listen(from: LogCursor, options: { readonly filter?: EventFilter; readonly pauseMs?: number } = {}) {
    const { filter, pauseMs = 0 } = options;
    const ids: string[] = [];
    const places: LogCursor[] = [];
    const following = {
      clientId: given.clientId,
      from,
      idleMs: 100,
      signal: stopping.signal,
      ...(filter && { filter }),
    };
    void (async () => {
      for await (const told of live.follow(following)) {
        ids.push(...told.events.map(({ event }) => event.id));
        places.push(told.next);
        if (pauseMs > 0) await sleep(pauseMs);
      }
    })();
    return { ids, places };
  }

  it('goes on live after what was there before', async () => {
    await write(700);
    const listener = listen(LOG_START);
    await eventually(async () => expect(listener.ids).toHaveLength(700));
    for (let n = 0; n < 10; n += 1) await write(3);
    await eventually(async () => expect(listener.ids).toHaveLength(730));
    expect(listener.ids).toEqual(await allIds());
  });

  it('gives every event once to a listener that is slower than the log, and keeps little for it', async () => {
    const [slow, quick] = [listen(LOG_START, { pauseMs: 30 }), listen(LOG_START)];
    await eventually(async () => expect(quick.places.length).toBeGreaterThan(0));
    for (let n = 0; n < 100; n += 1) await write(100);
    await eventually(async () => expect(slow.ids).toHaveLength(10_000));
    const all = await allIds();
    expect(quick.ids).toEqual(all);
    expect(slow.ids).toEqual(all);
  });

  it('reads once for all who listen', async () => {
    const listeners = Array.from({ length: 50 }, () => listen(LOG_START));
    await eventually(async () => expect(listeners.every(({ places }) => places.length > 0)).toBe(true));
    const scans = jest.spyOn(events, 'scan');
    try {
      await write(5);
      await eventually(async () => expect(listeners.every(({ ids }) => ids.length === 5)).toBe(true));
      expect(scans.mock.calls.length).toBeLessThan(5);
    } finally {
      scans.mockRestore();
    }
  });

  it('tells a listener without news where the log is, so that it need not search again', async () => {
    const listener = listen(LOG_START, { filter: new Set(['message.completed']) });
    await write(20);
    const { next } = await log.read({ clientId: given.clientId }, LOG_START, 1000);
    await eventually(async () => expect(listener.places.at(-1)).toEqual(next));
    expect(listener.ids).toEqual([]);
  });

  it('stops looking when no one listens any more', async () => {
    const listener = listen(LOG_START);
    await eventually(async () => expect(listener.places.length).toBeGreaterThan(0));
    stopping.abort();
    await sleep(500);
    const scans = jest.spyOn(events, 'scan');
    try {
      await write(1);
      await sleep(500);
      expect(scans).not.toHaveBeenCalled();
    } finally {
      scans.mockRestore();
    }
  });

  it('begins again for the next listener, whenever the last one left', async () => {
    for (let round = 0; round < 12; round += 1) {
      stopping = new AbortController();
      const listener = listen(await log.findEnd(given.clientId));
      await sleep(20 * round);
      await write(1);
      await eventually(async () => expect(listener.ids).toHaveLength(1));
      stopping.abort();
      await sleep(15 * round);
    }
  });
});
