import { PostgresError } from '@gateway/platform';
import type { Client } from 'pg';
import { ENSURE_PARTITIONS, SHAPE_PARTITIONS } from '../database.sql.js';
import { expectOwnHistory, forgetFailures } from './applied-migrations.js';
import { readMigrations } from './migration-files.js';
import { alone } from './migration-session.js';
import * as sql from './migration.sql.js';
import { withSchemaEngine } from './schema-engine.js';

/**
 * Brings the database to the newest migration and makes sure that the partitions of the coming months are there. Safe
 * to call from several processes at once and on a database that is up to date.
 * @param ownerUrl by the role that owns the tables, or is to own them.
 * @returns the names of the migrations that were applied now.
 * @throws PostgresError with one line for the operator, when the database cannot be used or a migration fails.
 */
export function migrate(ownerUrl: string, log: (line: string) => void): Promise<{ applied: string[] }> {
  return alone(ownerUrl, async (session) => {
    const pending = await expectOwnHistory(session);
    if (pending.length > 0) {
      await expectRoom(session);
      await forgetFailures(session);
    }
    const applied = pending.length > 0 ? await apply(ownerUrl, session) : [];
    for (const name of applied) log(`applied migration ${name}`);
    await session.query(ENSURE_PARTITIONS);
    await session.query(SHAPE_PARTITIONS);
    return { applied };
  });
}

async function apply(ownerUrl: string, session: Client): Promise<string[]> {
  const migrationsList = await readMigrations();
  try {
    const { appliedMigrationNames } = await withSchemaEngine(ownerUrl, (engine) =>
      engine.applyMigrations({ migrationsList, filters: { externalTables: [], externalEnums: [] } }),
    );
    return appliedMigrationNames;
  } catch (error) {
    const [failed] = await expectOwnHistory(session);
    throw new PostgresError(
      `The migration ${failed ?? '(unknown)'} failed: ${serverWords(error)}. Nothing of it was kept. Mend the cause and run ` +
        'the migrations again.',
      { cause: error },
    );
  }
}

const serverWords = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');

/** @throws PostgresError when the role cannot make tables where its search path leads. */
async function expectRoom(session: Client): Promise<void> {
  const { rows } = await session.query<{ schema: string | null; role: string; path: string; create: boolean | null }>(
    sql.FIND_ROOM,
  );
  const [room] = rows;
  if (room?.create === true) return;
  throw new PostgresError(
    room === undefined || room.schema === null
      ? `The role ${room?.role ?? ''} finds no schema in its search path (${room?.path ?? ''}). Create one for it, or ` +
          'GRANT USAGE, CREATE ON SCHEMA public to it.'
      : `The role ${room.role} may not create tables in the schema ${room.schema}. Make it the owner of the database, or: ` +
          `GRANT USAGE, CREATE ON SCHEMA ${room.schema} TO ${room.role};`,
  );
}
