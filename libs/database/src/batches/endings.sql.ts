import { batchColumns } from './rows.js';
import { from, to } from './transition-table.js';

const END = `settled_at = now(), lease_until = NULL`;

/** Expires up to $2 batches that were not released within $1 milliseconds after they were due. */
export const EXPIRE_HELD = `
  WITH late AS (
    SELECT id FROM batch WHERE status IN ${from('expireHeld')} AND due_at < now() - $1 * interval '1 ms'
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  UPDATE batch b
  SET status = ${to('expireHeld')}, ${END}, reason = 'expired', reason_detail = 'the message was not released in time'
  FROM late WHERE b.id = late.id
  RETURNING ${batchColumns}`;

/**
 * Replaces a batch ($1) by parts ($6 ids, $7 first and $8 last positions) at the account $3. A part whose recipients all
 * have a status of their own is settled from the start.
 */
export const REPLAN = `
  WITH parent AS (
    UPDATE batch
    SET status = ${to('replan')}, follower_count = 0, ${END}, reason = $4, reason_detail = $5, provider_code = $9,
      provider_message = $10
    WHERE id = $1 AND lease_token = $2 AND status IN ${from('replan')}
    RETURNING *
  ), piece AS (
    SELECT p.*, (
      SELECT count(*)::int FROM recipient r
      WHERE r.message_id = parent.message_id AND r.position BETWEEN p.first AND p.last AND r.status IS NULL
    ) AS followers, (
      SELECT coalesce(jsonb_object_agg(status, n), '{}') FROM (
        SELECT r.status, count(*) AS n FROM recipient r
        WHERE r.message_id = parent.message_id AND r.position BETWEEN p.first AND p.last AND r.status IS NOT NULL
        GROUP BY r.status
      ) AS own
    ) AS counts
    FROM parent, unnest($6::uuid[], $7::int[], $8::int[]) AS p (id, first, last)
  ), child AS (
    INSERT INTO batch (id, message_id, parent_id, provider, category, status, position_from, position_to,
      recipient_count, follower_count, counts, due_at, next_attempt_at, enqueued_at, settled_at, left_providers,
      halved_from)
    SELECT piece.id, parent.message_id, parent.id, $3, parent.category,
      CASE WHEN followers = 0 THEN 'settled' ELSE 'queued' END::batch_status, first, last, last - first + 1, followers,
      piece.counts, parent.due_at, now(), now(), CASE WHEN followers = 0 THEN now() END,
      CASE WHEN parent.provider = $3 THEN parent.left_providers ELSE parent.left_providers || parent.provider END, $11
    FROM piece, parent
    RETURNING follower_count
  )
  SELECT message_id AS "messageId", (SELECT sum(follower_count)::int FROM child) AS followers FROM parent`;

/** Adds the recipients ($2) and the number ($3) of parts to a message's counts, which lack them; $4 notes a failover once. */
export const COUNT_PARTS = `
  UPDATE message
  SET counts = counts_add(counts, jsonb_build_object('queued', $2::int)), batch_count = batch_count + $3,
    routing = CASE WHEN $4::jsonb IS NULL OR routing::jsonb -> 'failovers' @> jsonb_build_array($4::jsonb) THEN routing
      ELSE jsonb_set(routing::jsonb, '{failovers}', coalesce(routing::jsonb -> 'failovers', '[]') || $4::jsonb)::json END
  WHERE id = $1`;

/** Settles a claimed batch whose recipients all have a status of their own. */
export const SETTLE_EMPTY = `
  UPDATE batch SET status = ${to('settleEmpty')}, ${END}
  WHERE id = $1 AND lease_token = $2 AND status IN ${from('settleEmpty')} AND follower_count = 0`;

/** Settles the batches of a new message ($1) whose recipients are all suppressed; those of a list are not known yet. */
export const SETTLE_SUPPRESSED = `
  UPDATE batch SET status = ${to('settleSuppressed')}, ${END}
  WHERE message_id = $1 AND status IN ${from('settleSuppressed')} AND follower_count = 0 AND NOT of_list`;

/** Fails batches, by ids and tokens, one element for each; one without a token is only failed while it waits. */
export const FAIL = `
  UPDATE batch b
  SET status = ${to('fail')}, ${END}, reason = $3, reason_detail = $4, provider_code = $5, provider_message = $6
  FROM unnest($1::uuid[], $2::int[]) AS f (id, token)
  WHERE b.id = f.id AND b.id = ANY ($1)
    AND (b.lease_token = f.token AND b.status IN ${from('fail')}
      OR f.token IS NULL AND b.status IN ${from('failWaiting')})
  RETURNING ${batchColumns}`;

/** Cancels the batches of a message ($1) that no provider has been given. */
export const CANCEL = `
  WITH waiting AS (
    SELECT id FROM batch WHERE message_id = $1 AND status IN ${from('cancel')} ORDER BY id FOR UPDATE
  )
  UPDATE batch b
  SET status = ${to('cancel')}, ${END}, reason = 'cancelled_by_caller', provider_code = NULL, provider_message = NULL
  FROM waiting WHERE b.id = waiting.id
  RETURNING ${batchColumns}`;

/** Accounts for whose batches time does not run: without quota, and for as long again once they have some. */
const WITH_TIME = `(SELECT name FROM provider_account
    WHERE used_up_at IS NOT NULL OR refilled_at > now() - $1 * interval '1 ms')`;

/**
 * Expires up to $2 batches that no provider took within $1 milliseconds after they were due. A batch that was never put
 * off is as late as its next attempt. Accounts and lanes are found one by one in the index, so that batches that are not
 * late cost nothing.
 */
export const EXPIRE = `
  WITH RECURSIVE lane AS (
    (SELECT provider, category FROM batch WHERE status IN ${from('expire')} ORDER BY provider, category LIMIT 1)
    UNION ALL
    SELECT following.provider, following.category FROM lane, LATERAL (
      SELECT provider, category FROM batch
      WHERE status IN ${from('expire')} AND (provider, category) > (lane.provider, lane.category)
      ORDER BY provider, category LIMIT 1
    ) AS following
  ), found AS (
    SELECT untouched.id FROM (SELECT * FROM lane WHERE provider NOT IN ${WITH_TIME}) AS lane, LATERAL (
      SELECT id FROM batch
      WHERE provider = lane.provider AND category = lane.category AND status IN ${from('expire')}
        AND next_attempt_at < now() - $1 * interval '1 ms' AND due_at < now() - $1 * interval '1 ms'
      ORDER BY next_attempt_at LIMIT $2
    ) AS untouched
    UNION
    (SELECT id FROM batch
      WHERE status IN ${from('expire')} AND next_attempt_at - due_at > interval '1 s'
        AND due_at < now() - $1 * interval '1 ms' AND provider NOT IN ${WITH_TIME}
      ORDER BY due_at LIMIT $2)
  ), late AS (
    SELECT id FROM batch
    WHERE id = ANY (ARRAY(SELECT id FROM found LIMIT $2)) AND status IN ${from('expire')}
      AND next_attempt_at <= now() AND due_at < now() - $1 * interval '1 ms'
    FOR UPDATE SKIP LOCKED
  )
  UPDATE batch b SET status = ${to('expire')}, ${END}, reason = 'expired' FROM late WHERE b.id = late.id
  RETURNING ${batchColumns}`;

/**
 * Expires up to $2 batches in doubt, counted from their last request, too; $3 says what is not known. Either the one with
 * id $4 and token $5, or those of all accounts but $6.
 */
export const EXPIRE_DOUBT = `
  WITH late AS (
    SELECT id FROM batch
    WHERE status IN ${from('expireDoubt')} AND due_at < now() - $1 * interval '1 ms'
      AND NOT EXISTS (
        SELECT FROM attempt a WHERE a.batch_id = batch.id AND a.started_at >= now() - $1 * interval '1 ms')
      AND (id = $4 AND lease_token = $5 OR $4 IS NULL AND provider <> ALL ($6))
    LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  UPDATE batch b
  SET status = ${to('expireDoubt')}, ${END}, lease_token = lease_token + 1, reason = 'unknown', reason_detail = $3
  FROM late WHERE b.id = late.id
  RETURNING ${batchColumns}`;
