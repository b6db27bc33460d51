import { IDLE_CONNECTION_MS, setUpBy } from '@gateway/platform';
import { Pool, type PoolConfig } from 'pg';
import { bringHashKeys, hashKeys } from './hash-keys.js';
import { limitStatements, USUAL_LIMITS, type SessionLimits } from './session-limits.js';

export interface ConnectionOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly limits?: SessionLimits;
  /** Keys from which those of the hashes of erased addresses are derived; the first makes new hashes. */
  readonly erasureKeys?: readonly Buffer[];
  readonly onError: (error: Error) => void;
}

/** In UTC: Prisma's adapter drops the zone of a time that it reads, and gives none with one that it writes (7.10). */
export function openPool(
  { url, applicationName, limits = USUAL_LIMITS, erasureKeys = [], onError }: ConnectionOptions,
  more: PoolConfig,
  setUp = '',
): Pool {
  const keys = hashKeys(erasureKeys);
  const pool = new Pool({
    onConnect: setUpBy(`SET TIME ZONE 'UTC'; ${limitStatements(limits)} ${setUp}`, (client) =>
      bringHashKeys(client, keys),
    ),
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    keepAlive: true,
    ...more,
  });
  // An idle connection that breaks (a restart of PostgreSQL) must not end the process; the next query connects again.
  pool.on('error', onError);
  // Nor must one that is held at the moment and waits for nothing; who holds it learns by its next statement.
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
