/** Reads the row that an act changes, by its id ($1). @param table a name of ours. */
export const findSubject = (table: string): string => `SELECT to_jsonb(s) AS row FROM ${table} s WHERE s.id = $1`;

/** Reads the state of an account ($1). */
export const FIND_ACCOUNT = 'SELECT to_jsonb(s) AS row FROM provider_account s WHERE s.name = $1';

/**
 * Adds entries, in their order. $11: only if the transaction has changed anything, so that a call that found nothing to
 * do leaves no entry.
 */
export const ADD = `
  INSERT INTO audit_entry (id, key_id, client_id, client, process, action, target, before, after, request_id)
  SELECT e.* FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[],
    $9::jsonb[], $10::text[]) AS e
  WHERE NOT $11 OR pg_current_xact_id_if_assigned() IS NOT NULL`;

const COLUMNS = `id, position::float8 AS position, at, key_id AS "keyId", client, process, action, target, before, after,
    request_id AS "requestId"`;

/** $1 client, $2 key, $3 name of client or process, $4 action, $5 target, $6 time, $7 and $8 positions; null: any. */
const FILTER = `($1::uuid IS NULL OR client_id = $1) AND ($2::uuid IS NULL OR key_id = $2)
    AND ($3::text IS NULL OR client = $3 OR (key_id IS NULL AND request_id IS NULL
      AND (process = $3 OR $3 = 'gateway' AND process IN ('api', 'worker'))))
    AND ($4::text IS NULL OR action = $4 OR starts_with(action, $4 || '.')) AND ($5::text IS NULL OR target = $5)
    AND ($6::timestamptz IS NULL OR at >= $6)`;

/** Reads a page ($9 entries), newest first, before a position ($8). No entry above a horizon ($7) is shown. */
export const FIND_PAGE = `
  SELECT ${COLUMNS} FROM audit_entry WHERE ${FILTER} AND position <= $7 AND ($8::bigint IS NULL OR position < $8)
  ORDER BY position DESC LIMIT $9`;

/** Reads a page ($9 entries), oldest first, after a position ($8), up to a horizon ($7). */
export const FIND_NEXT = `
  SELECT ${COLUMNS} FROM audit_entry WHERE ${FILTER} AND position <= $7 AND position > $8
  ORDER BY position LIMIT $9`;

/** Finds the position of an entry ($1). */
export const FIND_POSITION = 'SELECT position::float8 AS position FROM audit_entry WHERE id = $1';

/** Erases at most $2 entries that are older than a time ($1). Runs as the owner, which refuses those of the last 30 days. */
export const ERASE = 'SELECT erase_audit($1, $2) AS erased';
