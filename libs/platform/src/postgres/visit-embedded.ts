import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCredentials, type DataFolder } from './data-folder.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { PostgresError } from './postgres-error.js';
import { APPLICATION, databaseUrl, openSession, type Address } from './session.js';

export interface VisitedPostgres {
  /** By the application's role. */
  readonly url: string;
  /** Ends the server if it was started for this visit; one that was running runs on. */
  leave(): Promise<void>;
}

const PATIENCE_MS = 10_000;

/**
 * The embedded PostgreSQL of a gateway, whether it runs just now (`npm start`) or not. Makes nothing where nothing is.
 * @throws PostgresError with one line for the operator.
 */
export async function visitEmbeddedPostgres(dataDir: string): Promise<VisitedPostgres> {
  const root = resolve(dataDir);
  const cluster = join(root, 'postgres');
  if (!existsSync(join(cluster, 'PG_VERSION'))) throw new PostgresError(`There is no gateway's database in ${root}.`);
  const folder: DataFolder = { root, cluster, credentialsFile: join(root, 'postgres.json') };
  const { port, password } = readCredentials(folder);
  if (port !== undefined && (await answers({ port, password }, folder))) {
    return { url: databaseUrl({ port, password }, APPLICATION), leave: async () => undefined };
  }
  const server = await startEmbeddedPostgres({ dataDir: root, log: () => undefined });
  return { url: server.applicationUrl, leave: () => server.stop() };
}

/** Is there a server that takes our password? While its lock file is there, it may be starting. */
async function answers(address: Address, { cluster }: DataFolder): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (existsSync(join(cluster, 'postmaster.pid')) && performance.now() < deadline) {
    const session = await openSession(address).catch(() => undefined);
    if (session !== undefined) return session.end().then(() => true);
    await sleep(200);
  }
  return false;
}
