import type { Stage } from '../stage.js';

export interface TableSize {
  readonly table: string;
  readonly rows: number;
  /** With its indexes, of all partitions. */
  readonly bytes: number;
}

const TABLES = ['message', 'recipient', 'batch', 'attempt', 'event', 'idempotency_key', 'statistic'];

/** Bytes of the tables of mail on disk, as deletions and updates have left them, after a VACUUM. */
export async function sizesOf(stage: Stage): Promise<readonly TableSize[]> {
  await stage.settle();
  const sizes: TableSize[] = [];
  for (const table of TABLES) {
    const { rows } = await stage.db.query<{ rows: number; bytes: number }>(
      // A table without partitions is no tree.
      `SELECT (SELECT count(*)::float FROM ${table}) AS rows,
         coalesce(sum(pg_total_relation_size(relid)), pg_total_relation_size('${table}'))::float AS bytes
       FROM pg_partition_tree('${table}')`,
    );
    sizes.push({ table, rows: rows[0]?.rows ?? 0, bytes: rows[0]?.bytes ?? 0 });
  }
  return sizes;
}

/** The growth between two looks. */
export const growthOf = (before: readonly TableSize[], after: readonly TableSize[]): readonly TableSize[] =>
  after.map(({ table, rows, bytes }) => {
    const old = before.find((one) => one.table === table);
    return { table, rows: rows - (old?.rows ?? 0), bytes: bytes - (old?.bytes ?? 0) };
  });
