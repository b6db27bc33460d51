import { createHmac } from 'node:crypto';
import pg from 'pg';
import { SUPERUSER } from './initialise.js';

export const DATABASE = 'gateway';
/** Owns the database and its tables; migrations run as this role. */
export const OWNER = 'gateway_owner';
/** api and worker run as this role: it reads and writes rows, and owns nothing. */
export const APPLICATION = 'gateway_app';

// Any fixed number; "gate" in ASCII.
const OWNER_LOCK = 0x67617465;
const CONNECT_MS = 3000;

export interface Address {
  readonly port: number;
  /** The superuser's. */
  readonly password: string;
}

export type Role = typeof SUPERUSER | typeof OWNER | typeof APPLICATION;

export const databaseUrl = (address: Address, role: Role, database = DATABASE): string =>
  `postgresql://${role}:${encodeURIComponent(passwordOf(role, address))}@127.0.0.1:${address.port}/${database}`;

/** One secret is kept. The others follow from it, and nothing leads back. */
const passwordOf = (role: Role, { password }: Address): string =>
  role === SUPERUSER ? password : createHmac('sha256', password).update(role).digest('base64url');

/** A superuser's session on the database `postgres`. An error after connecting (the server went away) only ends it. */
export const openSession = async (address: Address): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString: databaseUrl(address, SUPERUSER, 'postgres'),
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

/** Makes the two ordinary roles and the database on first use. */
export const ensureDatabase = async (session: pg.Client, address: Address): Promise<void> => {
  for (const role of [OWNER, APPLICATION] as const) {
    const { rowCount } = await session.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    const password = pg.escapeLiteral(passwordOf(role, address));
    if (rowCount === 0) await session.query(`CREATE ROLE ${role} LOGIN PASSWORD ${password}`);
  }
  const { rowCount } = await session.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount === 0) await session.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  else await session.query(`ALTER DATABASE ${DATABASE} OWNER TO ${OWNER}`);
};
