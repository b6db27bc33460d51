import { PostgresError } from '@gateway/platform';
import type { Queryable } from '../queryable.js';
import * as sql from '../database.sql.js';
import { expectPrivileges } from '../migration/grants.js';
import { expectServer } from '../migration/server-version.js';

/**
 * Is this a server, a database and a role with which api and worker can work?
 * @returns the schema of the tables.
 * @throws PostgresError
 */
export async function expectUsable(session: Queryable): Promise<string> {
  await expectServer(session);
  const { rows } = await session.query<{ schema: string | null; there: boolean; role: string; path: string }>(
    sql.FIND_SCHEMA,
  );
  const [database] = rows;
  if (database?.there !== true || database.schema === null) {
    throw new PostgresError(
      'The database has no tables of a gateway: run "npm run migrate" first. (Looked for by the role ' +
        `${database?.role ?? ''} in the search path ${database?.path ?? ''}.)`,
    );
  }
  await expectPrivileges(session);
  return database.schema;
}
