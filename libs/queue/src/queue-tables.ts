import { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations, SchemaMigrationRequiredError } from 'bullmq';
import { PostgresError } from '@gateway/platform';
import { Client, type ClientBase, type Pool } from 'pg';

/** BullMQ's own default. Its functions and tables are found by the search path. */
export const POSTGRES_SCHEMA = 'bullmq';

/** BullMQ's own function has no such body. */
const EVENTS_ARE_LEFT_OUT = `
  SELECT prosqlbody IS NOT NULL AND EXISTS (
    SELECT FROM pg_trigger WHERE tgname = 'left_out' AND tgrelid = '${POSTGRES_SCHEMA}.event'::regclass) AS done
  FROM pg_proc WHERE oid = '${POSTGRES_SCHEMA}.publish_event(text, text, jsonb)'::regprocedure`;

/** The trigger is for \`addBulk\`, which writes its events by itself and leaves it to the function to delete old ones. */
const LEAVE_OUT_EVENTS = `
  BEGIN;
  SELECT pg_advisory_xact_lock(hashtext('events of the queue are left out'));
  CREATE OR REPLACE FUNCTION ${POSTGRES_SCHEMA}.publish_event(p_queue text, p_event text, p_data jsonb) RETURNS bigint
  LANGUAGE sql RETURN 0::bigint;
  CREATE OR REPLACE FUNCTION ${POSTGRES_SCHEMA}.leave_out() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE OR REPLACE TRIGGER left_out BEFORE INSERT ON ${POSTGRES_SCHEMA}.event
  FOR EACH ROW EXECUTE FUNCTION ${POSTGRES_SCHEMA}.leave_out();
  TRUNCATE ${POSTGRES_SCHEMA}.event;
  COMMIT`;

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
    // An older version has left the events in.
    await leaveOutEvents(session);
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

/**
 * BullMQ (6.7) tells events of every job to `QueueEvents`, which nobody uses here: three rows a job, and signals that wake
 * the connection of every worker (docs/adr/0046-no-events-of-jobs.md). Its migrations may bring the function back, so this
 * is looked at with each of ours.
 */
async function leaveOutEvents(session: ClientBase): Promise<void> {
  const { rows } = await session.query<{ done: boolean }>(EVENTS_ARE_LEFT_OUT);
  if (rows[0]?.done === true) return;
  try {
    await session.query(LEAVE_OUT_EVENTS);
  } catch (error) {
    await session.query('ROLLBACK');
    throw (await refused(session, error)) ?? error;
  }
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
