/** Finds as whom a session works, and in which database. */
export const IDENTIFY = 'SELECT current_user AS role, current_database() AS database';

/** Finds what a role ($2) lacks of what the owner has made, here and in the schema of the queue ($1). */
export const FIND_GRANTS = `
  WITH place AS (
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
        -- Append-only, also for the application.
        WHEN c.relname = 'audit_entry' THEN 'SELECT, INSERT'
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
  SELECT privileges, kind, string_agg(name, ', ' ORDER BY name) AS names FROM object GROUP BY 1, 2`;

/** Finds which privileges this role lacks of those that api and worker need. */
export const FIND_MISSING_PRIVILEGES = `
  WITH needed (privileges, kind, name, held) AS (
    SELECT p.privilege, 'TABLE', c.relname, has_table_privilege(c.oid, p.privilege)
    FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p (privilege)
    WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind IN ('r', 'p')
      AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = to_regclass('message'))
      AND c.relname <> '_prisma_migrations' AND (c.relname <> 'audit_entry' OR p.privilege IN ('SELECT', 'INSERT'))
    UNION ALL
    SELECT 'EXECUTE', 'FUNCTION', f.oid::regprocedure::text, has_function_privilege(f.oid, 'EXECUTE')
    FROM pg_proc f
    WHERE f.pronamespace = quote_ident(current_schema())::regnamespace AND f.prosecdef
      AND f.proname IN ('ensure_partitions', 'shape_partitions', 'drop_partition', 'erase_audit')
    UNION ALL
    SELECT 'USAGE', 'SEQUENCE', s.name, has_sequence_privilege(to_regclass(s.name), 'USAGE')
    FROM unnest(ARRAY['statistic_delta_id_seq', 'event_position_seq']) AS s (name)
    UNION ALL
    SELECT 'TEMPORARY', 'DATABASE', current_database(), has_database_privilege(current_database(), 'TEMPORARY')
  ), lacking AS (
    SELECT privileges || ' ON ' || kind || ' ' || string_agg(name, ', ' ORDER BY name) AS line
    FROM needed WHERE NOT held GROUP BY privileges, kind
  )
  SELECT current_user AS role, (SELECT array_agg(line ORDER BY line) FROM lacking) AS missing`;

/** Finds the version of the server. */
export const VERSION = `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version`;

/** Finds the migrations that are applied. */
export const FIND_APPLIED =
  'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL';

/** Finds every migration that was ever begun, and whether it is applied. */
export const FIND_HISTORY = `
  SELECT migration_name AS name, bool_or(finished_at IS NOT NULL AND rolled_back_at IS NULL) AS applied
  FROM _prisma_migrations GROUP BY 1 ORDER BY 1`;

/** Marks migrations that failed as rolled back, which they are, so that they are tried again. */
export const FORGET_FAILURES =
  'UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL';

/** Finds the list of migrations, its owner, and whether this role may read it. */
export const FIND_LEDGER = `
  SELECT c.oid IS NOT NULL AS there, has_table_privilege(c.oid, 'SELECT') AS readable,
    pg_get_userbyid(c.relowner) AS owner, current_user AS role
  FROM (SELECT to_regclass('_prisma_migrations') AS ledger) AS found LEFT JOIN pg_class c ON c.oid = found.ledger`;

/** Waits for the turn to migrate, until the session ends. */
export const LOCK = 'SELECT pg_advisory_lock($1)';

/** Lifts time limits that a role may have for everyday work: they must not end a migration. */
export const WITHOUT_LIMITS =
  'SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0';

/** Finds the schema that tables would be made in, and whether this role may make them there. */
export const FIND_ROOM = `
  SELECT current_schema() AS schema, current_user AS role, current_setting('search_path') AS path,
  has_schema_privilege(current_schema(), 'CREATE') AS create`;
