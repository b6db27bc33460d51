import { takeIdsFrom } from '@gateway/platform';
import type { Pool, PoolClient } from 'pg';
import { PendingEntry } from './audit/add-entries.js';
import { currentAct } from './audit/act.js';
import { EMPTY_VAULT, type ContentVault } from './contents/content-vault.js';
import { isDatabaseAway } from './errors/database-away.js';
import { DatabaseClock } from './connections/database-clock.js';
import * as sql from './database.sql.js';
import { expectUsable } from './connections/expect-usable.js';
import { expectHashKeys } from './connections/hash-keys.js';
import { openPool, type ConnectionOptions } from './connections/open-pool.js';
import type { Prisma, PrismaClient } from './generated/client.js';
import { isDeadlock } from './errors/lock-unavailable.js';
import { PrismaInTransactions } from './prisma-in-transactions.js';
import type { Queryable } from './queryable.js';

export interface DatabaseOptions extends ConnectionOptions {
  /** Maximum connections of this process; Prisma and the statements that move thousands of rows share them. */
  readonly connections: number;
  /** Keys of contents that are encrypted; by default none. */
  readonly contents?: ContentVault;
}

export type { Queryable } from './queryable.js';

/** Dashboards ask no faster than that; nor do they take connections from those who bring mail. */
const LOOKUP_CONNECTIONS = 4;

/**
 * Planning took longer than the look-up itself. A plan that is made once must be right for tables of any size: by key,
 * also where a table was tiny when it was made.
 */
const PLANNED_ONCE = 'SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;';

/** One of two transactions in a deadlock always continues, so many concurrent callers finish after a few rounds. */
const MOST_REPEATS = 10;

/** Entries that a transaction will write last, by the function that writes them. */
type Deferred = Map<DeferredWrite<never>, unknown[]>;

/** Writes entries, all that a transaction has collected, in one statement. */
export type DeferredWrite<T> = (tx: Queryable, entries: readonly T[]) => Promise<void>;

/** One process's connections to PostgreSQL. */
export class Database {
  readonly pool: Pool;
  /** For named statements that find a few rows by key: each is planned once for a connection. Opened when first used. */
  readonly lookups: Pool;
  readonly prisma: PrismaClient;
  private readonly inTransactions: PrismaInTransactions;
  /** Keeps this database's time from `clock.keep()` on. */
  readonly clock: DatabaseClock;
  private readonly prismaOptions: { schema?: string } = {};
  /** Of the transactions under way. */
  private readonly deferred = new Map<Queryable, Deferred>();
  private readonly sessions: Pool[] = [];
  /** The process, as the audit log names it. */
  readonly process: string;
  /** Encrypts and decrypts contents. */
  readonly contents: ContentVault;

  constructor(private readonly options: DatabaseOptions) {
    this.pool = openPool(options, { max: options.connections });
    this.lookups = openPool(options, { max: Math.min(LOOKUP_CONNECTIONS, options.connections) }, PLANNED_ONCE);
    this.inTransactions = new PrismaInTransactions(this.pool, this.prismaOptions);
    this.prisma = this.inTransactions.prisma;
    this.clock = new DatabaseClock(this.pool);
    this.contents = options.contents ?? EMPTY_VAULT;
    this.process = options.applicationName.replace(/^gateway-/, '');
  }

  /**
   * Runs `work` in one transaction. It is rolled back when `work` throws; a connection that broke is thrown away.
   */
  transaction<T>(work: (tx: PoolClient) => Promise<T>): Promise<T> {
    const act = currentAct();
    return this.run(work, act?.state === 'pending' ? new PendingEntry(act, this.process) : undefined);
  }

  /** @param entry of the act that this is, in the audit log. */
  private async run<T>(work: (tx: PoolClient) => Promise<T>, entry: PendingEntry | undefined): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    this.inTransactions.begin(client);
    const deferred: Deferred = new Map();
    this.deferred.set(client, deferred);
    try {
      await client.query('BEGIN');
      await entry?.begin(client);
      const result = await work(client);
      for (const [write, entries] of deferred) await write(client, entries as never[]);
      await entry?.write(client);
      await client.query('COMMIT');
      entry?.committed();
      return result;
    } catch (error) {
      broken = await rollback(client);
      throw error;
    } finally {
      this.deferred.delete(client);
      await this.inTransactions.end(client);
      client.release(broken);
    }
  }

  /**
   * The same for work that is nothing but statements: the victim of a deadlock runs it again. Changes of one resource
   * cannot all take their locks in one order, because cascades and triggers lock rows that the statement does not name.
   */
  async repeatable<T>(work: (tx: PoolClient) => Promise<T>): Promise<T> {
    for (let left = MOST_REPEATS; ; left -= 1) {
      try {
        return await this.transaction(work);
      } catch (error) {
        if (left === 0 || !isDeadlock(error)) throw error;
      }
    }
  }

  /**
   * Has entries written as the last thing before the commit of a transaction that `transaction` has begun, together
   * with those of other calls with the same `write`.
   * @returns false when no transaction is under way on this connection: then nothing will be written.
   */
  defer<T>(tx: Queryable, write: DeferredWrite<T>, entries: readonly T[]): boolean {
    const deferred = this.deferred.get(tx);
    if (deferred === undefined) return false;
    const collected = deferred.get(write) ?? [];
    deferred.set(write, collected);
    for (const entry of entries) collected.push(entry);
    return true;
  }

  /** One connection, kept open; `onNew` is called when it had to be made (again), before anything runs on it. */
  session(onNew: () => void): Pool {
    const session = openPool(this.options, { max: 1, idleTimeoutMillis: 0 });
    session.on('connect', onNew);
    this.sessions.push(session);
    return session;
  }

  /** Prisma inside of a transaction that `transaction` has begun; given the pool, Prisma by itself. */
  async prismaOn(tx: Queryable): Promise<Prisma.TransactionClient> {
    return tx === this.pool ? this.prisma : this.inTransactions.on(tx);
  }

  /** For what is read by several statements, as Prisma reads relations: all see the database as it is at one moment. */
  atOneMoment<T>(read: (tx: PoolClient) => Promise<T>): Promise<T> {
    return this.run(async (tx) => {
      await tx.query(sql.SEE_ONE_MOMENT);
      return read(tx);
    }, undefined);
  }

  /**
   * The database's time, for a column that Prisma writes: the same as a default of `now()` in this transaction.
   * `clock` may be some milliseconds behind, so that a row would have been changed before it was made.
   */
  async timeOf(tx: Queryable = this.pool): Promise<Date> {
    const { rows } = await tx.query<{ time: Date }>(sql.TIME);
    const [row] = rows;
    if (row === undefined) throw new Error('the database has not said what time it is');
    return row.time;
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.pool.query(sql.PING);
  }

  /**
   * Call it once, before anything else: an operator then reads one line instead of the first statement that fails, and
   * Prisma looks for tables in the same schema as all other code.
   * @throws PostgresError when server, database or role cannot be used.
   */
  async expectUsable(): Promise<void> {
    // Read by Prisma when it first connects.
    this.prismaOptions.schema = await expectUsable(this.pool);
  }

  /** Creates missing partitions of this month and the next two, each with the storage settings of its table. */
  async ensurePartitions(): Promise<void> {
    await this.pool.query(sql.ENSURE_PARTITIONS);
    await this.pool.query(sql.SHAPE_PARTITIONS);
  }

  async close(): Promise<void> {
    this.clock.stop();
    await this.prisma.$disconnect();
    for (const pool of [this.pool, this.lookups, ...this.sessions]) if (!pool.ended) await pool.end();
  }
}

/** The database as a process works with it: its time is kept, and new ids are of it. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = new Database(options);
  // A server that is away may return; one that cannot be used stays unusable.
  await expectReady(database).catch(async (error: unknown) => {
    if (isDatabaseAway(error)) return;
    await database.close();
    throw error;
  });
  await database.clock.keep();
  takeIdsFrom(database.clock);
  return database;
}

async function expectReady(database: Database): Promise<void> {
  await database.expectUsable();
  await expectHashKeys(database.pool);
}

async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
