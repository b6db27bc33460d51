import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type PoolClient } from 'pg';
import { PrismaClient } from './generated/client.js';

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections of this process; Prisma and the statements that move thousands of rows share them. */
  readonly connections: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly onError: (error: Error) => void;
}

/** How much work each account has before it, and how late the most overdue of it is. */
export interface WorkUnderWay {
  readonly batches: readonly { readonly provider: string; readonly status: string; readonly count: number }[];
  readonly lags: readonly { readonly provider: string; readonly dueSeconds: number; readonly pollSeconds: number }[];
}

/** Anything that runs a statement: the pool, or the connection of a transaction. */
export type Queryable = Pick<PoolClient, 'query'>;

/** One process's connections to PostgreSQL. */
export class Database {
  readonly pool: Pool;
  readonly prisma: PrismaClient;

  constructor(options: DatabaseOptions) {
    this.pool = new Pool({
      connectionString: options.url,
      max: options.connections,
      application_name: options.applicationName,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    // An idle connection that breaks (a restart of PostgreSQL) must not end the process; the next query connects anew.
    this.pool.on('error', options.onError);
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
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

  /** Makes the partitions of this month and the next two, if they are missing. */
  async ensurePartitions(): Promise<void> {
    await this.pool.query('SELECT ensure_partitions(2)');
  }

  /** Work that is under way, for metrics. Reads the partial indexes of the recovery sweep, not the tables. */
  async findWork(): Promise<WorkUnderWay> {
    const { rows: batches } = await this.pool.query<WorkUnderWay['batches'][number]>(
      `SELECT provider, status::text, count(*)::int AS count FROM batch
       WHERE status IN ('scheduled', 'queued', 'deferred', 'unconfirmed', 'dispatching') GROUP BY provider, status`,
    );
    const { rows: lags } = await this.pool.query<WorkUnderWay['lags'][number]>(
      `SELECT provider,
         coalesce(extract(epoch FROM now() - min(next_attempt_at)
           FILTER (WHERE status IN ('queued', 'deferred') AND next_attempt_at <= now())), 0)::float AS "dueSeconds",
         coalesce(extract(epoch FROM now() - min(next_poll_at) FILTER (WHERE next_poll_at <= now())), 0)::float
           AS "pollSeconds"
       FROM batch
       WHERE status IN ('scheduled', 'queued', 'deferred', 'unconfirmed', 'dispatching') OR next_poll_at IS NOT NULL
       GROUP BY provider`,
    );
    return { batches, lags };
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    if (!this.pool.ended) await this.pool.end();
  }
}

async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
