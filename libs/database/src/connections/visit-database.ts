import { visitEmbeddedPostgres, type GatewayConfig } from '@gateway/platform';
import { ContentVault } from '../contents/content-vault.js';
import { Database } from '../database.js';
import { pendingMigrations } from '../migration/applied-migrations.js';

export interface VisitedDatabase {
  readonly url: string;
  readonly database: Database;
  /** Closes the connections, and ends the embedded server if it was started for this visit. */
  leave(): Promise<void>;
}

/**
 * Opens the database of a gateway, running or not, for a program that looks in from outside.
 * @throws Error when the database cannot be reached, or is not that of a gateway of this version.
 */
export async function visitDatabase(config: GatewayConfig, applicationName: string): Promise<VisitedDatabase> {
  const { databaseUrl, databaseLimits: limits, dataDir } = config;
  const server = databaseUrl === undefined ? await visitEmbeddedPostgres(dataDir) : undefined;
  const url = databaseUrl ?? server?.url ?? '';
  const contents = new ContentVault(config.contents);
  const database = new Database({ url, connections: 2, applicationName, limits, contents, onError: () => undefined });
  const leave = async (): Promise<void> => {
    await database.close();
    await server?.leave();
  };
  try {
    await expectCurrent(database);
  } catch (error) {
    await leave();
    throw error;
  }
  return { url, database, leave };
}

async function expectCurrent(database: Database): Promise<void> {
  await database.expectUsable();
  const pending = await pendingMigrations((sql) => database.pool.query<{ name: string }>(sql));
  if (pending.length > 0) throw new Error(`the database is of another version; it lacks ${pending.join(', ')}`);
}
