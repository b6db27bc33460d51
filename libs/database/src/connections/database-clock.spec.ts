import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DatabaseClock } from './database-clock.js';

const THEN = Date.parse('2031-05-05T05:05:05.250Z');
const HOUR = 3_600_000;

/** A database whose clock can be set, and that can be away. */
class TestDatabase {
  at = THEN;
  away = false;
  query = (async () => {
    if (this.away) throw new Error('away');
    return { rows: [{ at: this.at }] };
  }) as never;
}

describe(DatabaseClock.name, () => {
  let database: TestDatabase;
  let clock: DatabaseClock;

  beforeEach(() => {
    database = new TestDatabase();
    clock = new DatabaseClock(database);
  });
  afterEach(() => {
    clock.stop();
    jest.useRealTimers();
  });

  it('shows the time of the database, and runs on', async () => {
    await clock.keep();
    expect(clock.now().getTime() - THEN).toBeLessThan(10_000);
    await sleep(50);
    const passed = clock.now().getTime() - THEN;
    expect(passed).toBeGreaterThanOrEqual(45);
    expect(passed).toBeLessThan(10_000);
  });

  it.each([2 * HOUR, -2 * HOUR])('stays where it is when the clock of the machine is set by %d ms', async (by) => {
    await clock.keep();
    jest.useFakeTimers({ now: Date.now() + by, doNotFake: ['performance', 'setTimeout', 'setInterval'] });
    expect(Math.abs(clock.now().getTime() - THEN)).toBeLessThan(10_000);
  });

  it('follows the clock of the database, and runs on while the database is away', async () => {
    await clock.keep();
    database.at = THEN + HOUR;
    await clock.keep();
    database.away = true;
    await clock.keep();
    expect(Math.abs(clock.now().getTime() - THEN - HOUR)).toBeLessThan(10_000);
  });

  it('shows the time of the machine until the database has answered', async () => {
    database.away = true;
    await clock.keep();
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(10_000);
  });
});
