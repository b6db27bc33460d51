import { PostgresError } from '@gateway/platform';
import type { Queryable } from '../queryable.js';
import * as sql from './migration.sql.js';

/** Views, partitions and JSON functions of older servers differ; nothing is tried on them. */
const OLDEST = 15;

/** @throws PostgresError when the server is too old for the gateway. Asks only, changes nothing. */
export async function expectServer(session: Queryable): Promise<void> {
  const { rows } = await session.query<{ number: string; version: string }>(sql.VERSION);
  const [server] = rows;
  if (server !== undefined && Number(server.number) >= OLDEST * 10_000) return;
  throw new PostgresError(
    `PostgreSQL ${server?.version ?? '(unknown version)'} is too old: the gateway needs ${OLDEST} or newer.`,
  );
}
