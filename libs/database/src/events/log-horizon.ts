import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { advisoryLocks } from '../advisory-locks.js';
import { Database } from '../database.js';
import { FIND_LAST_GIVEN, findWriters } from './event.sql.js';

const LOOK = `${FIND_LAST_GIVEN}; ${findWriters(advisoryLocks.log)}`;

/** A reader waits so long for those who are about to commit; then it gets what there is. */
const PATIENCE_MS = 250;

/** The result of one look at the log. */
interface Look {
  /** Nothing at or below it can still come. */
  readonly horizon: number;
  /** The last position that was given. */
  readonly lastGiven: number;
  /** How long the oldest transaction has been seen that holds later events back; 0 without one. */
  readonly heldMs: number;
}

/** A transaction that has taken a position and is not committed yet. */
interface Writer {
  /** All its positions are higher. */
  readonly floor: number;
  readonly seenAt: number;
}

/**
 * How far the log can be read: up to a position below which nothing can still appear. Positions are given before they
 * are committed, so a reader that went to the newest event that it sees would miss those that are committed after it
 * with a lower position.
 *
 * A writer holds a lock from before it gets its position until it has committed. One who is seen for the first time came
 * after the look before, so all its positions are higher than the last one that was given then: that is its floor. The
 * horizon is the lowest floor of those who hold the lock now; if there is none, it is the last position given. A
 * transaction that stays open delays what comes after its own event, and nothing before it.
 *
 * One for each process: a reader who comes while another one looks shares the next look.
 */
@Injectable()
export class LogHorizon {
  /** A sequence may go back when the server crashes, and then this connection is lost: nothing is known any more. */
  private readonly session: Pool;
  private writers: ReadonlyMap<string, Writer> = new Map();
  private lastGiven = 0;
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<Look> | undefined;

  constructor(database: Database) {
    this.session = database.session(() => this.forget());
  }

  /** Looks, and waits a little for those who are about to commit what a caller may just have caused. */
  async current(patienceMs = PATIENCE_MS): Promise<number> {
    const first = await this.look();
    let latest = first;
    for (let waited = 0, pause = 2; latest.horizon < first.lastGiven && waited < patienceMs; pause *= 2) {
      await sleep(pause);
      waited += pause;
      latest = await this.look();
    }
    return latest.horizon;
  }

  /** Looks once. */
  look(): Promise<Look> {
    this.next ??= this.running.then(
      () => this.begin(),
      () => this.begin(),
    );
    return this.next;
  }

  private begin(): Promise<Look> {
    this.next = undefined;
    const look = this.lookNow();
    this.running = look;
    return look;
  }

  private async lookNow(): Promise<Look> {
    // In this order: who takes a position after the first statement takes a higher one.
    const results = (await this.session.query(LOOK)) as unknown as [
      { rows: [{ lastGiven: number }] },
      { rows: readonly { writer: string }[] },
    ];
    const [
      {
        rows: [{ lastGiven }],
      },
      { rows: holders },
    ] = results;
    const now = performance.now();
    const seen = { floor: Math.min(this.lastGiven, lastGiven), seenAt: now };
    this.writers = new Map(holders.map(({ writer }) => [writer, this.writers.get(writer) ?? seen]));
    this.lastGiven = lastGiven;
    const writers = [...this.writers.values()];
    return {
      horizon: Math.min(lastGiven, ...writers.map(({ floor }) => floor)),
      lastGiven,
      heldMs: now - Math.min(now, ...writers.map(({ seenAt }) => seenAt)),
    };
  }

  private forget(): void {
    this.writers = new Map();
    this.lastGiven = 0;
  }
}
