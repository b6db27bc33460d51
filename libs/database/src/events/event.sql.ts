/** Writes events in the given order, with the clients of their messages; an event without message has its own client. */
export const INSERT = `
  INSERT INTO event (id, client_id, message_id, batch_id, type, data)
  SELECT e.id, coalesce(e.client_id, m.client_id), e.message_id, e.batch_id, e.type, e.data::json
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[])
    WITH ORDINALITY AS e (id, client_id, message_id, batch_id, type, data, nth)
  LEFT JOIN message m ON m.id = e.message_id AND m.id = ANY ($3::uuid[])
  ORDER BY e.nth`;

const SCAN = (what: string): string => `
  WITH scanned AS MATERIALIZED (
    SELECT position, id, client_id, message_id, batch_id, type, at, data FROM event
    WHERE ${what} AND position BETWEEN $2 AND $3 ORDER BY position LIMIT $4
  ), ended AS (
    SELECT count(*)::int AS scanned, max(position) AS position FROM scanned
  )
  SELECT ended.scanned, ended.position::float8 AS "lastPosition", s.position::float8 AS position, s.id,
    s.client_id AS "clientId", s.message_id AS "messageId", s.batch_id AS "batchId", s.type, s.at, s.data
  FROM ended LEFT JOIN scanned s ON ($5::text[] IS NULL OR s.type = ANY ($5))
    -- One look-up by key for each, whatever the planner believes; an event may be about no message.
    AND (SELECT m.erased_at IS NOT NULL FROM message m WHERE m.id = s.message_id) IS NOT TRUE
  ORDER BY s.position`;

/** Reads at most $4 events of a client ($1) from one position ($2) to another ($3); those of other types than $5 are skipped. */
export const SCAN_BY_CLIENT = SCAN('client_id = $1');

/** Reads events of a message ($1) in the same way. */
export const SCAN_BY_MESSAGE = SCAN('message_id = $1');

/** Finds where the event with an id ($2) of a client ($1) is, or, if it is gone, the last one before it. */
export const FIND_POSITION = `
  SELECT id = $2 AS exact, position::float8 AS position FROM event
  WHERE client_id = $1 AND id <= $2 ORDER BY id DESC LIMIT 1`;

/** Finds the last position of a client's events. */
export const FIND_LAST_POSITION = `
  SELECT position::float8 AS position FROM event WHERE client_id = $1 ORDER BY position DESC LIMIT 1`;

/** Finds the addresses of recipients, by message and position. */
export const FIND_ADDRESSES = `
  SELECT r.message_id AS "messageId", r.position, r.address
  FROM unnest($1::uuid[], $2::int[]) AS w (message_id, position)
  JOIN recipient r ON r.message_id = w.message_id AND r.position = w.position AND r.message_id = ANY ($1::uuid[])`;

/** Finds the last position that was given. */
export const FIND_LAST_GIVEN = `SELECT coalesce(pg_sequence_last_value('event_position_seq'), 0)::float8 AS "lastGiven"`;

/** Finds the transactions that have taken a position and are not committed yet. @param lock the number of the log's lock. */
export const findWriters = (lock: number): string => `
  SELECT DISTINCT virtualtransaction AS writer FROM pg_locks
  WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid = 0 AND objid = ${lock} AND objsubid = 1`;
