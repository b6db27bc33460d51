import { PostgresError } from '@gateway/platform';
import type { Queryable } from '../queryable.js';
import { migrationNames } from './migration-files.js';
import * as sql from './migration.sql.js';

type Ask = (sql: string) => Promise<{ rows: { name: string }[] }>;

/** Are all migrations that this build knows applied? */
export async function pendingMigrations(query: Ask): Promise<string[]> {
  const { rows } = await query(sql.FIND_APPLIED);
  const applied = new Set(rows.map((row) => row.name));
  return (await migrationNames()).filter((name) => !applied.has(name));
}

/**
 * Refuses a database with migrations of another history, before anything is changed.
 * @returns the names of migrations to apply.
 * @throws PostgresError
 */
export async function expectOwnHistory(session: Queryable): Promise<readonly string[]> {
  const known = await migrationNames();
  if (!(await hasLedger(session))) return known;
  const { rows } = await session.query<{ name: string; applied: boolean }>(sql.FIND_HISTORY);
  const foreign = rows.map(({ name }) => name).filter((name) => !known.includes(name));
  if (foreign.length > 0) throw ofAnotherHistory(listed(foreign));
  const applied = new Set(rows.filter((row) => row.applied).map(({ name }) => name));
  return known.filter((name) => !applied.has(name));
}

/**
 * A migration that was begun and neither ended nor taken back has failed: each is one transaction, so nothing of it is
 * there, and it may be tried again. Prisma itself would refuse until an operator says so.
 */
export async function forgetFailures(session: Queryable): Promise<void> {
  if (!(await hasLedger(session))) return;
  await session.query(sql.FORGET_FAILURES);
}

async function hasLedger(session: Queryable): Promise<boolean> {
  const { rows } = await session.query<{ there: boolean; readable: boolean; owner: string; role: string }>(
    sql.FIND_LEDGER,
  );
  const [ledger] = rows;
  if (ledger?.there !== true) return false;
  if (ledger.readable) return true;
  throw new PostgresError(
    `The tables of the gateway belong to the role ${ledger.owner}, and ${ledger.role} may not read its list of ` +
      `migrations: migrate as ${ledger.owner}, or give the gateway an empty database. Nothing was changed.`,
  );
}

const ofAnotherHistory = (names: string): PostgresError =>
  new PostgresError(
    `The database has migrations that this version does not know (${names}): a newer version made it, or a ` +
      'development version before the first release. Run that version, or use an empty database (if the gateway runs ' +
      'its own: delete DATA_DIR, or choose another). Nothing was changed.',
  );

const SHOWN = 3;

const listed = (names: readonly string[]): string =>
  names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;
