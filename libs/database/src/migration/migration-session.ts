import { Client } from 'pg';
import { advisoryLocks } from '../advisory-locks.js';
import { expectServer } from './server-version.js';

/** Connections for migrations must not be cut off by time limits that a role may have for everyday work. */
export const WITHOUT_LIMITS =
  'SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0';

/**
 * A session of the tables' owner, on a server that is not too old, alone: others wait until it has ended. The lock is
 * the session's, so a lost process holds nothing. A pooler in transaction mode would break it.
 */
export async function alone<T>(ownerUrl: string, use: (session: Client) => Promise<T>): Promise<T> {
  const session = new Client({ connectionString: ownerUrl, application_name: 'gateway-migrate' });
  session.on('error', () => undefined);
  await session.connect();
  try {
    await session.query(WITHOUT_LIMITS);
    await expectServer(session);
    await session.query('SELECT pg_advisory_lock($1)', [advisoryLocks.migration]);
    return await use(session);
  } finally {
    await session.end();
  }
}
