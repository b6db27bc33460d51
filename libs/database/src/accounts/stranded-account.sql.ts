import { WAITING } from '../batches/status-lists.js';

/** Notes that this process has the accounts $1; returns those that were stranded until now. */
export const NOTE_CONFIGURED = `
  WITH before AS (
    SELECT name FROM provider_account WHERE name = ANY ($1) AND stranded_at IS NOT NULL
  ), noted AS (
    INSERT INTO provider_account (name, configured_at) SELECT n.name, now() FROM unnest($1::text[]) AS n (name)
    ON CONFLICT (name) DO UPDATE SET configured_at = now(), stranded_at = NULL
  )
  SELECT name FROM before`;

/**
 * Finds accounts, except $1, that no process has had for $2 milliseconds, and notes since when. Those that never had a
 * process since this is noted are old ones.
 */
export const FIND_STRANDED = `
  WITH gone AS (
    SELECT name, stranded_at FROM provider_account
    WHERE name <> ALL ($1) AND (configured_at IS NULL OR configured_at < now() - $2 * interval '1 ms')
  ), noted AS (
    UPDATE provider_account a SET stranded_at = now() FROM gone WHERE a.name = gone.name AND a.stranded_at IS NULL
    RETURNING a.name
  )
  SELECT g.name, n.name IS NOT NULL AS new FROM gone g LEFT JOIN noted n ON n.name = g.name`;

/** Finds the accounts that are noted as stranded. */
export const FIND_NOTED = `SELECT name FROM provider_account WHERE stranded_at IS NOT NULL ORDER BY name`;

/** Makes everything due at once that waits for the accounts $1: what is to be sent, looked up or polled. */
export const RELEASE_RETURNED = `
  WITH sent AS (
    UPDATE batch SET next_attempt_at = least(next_attempt_at, now()), enqueued_at = NULL
    WHERE provider = ANY ($1) AND status = 'deferred' AND reason = 'provider_unavailable'
  ), doubted AS (
    UPDATE batch SET next_attempt_at = least(next_attempt_at, now()), enqueued_at = NULL
    WHERE provider = ANY ($1) AND status = 'unconfirmed'
  )
  UPDATE batch SET next_poll_at = now() WHERE provider = ANY ($1) AND next_poll_at > now()`;

/**
 * Reads the due batches of a lane ($1, $2) after a place in their order ($3, $4), up to $5: whether another account may
 * take them, and whether they say already ($6) why they wait.
 */
export const READ_WAITING = `
  SELECT b.id, b.next_attempt_at::text AS at, NOT b.of_list AND m.requested_provider = 'auto' AS movable,
    b.reason_detail IS NOT DISTINCT FROM $6 AS told
  FROM batch b JOIN message m ON m.id = b.message_id
  WHERE b.provider = $1 AND b.category = $2::category AND b.status IN ${WAITING} AND b.next_attempt_at <= now()
    AND b.next_attempt_at >= $3::timestamptz AND (b.next_attempt_at, b.id) > ($3::timestamptz, $4::uuid)
  ORDER BY b.next_attempt_at, b.id LIMIT $5`;

/**
 * Gives due messages to audiences, of accounts $1, to the first of the accounts $2 that was able to send them when they
 * were accepted.
 */
export const MOVE_AUDIENCES = `
  UPDATE message m
  SET provider = other.name, routing = jsonb_set(m.routing::jsonb, '{failovers}',
    coalesce(m.routing::jsonb -> 'failovers', '[]')
      || jsonb_build_object('from', m.provider, 'to', other.name, 'reason', 'provider_unavailable'))::json
  FROM (
    SELECT waiting.id, (
      SELECT n.name FROM unnest($2::text[]) WITH ORDINALITY AS n (name, place)
      WHERE waiting.routing::jsonb -> 'candidates'
        @> jsonb_build_array(jsonb_build_object('provider', n.name, 'able', true))
      ORDER BY n.place LIMIT 1
    ) AS name
    FROM message waiting
    WHERE waiting.expand_at <= now() AND waiting.provider = ANY ($1) AND waiting.requested_provider = 'auto'
    ORDER BY waiting.expand_at LIMIT 100 FOR UPDATE SKIP LOCKED
  ) AS other
  WHERE m.id = other.id AND other.name IS NOT NULL`;

/** Finds messages to audiences, of accounts $1, that have been due for $2 milliseconds. */
export const FIND_LATE_AUDIENCES = `
  SELECT id, provider FROM message WHERE expand_at <= now() - $2 * interval '1 ms' AND provider = ANY ($1)
  ORDER BY expand_at LIMIT 100 FOR UPDATE SKIP LOCKED`;
