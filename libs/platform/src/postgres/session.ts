import pg from 'pg';
import { SUPERUSER } from './initialise.js';

export const DATABASE = 'gateway';

// Any fixed number; "gate" in ASCII.
const OWNER_LOCK = 0x67617465;
const CONNECT_MS = 3000;

export interface Address {
  readonly port: number;
  readonly password: string;
}

export const databaseUrl = ({ port, password }: Address, database = DATABASE): string =>
  `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

/** A session on the database `postgres`. An error after connecting (the server went away) only ends it. */
export const openSession = async (address: Address): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString: databaseUrl(address, 'postgres'),
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'gateway-launcher',
    keepAlive: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

/**
 * Marks the cluster as used by this process for as long as the session lives. The lock dies with the process, however
 * it ends, which no lock file does. False: another live process has it.
 */
export const tryOwn = async (session: pg.Client): Promise<boolean> => {
  const { rows } = await session.query<{ owned: boolean }>('SELECT pg_try_advisory_lock($1) AS owned', [OWNER_LOCK]);
  return rows[0]?.owned === true;
};

export const ensureDatabase = async (session: pg.Client): Promise<void> => {
  const { rowCount } = await session.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount === 0) await session.query(`CREATE DATABASE ${pg.escapeIdentifier(DATABASE)}`);
};
