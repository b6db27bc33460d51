import type { Processed, Stage } from '../stage.js';

/** Work of the machine so far, by all processes that take part. */
export interface Reading {
  /** Milliseconds of processor time. */
  readonly api: number;
  readonly worker: number;
  readonly postgres: number;
  readonly redis: number;
  readonly transactions: number;
  readonly statements: number;
  /** Bytes of write-ahead log. */
  readonly log: number;
  readonly redisCommands: number;
}

const PROCESSES = ['api', 'worker', 'postgres', 'redis'] as const satisfies readonly Processed[];

export async function readMeters(stage: Stage): Promise<Reading> {
  // PostgreSQL reports a session's figures some time after they have arisen.
  await stage.asAdmin('SELECT pg_stat_force_next_flush()');
  const [figures] = await stage.asAdmin<{ transactions: number; statements: number; log: number }>(
    `SELECT sum(xact_commit)::float AS transactions, (SELECT coalesce(sum(calls), 0)::float FROM pg_stat_statements WHERE toplevel)
       AS statements, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float AS log
     FROM pg_stat_database`,
  );
  const { transactions = 0, statements = 0, log = 0 } = figures ?? {};
  const [api = 0, worker = 0, postgres = 0, redis = 0] = PROCESSES.map((name) => stage.processorMs(name));
  return { api, worker, postgres, redis, transactions, statements, log, redisCommands: await stage.redisCommands() };
}

/** The cost of one mail of `count`. */
export function costOfOne(before: Reading, after: Reading, count: number): Reading {
  const each = Object.keys(before).map((key) => {
    const name = key as keyof Reading;
    return [name, (after[name] - before[name]) / count];
  });
  return Object.fromEntries(each) as Reading;
}

/** Api, worker and PostgreSQL. */
export const processorMsOf = ({ api, worker, postgres }: Reading): number => api + worker + postgres;

/** The settings with which PostgreSQL counts statements. */
export const COUNTING = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': process.env['STATEMENTS'] === undefined ? 'top' : 'all',
};

export const startCounting = (stage: Stage): Promise<unknown> =>
  stage.asAdmin('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');

/** The statements that took longest since counting began, for who wants to know (`STATEMENTS=20`). */
export async function tellStatements(stage: Stage, count: number, say: (line: string) => void): Promise<void> {
  const most = Number(process.env['STATEMENTS'] ?? 0);
  if (most === 0) return;
  const rows = await stage.asAdmin<{ calls: number; ms: number; wal: number; query: string }>(
    `SELECT calls::float, total_exec_time + total_plan_time AS ms, wal_bytes::float AS wal,
       left(regexp_replace(query, '\\s+', ' ', 'g'), 110) AS query
     FROM pg_stat_statements ORDER BY 2 DESC LIMIT ${most}`,
  );
  for (const { calls, ms, wal, query } of rows) {
    const each = `${(calls / count).toFixed(3)} × ${(ms / count).toFixed(4)} ms, ${(wal / count).toFixed(0)} B`;
    say(`${each} a mail: ${query}`);
  }
}
