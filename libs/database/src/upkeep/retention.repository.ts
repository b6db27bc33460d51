import { Injectable } from '@nestjs/common';
import type { Category } from '@gateway/core';
import { Database, type Queryable } from '../database.js';
import * as sql from './retention.sql.js';

/** Days that messages of a category are kept once they are final. */
export interface RetentionPeriod {
  readonly category: Category;
  readonly days: number;
}

/** Where a walk along an index stands. */
export interface RetentionCursor {
  readonly at: string;
  readonly id: string;
}

export const RETENTION_START: RetentionCursor = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

interface Found extends RetentionCursor {
  readonly size: number;
}

export interface ErasedMessage {
  readonly id: string;
  readonly clientId: string;
  readonly attachmentIds: readonly string[];
  readonly recipients: number;
}

/** A month of recipients or events that is over. */
export interface Month {
  readonly parent: 'recipient' | 'event';
  readonly name: string;
  readonly bytes: number;
  /** Ids of this range are of this month. */
  readonly from: string;
  readonly to: string;
}

export interface PlannedCategory {
  readonly category: Category;
  readonly messages: number;
  readonly recipients: number;
}

const MESSAGES_AT_ONCE = 500;
/** Batches or recipients that one transaction locks or deletes. */
const ROWS_AT_ONCE = 10_000;
/** Maximum wait for writers to a month that is over, in milliseconds; only late writers to it wait meanwhile. */
const MONTH_LOCK_MS = 3000;
/** Maximum time that accepting and tracking wait behind a drop that is itself waiting for a lock, in milliseconds. */
const DROP_LOCK_MS = 200;

/**
 * Statements that erase what has been kept long enough. Each does a bounded piece of work in the caller's transaction
 * and leaves a state from which any process can go on.
 */
@Injectable()
export class RetentionRepository {
  constructor(private readonly database: Database) {}

  /** Takes the turn until the transaction ends. @returns false when another process has it; with `wait` never. */
  async takeTurn(tx: Queryable, wait: boolean): Promise<boolean> {
    if (wait) {
      await tx.query(sql.WAIT_FOR_TURN);
      return true;
    }
    const { rows } = await tx.query<{ turn: boolean }>(sql.TRY_TURN);
    return rows[0]?.turn === true;
  }

  /** Messages whose period is over: as many as one transaction should take. Fewer than there are, or none. */
  findOver(tx: Queryable, period: RetentionPeriod, after: RetentionCursor): Promise<readonly RetentionCursor[]> {
    return this.walk(tx, sql.FIND_OVER, period, after);
  }

  /**
   * Erases content and marks recipients and events as going. Of those that are final and over still, when their batches
   * are locked.
   */
  async erase(
    tx: Queryable,
    period: Pick<RetentionPeriod, 'days'>,
    ids: readonly string[],
  ): Promise<readonly ErasedMessage[]> {
    await tx.query(sql.LOCK_BATCHES, [ids]);
    const { rows } = await tx.query<ErasedMessage>(sql.ERASE_MESSAGES, [ids, period.days]);
    const erased = rows.map(({ id }) => id);
    await tx.query(sql.ERASE_BATCHES, [erased]);
    await tx.query(sql.ERASE_ATTEMPTS, [erased]);
    await this.eraseExamples(tx, erased);
    return rows;
  }

  /** Erases what the shadows of routes quote of messages. */
  async eraseExamples(tx: Queryable, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(sql.LOCK_SHADOWS);
    await tx.query(sql.ERASE_EXAMPLES, [ids]);
  }

  /** Erases the stored first answers about messages. */
  async eraseAnswers(
    tx: Queryable,
    of: readonly { readonly location: string; readonly clientId: string }[],
  ): Promise<void> {
    await tx.query(sql.ERASE_ANSWERS, [of.map(({ location }) => location), of.map(({ clientId }) => clientId)]);
  }

  /** Marks files as deleted that nothing refers to any more. @returns how many. */
  async deleteAttachments(tx: Queryable, ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    await tx.query(sql.LOCK_ATTACHMENTS, [ids]);
    return (await tx.query(sql.DELETE_ATTACHMENTS, [ids])).rowCount ?? 0;
  }

  /** Months that are over, but not those that hold what no month takes. */
  async findMonths(): Promise<readonly Month[]> {
    const { rows } = await this.database.pool.query<Month>(sql.FIND_PARTITIONS);
    return rows.filter(({ name }) => /^(recipient|event)_\d{4}_\d{2}$/.test(name));
  }

  /** Does a message of the month remain that is not erased? Asked without any lock, to find out early. */
  async keepsMessage(month: Month, tx: Queryable = this.database.pool): Promise<boolean> {
    const { rows } = await tx.query<{ keeps: boolean }>(sql.KEEPS_MESSAGE, [month.from, month.to]);
    return rows[0]?.keeps !== false;
  }

  /**
   * Drops a month in which everything is erased. It first waits for writers to the month and keeps out new ones, so
   * nothing is overlooked. @returns false when a row is kept. @throws Error of PostgreSQL when a lock is not available.
   */
  async dropMonth(tx: Queryable, month: Month): Promise<boolean> {
    await tx.query(sql.waitForLocks(MONTH_LOCK_MS));
    await tx.query(sql.lockMonth(month.name));
    if (await this.keepsMessage(month, tx)) return false;
    if (month.parent === 'event') {
      const { rows } = await tx.query<{ keeps: boolean }>(sql.keepsEvent(month.name));
      if (rows[0]?.keeps !== false) return false;
    }
    await tx.query(sql.waitForLocks(DROP_LOCK_MS));
    await tx.query(sql.DROP_MONTH, [month.name]);
    return true;
  }

  /** Erased messages with rows left. `lagDays`: only of months whose period has been over for as long. */
  async findErasing(
    tx: Queryable,
    periods: readonly RetentionPeriod[],
    from: { readonly after: string; readonly lagDays: number | undefined },
  ): Promise<readonly string[]> {
    const values = [...columns(periods), from.after, from.lagDays ?? null, MESSAGES_AT_ONCE];
    const { rows } = await tx.query<{ id: string; size: number }>(sql.FIND_ERASING, values);
    return fitting(rows).map(({ id }) => id);
  }

  /** Deletes some of the rows of erased messages. @returns how many, and whether none is left. */
  async deleteRows(
    tx: Queryable,
    ids: readonly string[],
  ): Promise<{ readonly recipients: number; readonly events: number; readonly done: boolean }> {
    // A poll that began before they were erased ends first; its rows are deleted with the rest.
    await tx.query(sql.LOCK_BATCHES, [ids]);
    const recipients = (await tx.query(sql.DELETE_RECIPIENTS, [ids, ROWS_AT_ONCE])).rowCount ?? 0;
    const events = (await tx.query(sql.DELETE_EVENTS, [ids, ROWS_AT_ONCE])).rowCount ?? 0;
    const done = recipients < ROWS_AT_ONCE && events < ROWS_AT_ONCE;
    if (done) await tx.query(sql.END_ERASING, [ids]);
    return { recipients, events, done };
  }

  findDroppable(tx: Queryable, period: RetentionPeriod, after: RetentionCursor): Promise<readonly RetentionCursor[]> {
    return this.walk(tx, sql.FIND_DROPPABLE, period, after);
  }

  /** Removes erased messages with their batches, attempts and stored answers. */
  async drop(tx: Queryable, messages: readonly { readonly id: string; readonly location: string }[]): Promise<number> {
    const ids = messages.map(({ id }) => id);
    await tx.query(sql.LOCK_BATCHES, [ids]);
    await tx.query(sql.DROP_ANSWERS, [messages.map(({ location }) => location), ids]);
    return (await tx.query(sql.DROP_MESSAGES, [ids])).rowCount ?? 0;
  }

  async planMessages(periods: readonly RetentionPeriod[]): Promise<readonly PlannedCategory[]> {
    return (await this.database.pool.query<PlannedCategory>(sql.PLAN_MESSAGES, columns(periods))).rows;
  }

  async planDrops(periods: readonly RetentionPeriod[]): Promise<number> {
    const { rows } = await this.database.pool.query<{ messages: number }>(sql.PLAN_DROPS, columns(periods));
    return rows[0]?.messages ?? 0;
  }

  /** How many messages a month has, how many of them would be erased, and whether it would go as a whole. */
  async planMonth(
    periods: readonly RetentionPeriod[],
    month: Month,
  ): Promise<{ readonly messages: number; readonly passed: number; readonly goes: boolean }> {
    const { pool } = this.database;
    const values = [...columns(periods), month.from, month.to];
    const { rows } = await pool.query<{ messages: number; passed: number }>(sql.PLAN_MONTH, values);
    const { messages, passed } = rows[0] ?? { messages: 0, passed: 0 };
    if (passed < messages || month.parent === 'recipient') return { messages, passed, goes: passed === messages };
    const { rows: kept } = await pool.query<{ keeps: boolean }>(sql.planEvents(month.name), columns(periods));
    return { messages, passed, goes: kept[0]?.keeps === false };
  }

  private async walk(
    tx: Queryable,
    statement: string,
    { category, days }: RetentionPeriod,
    after: RetentionCursor,
  ): Promise<readonly RetentionCursor[]> {
    const { rows } = await tx.query<Found>(statement, [category, days, after.at, after.id, MESSAGES_AT_ONCE]);
    return fitting(rows);
  }
}

const columns = (periods: readonly RetentionPeriod[]): unknown[] => [
  periods.map(({ category }) => category),
  periods.map(({ days }) => days),
];

/** The first ones whose rows are few enough for one transaction; a larger one alone. */
function fitting<T extends { readonly size: number }>(rows: readonly T[]): readonly T[] {
  let total = 0;
  const end = rows.findIndex(({ size }, index) => (total += size) > ROWS_AT_ONCE && index > 0);
  return end < 0 ? rows : rows.slice(0, end);
}
