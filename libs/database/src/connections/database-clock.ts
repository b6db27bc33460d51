import type { Clock } from '@gateway/platform';
import type { Pool } from 'pg';
import * as sql from '../database.sql.js';

const EVERY_MS = 10_000;

/**
 * The database's time, which decides everything that processes must agree on. It is asked now and then, and carried on
 * by a clock that only counts, so that setting the clock of this machine changes nothing.
 */
export class DatabaseClock implements Clock {
  private heard: { readonly at: number; readonly when: number } | undefined;
  private asking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Pick<Pool, 'query'>) {}

  /** Never ahead of the database: what is due by this clock is due there. Before `keep()` the time of this machine. */
  now(): Date {
    if (this.heard === undefined) return new Date();
    return new Date(this.heard.at + performance.now() - this.heard.when);
  }

  /** Asks, and from then on again and again until `stop()`. While the database is away the clock runs on by itself. */
  async keep(): Promise<void> {
    this.timer ??= setInterval(() => void this.ask(), EVERY_MS).unref();
    await this.ask();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private ask(): Promise<void> {
    this.asking ??= this.hear()
      .catch(() => undefined)
      .finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async hear(): Promise<void> {
    const { rows } = await this.database.query<{ at: number }>(sql.CLOCK);
    if (rows[0] !== undefined) this.heard = { at: rows[0].at, when: performance.now() };
  }
}
