import { visitEmbeddedPostgres, type GatewayConfig, type VisitedPostgres } from '@gateway/platform';
import type { Queryable } from './database.js';
import { pendingMigrations } from './migrate.js';

/** Where the data of a gateway is, running or not, for a program that looks in from outside. */
export const visitDatabase = (config: Pick<GatewayConfig, 'databaseUrl' | 'dataDir'>): Promise<VisitedPostgres> =>
  config.databaseUrl === undefined
    ? visitEmbeddedPostgres(config.dataDir)
    : Promise.resolve({ url: config.databaseUrl, leave: async () => undefined });

/** @throws Error when the database is not that of a gateway of this version. */
export async function expectCurrent(database: Queryable): Promise<void> {
  const pending = await pendingMigrations((sql) => database.query<{ name: string }>(sql)).catch(noTables);
  if (pending.length > 0) throw new Error(`the database is of another version; it lacks ${pending.join(', ')}`);
}

const UNDEFINED_TABLE = '42P01';

function noTables(error: unknown): never {
  if ((error as { readonly code?: unknown }).code !== UNDEFINED_TABLE) throw error;
  throw new Error('the database has no tables of a gateway', { cause: error });
}
