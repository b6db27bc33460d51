import { TAKE_WANTED } from '../../accounts/quota.sql.js';

/** Ends attempt $2 of batch $1 with an outcome and the provider's words; what is known already stays. */
export const FINISH = `
  UPDATE attempt
  SET outcome = $3, finished_at = coalesce(finished_at, clock_timestamp()), operation = coalesce($4, operation),
    http_status = coalesce($5, http_status), provider_code = coalesce($6, provider_code),
    provider_message = coalesce($7, provider_message), detail = coalesce($8, detail)
  WHERE batch_id = $1 AND number = $2`;

/** Ends attempts whose requests providers have accepted, one element for each. */
export const FINISH_TAKEN = `
  UPDATE attempt a
  SET outcome = d.outcome, finished_at = coalesce(finished_at, clock_timestamp()),
    operation = coalesce(d.operation, a.operation), http_status = coalesce(d.http_status, a.http_status)
  FROM unnest($1::uuid[], $2::int[], $3::attempt_outcome[], $4::text[], $5::int[])
    AS d (batch_id, number, outcome, operation, http_status)
  WHERE a.batch_id = d.batch_id AND a.number = d.number AND a.batch_id = ANY ($1)`;

/** Ends the attempts of batches that have no outcome and will get none. */
export const CLOSE_DOUBTED = `
  UPDATE attempt SET outcome = 'unconfirmed', finished_at = coalesce(finished_at, clock_timestamp())
  WHERE batch_id = ANY ($1) AND outcome IS NULL`;

/**
 * Tells whether a request for a batch ($1), or for one that it was cut from, has ever been left without an answer. An
 * attempt that is being made now ($2) does not count.
 */
export const WAS_IN_DOUBT = `
  WITH RECURSIVE line AS (
    SELECT id, parent_id FROM batch WHERE id = $1
    UNION ALL
    SELECT b.id, b.parent_id FROM batch b JOIN line ON b.id = line.parent_id
  )
  SELECT EXISTS (
    SELECT FROM attempt a JOIN line ON a.batch_id = line.id
    WHERE (a.outcome IS NULL OR a.outcome IN ('unconfirmed', 'absent')) AND NOT (a.batch_id = $1 AND a.number >= $2)
  ) AS doubted`;

/**
 * Starts attempts: takes their recipients from the quota, renews their leases and writes their events. Returns which have
 * begun, and which still held their lease.
 */
export const START = `
  WITH given AS (
    SELECT * FROM json_to_recordset($1) AS g (id uuid, batch_id uuid, token integer, number integer, marker text,
      lease_ms float8, fresh_ms float8, recipients bigint, quota bigint, event_id uuid, event_type text, event_data json)
  ), held AS (
    SELECT g.id, b.id AS batch_id, b.provider, b.message_id, g.lease_ms,
      b.lease_until < now() + (g.lease_ms - g.fresh_ms) * interval '1 ms' OR b.paced_at IS NOT NULL AS has_waited
    FROM given g
    -- The list says nothing new, but it is looked up by the key, whatever the planner believes of the table's size.
    JOIN batch b ON b.id = g.batch_id AND b.id = ANY (ARRAY(SELECT batch_id FROM given))
    WHERE b.lease_token = g.token AND b.status = 'dispatching' AND b.lease_until > now()
    FOR NO KEY UPDATE OF b
  ), renewed AS (
    -- A lock holds it as well as an update does, which would write the row, and its index entries, once more.
    UPDATE batch b SET lease_until = now() + h.lease_ms * interval '1 ms', paced_at = NULL
    FROM held h WHERE h.has_waited AND b.id = h.batch_id AND b.id = ANY (ARRAY(SELECT batch_id FROM held WHERE has_waited))
  ), wanted AS (
    SELECT h.provider, sum(g.recipients) AS recipients, min(g.quota) AS quota
    FROM held h JOIN given g USING (id) GROUP BY h.provider ORDER BY h.provider
  ), taken AS (
    ${TAKE_WANTED}
  ), let_go AS (
    SELECT g.*, h.provider, h.message_id FROM held h JOIN taken USING (provider) JOIN given g USING (id)
  ), told AS (
    INSERT INTO event (id, client_id, message_id, batch_id, type, data)
    SELECT l.event_id, m.client_id, m.id, l.batch_id, l.event_type, l.event_data
    FROM let_go l JOIN message m ON m.id = l.message_id AND m.id = ANY (ARRAY(SELECT message_id FROM let_go))
  ), begun AS (
    INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, recipients)
    SELECT id, batch_id, number, marker, provider, clock_timestamp(), recipients FROM let_go
    RETURNING id
  )
  SELECT g.id, h.id IS NOT NULL AS held, b.id IS NOT NULL AS begun
  FROM given g LEFT JOIN held h USING (id) LEFT JOIN begun b USING (id)`;
