import { PostgresError } from '@gateway/platform';
import { Client, escapeIdentifier, type Client as Session } from 'pg';
import type { Queryable } from '../queryable.js';
import { alone } from './migration-session.js';
import * as sql from './migration.sql.js';

/** Tables of the queue, where PostgreSQL keeps it; `migrateQueues` in libs/queue makes them. */
const QUEUE_SCHEMA = 'bullmq';

/**
 * Gives the application's role what it needs on everything that the owner has made, and nothing else: rows of tables,
 * sequences, functions, and new sequences in the queue's schema. Does nothing when both are the same role. Safe to repeat.
 * @throws PostgresError with one line for the operator.
 */
export async function grantToApplication(
  urls: { readonly owner: string; readonly application: string },
  log: (line: string) => void,
): Promise<void> {
  const application = await whoIs(urls.application);
  await alone(urls.owner, async (session) => {
    const owner = await identify(session);
    if (owner.database !== application.database) {
      throw new PostgresError(
        `DATABASE_URL leads to the database ${application.database}, DATABASE_MIGRATION_URL to ${owner.database}: they ` +
          'must be the same database.',
      );
    }
    if (owner.role === application.role) return;
    for (const statement of await grantsFor(session, application.role)) await session.query(statement);
    log(`granted ${application.role} what the application needs`);
  });
}

interface Identity {
  readonly role: string;
  readonly database: string;
}

async function whoIs(url: string): Promise<Identity> {
  const session = new Client({ connectionString: url });
  session.on('error', () => undefined);
  await session.connect();
  try {
    return await identify(session);
  } finally {
    await session.end();
  }
}

async function identify(session: Session): Promise<Identity> {
  const { rows } = await session.query<Identity>(sql.IDENTIFY);
  const [identity] = rows;
  if (identity === undefined) throw new Error('PostgreSQL did not say who asks');
  return identity;
}

/** Objects of other owners in the same schema are none of the gateway's business. */
async function grantsFor(session: Session, role: string): Promise<readonly string[]> {
  const to = `TO ${escapeIdentifier(role)}`;
  const { rows } = await session.query<{ privileges: string; kind: string; names: string }>(sql.FIND_GRANTS, [
    QUEUE_SCHEMA,
    role,
  ]);
  return rows.map(({ privileges, kind, names }) => `GRANT ${privileges} ON ${kind} ${names} ${to}`);
}

/**
 * Can the role of this connection do what api and worker do?
 * @throws PostgresError that names what is missing.
 */
export async function expectPrivileges(session: Queryable): Promise<void> {
  const { rows } = await session.query<{ role: string; missing: readonly string[] | null }>(
    sql.FIND_MISSING_PRIVILEGES,
  );
  const [answer] = rows;
  const missing = answer?.missing ?? [];
  if (missing.length === 0) return;
  throw new PostgresError(
    `The role ${answer?.role ?? ''} lacks privileges: ${missing.join('; ')}. Run "npm run migrate" with ` +
      'DATABASE_MIGRATION_URL (the owner) and DATABASE_URL (this role): it grants them.',
  );
}
