import { takeIdsFrom } from '@gateway/platform';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { DatabaseClock } from './database-clock.js';
import { PrismaClient } from './generated/client.js';

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections of this process; Prisma and the statements that move thousands of rows share them. */
  readonly connections: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly onError: (error: Error) => void;
}

/** Anything that runs a statement: the pool, or the connection of a transaction. */
export type Queryable = Pick<PoolClient, 'query'>;

/** Dashboards ask no faster than that; nor do they take connections from those who bring mail. */
const LOOKUP_CONNECTIONS = 4;

/**
 * Planning took longer than the look-up itself. A plan that is made once must be right for tables of any size: by key,
 * also where a table was tiny when it was made.
 */
const PLANNED_ONCE = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off';

/** One process's connections to PostgreSQL. */
export class Database {
  readonly pool: Pool;
  /** For named statements that find a few rows by key: each is planned once for a connection. Opened when first used. */
  readonly lookups: Pool;
  readonly prisma: PrismaClient;
  /** Keeps this database's time from `clock.keep()` on. */
  readonly clock: DatabaseClock;

  constructor(options: DatabaseOptions) {
    this.pool = openPool(options, { max: options.connections });
    this.lookups = openPool(options, {
      max: Math.min(LOOKUP_CONNECTIONS, options.connections),
      options: PLANNED_ONCE,
    });
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
    this.clock = new DatabaseClock(this.pool);
  }

  /**
   * Runs `work` in one transaction. It is rolled back when `work` throws; a connection that broke is thrown away.
   */
  async transaction<T>(work: (tx: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      broken = await rollback(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Makes the partitions of this month and the next two, if they are missing, each stored as rows of its kind want it. */
  async ensurePartitions(): Promise<void> {
    await this.pool.query('SELECT ensure_partitions(2)');
    await this.pool.query('SELECT shape_partitions()');
  }

  async close(): Promise<void> {
    this.clock.stop();
    await this.prisma.$disconnect();
    for (const pool of [this.pool, this.lookups]) if (!pool.ended) await pool.end();
  }
}

function openPool({ url, applicationName, onError }: DatabaseOptions, more: PoolConfig): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    ...more,
  });
  // An idle connection that breaks (a restart of PostgreSQL) must not end the process; the next query connects anew.
  pool.on('error', onError);
  // Nor must one that is held at the moment and waits for nothing; who holds it learns by its next statement.
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

/** The database as a process works with it: its time is kept, and new ids are of it. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = new Database(options);
  await database.clock.keep();
  takeIdsFrom(database.clock);
  return database;
}

async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
