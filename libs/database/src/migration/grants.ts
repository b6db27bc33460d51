import { PostgresError } from '@gateway/platform';
import { Client, escapeIdentifier, type Client as Session } from 'pg';
import type { Queryable } from '../queryable.js';
import { alone } from './migration-session.js';

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
  const { rows } = await session.query<Identity>('SELECT current_user AS role, current_database() AS database');
  const [identity] = rows;
  if (identity === undefined) throw new Error('PostgreSQL did not say who asks');
  return identity;
}

/** Objects of other owners in the same schema are none of the gateway's business. */
async function grantsFor(session: Session, role: string): Promise<readonly string[]> {
  const to = `TO ${escapeIdentifier(role)}`;
  const { rows } = await session.query<{ privileges: string; kind: string; names: string }>(
    `WITH place AS (
       SELECT n.oid, n.nspname FROM pg_namespace n
       WHERE n.nspname IN (current_schema(), $1) AND has_schema_privilege(n.oid, 'USAGE')
     ), object (privileges, kind, name) AS (
       SELECT 'USAGE', 'SCHEMA', format('%I', p.nspname) FROM place p
       WHERE NOT has_schema_privilege($2, p.oid, 'USAGE')
       UNION ALL
       -- BullMQ makes a sequence for each queue when its first job comes.
       SELECT 'CREATE', 'SCHEMA', format('%I', p.nspname) FROM place p
       WHERE p.nspname = $1 AND NOT has_schema_privilege($2, p.oid, 'CREATE')
       UNION ALL
       SELECT CASE WHEN c.relkind = 'S' THEN 'USAGE' WHEN c.relname = '_prisma_migrations' THEN 'SELECT'
           ELSE 'SELECT, INSERT, UPDATE, DELETE' END,
         CASE WHEN c.relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, format('%I.%I', p.nspname, c.relname)
       FROM pg_class c JOIN place p ON p.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'S') AND pg_has_role(c.relowner, 'USAGE')
       UNION ALL
       SELECT 'EXECUTE', 'ROUTINE', f.oid::regprocedure::text
       FROM pg_proc f JOIN place p ON p.oid = f.pronamespace WHERE pg_has_role(f.proowner, 'USAGE')
       UNION ALL
       SELECT 'TEMPORARY', 'DATABASE', format('%I', current_database())
       WHERE NOT has_database_privilege($2, current_database(), 'TEMPORARY')
     )
     SELECT privileges, kind, string_agg(name, ', ' ORDER BY name) AS names FROM object GROUP BY 1, 2`,
    [QUEUE_SCHEMA, role],
  );
  return rows.map(({ privileges, kind, names }) => `GRANT ${privileges} ON ${kind} ${names} ${to}`);
}

/**
 * Can the role of this connection do what api and worker do?
 * @throws PostgresError that names what is missing.
 */
export async function expectPrivileges(session: Queryable): Promise<void> {
  const { rows } = await session.query<{ role: string; missing: readonly string[] | null }>(
    `WITH needed (privileges, kind, name, held) AS (
       SELECT p.privilege, 'TABLE', c.relname, has_table_privilege(c.oid, p.privilege)
       FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p (privilege)
       WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind IN ('r', 'p')
         AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = to_regclass('message'))
         AND c.relname <> '_prisma_migrations'
       UNION ALL
       SELECT 'EXECUTE', 'FUNCTION', f.oid::regprocedure::text, has_function_privilege(f.oid, 'EXECUTE')
       FROM pg_proc f
       WHERE f.pronamespace = quote_ident(current_schema())::regnamespace AND f.prosecdef
         AND f.proname IN ('ensure_partitions', 'shape_partitions', 'drop_partition')
       UNION ALL
       SELECT 'USAGE', 'SEQUENCE', 'statistic_delta_id_seq',
         has_sequence_privilege(to_regclass('statistic_delta_id_seq'), 'USAGE')
       UNION ALL
       SELECT 'TEMPORARY', 'DATABASE', current_database(), has_database_privilege(current_database(), 'TEMPORARY')
     ), lacking AS (
       SELECT privileges || ' ON ' || kind || ' ' || string_agg(name, ', ' ORDER BY name) AS line
       FROM needed WHERE NOT held GROUP BY privileges, kind
     )
     SELECT current_user AS role, (SELECT array_agg(line ORDER BY line) FROM lacking) AS missing`,
  );
  const [answer] = rows;
  const missing = answer?.missing ?? [];
  if (missing.length === 0) return;
  throw new PostgresError(
    `The role ${answer?.role ?? ''} lacks privileges: ${missing.join('; ')}. Run "npm run migrate" with ` +
      'DATABASE_MIGRATION_URL (the owner) and DATABASE_URL (this role): it grants them.',
  );
}
