import { Client } from 'pg';
import { advisoryLocks } from '../advisory-locks.js';
import * as sql from './migration.sql.js';
import { expectServer } from './server-version.js';

/**
 * A session of the tables' owner, on a server that is not too old, alone: others wait until it has ended. The lock is
 * the session's, so a lost process holds nothing. A pooler in transaction mode would break it.
 */
export async function alone<T>(ownerUrl: string, use: (session: Client) => Promise<T>): Promise<T> {
  const session = new Client({ connectionString: ownerUrl, application_name: 'gateway-migrate' });
  session.on('error', () => undefined);
  await session.connect();
  try {
    await session.query(sql.WITHOUT_LIMITS);
    await expectServer(session);
    await session.query(sql.LOCK, [advisoryLocks.migration]);
    return await use(session);
  } finally {
    await session.end();
  }
}
