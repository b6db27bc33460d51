import { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations, SchemaMigrationRequiredError } from 'bullmq';
import { PostgresError } from '@gateway/platform';
import { Client, type ClientBase, type Pool } from 'pg';
import { leaveOutEvents } from './queue-events.js';
import { POSTGRES_SCHEMA } from './queue-schema.js';

/**
 * Brings the queue's tables to the version of this build. BullMQ locks out others that do the same.
 * @param ownerUrl by the role that owns them, or is to own them; it may create schemas in the database.
 */
export async function migrateQueues(ownerUrl: string): Promise<void> {
  const session = new Client({ connectionString: ownerUrl, application_name: 'gateway-migrate' });
  session.on('error', () => undefined);
  await session.connect();
  try {
    await bringUpToDate(session);
    // Tables that an older version of the gateway has made have events still.
    await leaveOutEvents(session);
  } catch (error) {
    throw (await refused(session, error)) ?? error;
  } finally {
    await session.end();
  }
}

/**
 * Checks the tables before the first job. A role with the rights creates missing tables.
 * @throws PostgresError with one line that tells the operator what to do, for any other role.
 */
export async function expectQueueTables(pool: Pool): Promise<void> {
  const session = await pool.connect();
  try {
    await bringUpToDate(session);
  } finally {
    session.release();
  }
}

async function bringUpToDate(session: ClientBase): Promise<void> {
  try {
    // BullMQ begins its migrations with a statement that only a role with CREATE may run, also where there is nothing
    // to do.
    if ((await versionOf(session)) >= LATEST_SCHEMA_VERSION) return await expectSequences(session);
    await session.query('SET statement_timeout = 0');
    await runMigrations(session, POSTGRES_SCHEMA);
    await leaveOutEvents(session);
  } catch (error) {
    throw (await refused(session, error)) ?? error;
  }
}

/** BullMQ creates a sequence for each queue with its first job. @throws PostgresError where the role may not */
async function expectSequences(session: ClientBase): Promise<void> {
  const { rows } = await session.query<{ able: boolean }>("SELECT has_schema_privilege($1, 'CREATE') AS able", [
    POSTGRES_SCHEMA,
  ]);
  if (rows[0]?.able !== true) throw await lacking(session);
}

async function versionOf(session: ClientBase): Promise<number> {
  try {
    return await assertSchemaCompatibility(session, POSTGRES_SCHEMA);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    throw error;
  }
}

const INSUFFICIENT_PRIVILEGE = '42501';

async function refused(session: ClientBase, error: unknown): Promise<PostgresError | undefined> {
  if ((error as { readonly code?: unknown }).code !== INSUFFICIENT_PRIVILEGE) return undefined;
  return lacking(session, error);
}

async function lacking(session: ClientBase, cause?: unknown): Promise<PostgresError> {
  const { rows } = await session.query<{ role: string; database: string }>(
    'SELECT current_user AS role, quote_ident(current_database()) AS database',
  );
  const { role = '', database = '' } = rows[0] ?? {};
  return new PostgresError(
    `The role ${role} may not use the queue's tables and make sequences in the schema ${POSTGRES_SCHEMA}, or they are missing or older than ` +
      'this version: run "npm run migrate" as their owner, with DATABASE_URL for this role. The owner of a new queue ' +
      `needs GRANT CREATE ON DATABASE ${database}.`,
    { cause },
  );
}
