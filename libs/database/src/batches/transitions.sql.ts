import { followedBatchStatuses, mayMove } from '@gateway/core';
import { batchColumns, dueColumns } from './rows.js';
import { PUT_OFF, sqlList, TAKEN } from './status-lists.js';
import { from, to, transitions } from './transition-table.js';

/** A job for what is due later than this would only take up room; the sweep makes one when the time has come. */
export const LONGEST_QUEUE_DELAY_MS = 600_000;

/**
 * A batch that waited for its time and is this late has lost its job, however many others are in the queue: its job had
 * a time, too.
 */
const LATE_MS = 20_000;

const END = `settled_at = now(), lease_until = NULL`;
const NO_REASON = `reason = NULL, reason_detail = NULL, provider_code = NULL, provider_message = NULL`;

/** Of what is due in a lane, only the oldest are looked at: those behind them have time. */
const LOOKED_AT = 5000;

const HAS_NO_JOB = `(enqueued_at IS NULL OR enqueued_at < $4::timestamptz
      OR enqueued_at < now() - interval '1 ms' * CASE WHEN status = 'queued' THEN $3 ELSE least($3, ${LATE_MS}) END)`;

/**
 * Releases the held batches of a message ($1), due at $2 or now, unless they are older than $3 milliseconds. Time starts
 * again: a message that was held for days is not too late at once.
 */
export const LET_GO = `
  WITH held AS (
    SELECT id FROM batch
    WHERE message_id = $1 AND status IN ${from('letGo')} AND due_at >= now() - $3 * interval '1 ms'
    ORDER BY id FOR UPDATE
  )
  UPDATE batch b
  SET status = CASE WHEN $2::timestamptz > now() THEN 'scheduled' ELSE 'queued' END::batch_status,
    due_at = greatest($2::timestamptz, now()), next_attempt_at = greatest($2::timestamptz, now()),
    enqueued_at = CASE WHEN $2::timestamptz > now() + interval '${LONGEST_QUEUE_DELAY_MS} ms' THEN NULL ELSE now() END
  FROM held WHERE b.id = held.id
  RETURNING ${batchColumns}`;

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
 * Queues due batches of an account ($1) and lane ($2) that have no job, oldest first: $3 milliseconds after which a job
 * counts as lost, $4 time before which all jobs are lost, $5 limit, $6 only those whose callers do not wait for a quota. A
 * mark that a crash loses is made again, so no caller waits until it is on disk.
 */
export const QUEUE_DUE = `
  WITH oldest AS (
    SELECT id, message_id, status, enqueued_at, next_attempt_at FROM batch
    WHERE provider = $1 AND category = $2 AND status IN ${from('queueDue')} AND next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT ${LOOKED_AT}
  ), lost AS (
    SELECT id FROM oldest
    WHERE ${HAS_NO_JOB}
      -- One look-up by key for each: as EXISTS, all messages would be read for it.
      AND (NOT $6 OR (SELECT m.on_quota <> 'defer' FROM message m WHERE m.id = oldest.message_id))
    ORDER BY next_attempt_at LIMIT $5
  ), due AS (
    SELECT id FROM batch
    -- The time is not to be looked up in the index, which has all that waits.
    WHERE id = ANY (ARRAY(SELECT id FROM lost)) AND status IN ${from('queueDue')} AND (next_attempt_at <= now()) IS TRUE
      -- Once more: another sweep may have been first.
      AND ${HAS_NO_JOB}
    FOR UPDATE SKIP LOCKED
  ), queued AS (
    UPDATE batch b SET status = ${to('queueDue')}, enqueued_at = now() FROM due WHERE b.id = due.id
    RETURNING ${dueColumns}, b.next_attempt_at
  )
  SELECT id, "messageId", provider, category, "positionFrom", "positionTo"
  FROM queued, (SELECT set_config('synchronous_commit', 'off', true)) AS hint
  ORDER BY next_attempt_at`;

/** Claims due batches ($1) for one worker, for $2 milliseconds. */
export const CLAIM = `
  WITH due AS (
    SELECT id FROM batch
    WHERE id = ANY ($1) AND status IN ${from('claim')} AND next_attempt_at <= now()
    ORDER BY id FOR UPDATE SKIP LOCKED
  )
  UPDATE batch b
  SET status = ${to('claim')}, lease_token = lease_token + 1, lease_until = now() + $2 * interval '1 ms',
    attempt_count = attempt_count + 1, enqueued_at = NULL
  -- The list says nothing new, but it is looked up by the key, whatever the planner believes of the table's size.
  FROM due WHERE b.id = due.id AND b.id = ANY ($1)
  RETURNING ${batchColumns}`;

/** Renews the lease of a claimed batch for $3 milliseconds. */
export const RENEW_LEASE = `
  UPDATE batch SET lease_until = now() + $3 * interval '1 ms'
  WHERE id = $1 AND lease_token = $2 AND status = 'dispatching' AND lease_until > now()`;

/** Gives a claimed batch ($1, with the lease's token $2) back, due as before: its attempt has not begun. */
export const RELEASE = `
  UPDATE batch
  SET status = ${to('release')}, lease_until = NULL, attempt_count = attempt_count - 1, enqueued_at = NULL
  WHERE id = $1 AND lease_token = $2 AND status IN ${from('release')}`;

/**
 * Gives a claimed batch back for a closed account: no attempt has begun, and its job is gone like all jobs from before
 * the account opens.
 */
export const LEAVE = `
  UPDATE batch
  SET status = ${to('leave')}, lease_until = NULL, attempt_count = attempt_count - 1, enqueued_at = now()
  WHERE id = $1 AND lease_token = $2 AND status IN ${from('leave')}`;

/**
 * Takes over up to $1 batches whose lease has expired: unconfirmed if their attempt has begun, otherwise queued again.
 * After each further loss it waits longer.
 */
export const RECOVER_LOST = `
  WITH lost AS (
    SELECT id, EXISTS (
      SELECT FROM attempt a WHERE a.batch_id = batch.id AND a.number = batch.attempt_count
    ) AS begun
    FROM batch WHERE status IN ${from('recoverBegun')} AND lease_until < now()
    ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED
  )
  UPDATE batch b
  SET status = CASE WHEN lost.begun THEN ${to('recoverBegun')} ELSE ${to('recoverUntouched')} END,
    attempt_count = CASE WHEN lost.begun THEN attempt_count ELSE attempt_count - 1 END,
    lease_token = lease_token + 1, lease_until = NULL, enqueued_at = NULL, loss_count = loss_count + 1,
    -- One that takes its workers with it must come back at other times than those that it was held with.
    next_attempt_at = now() + CASE WHEN loss_count = 0 THEN 0
      ELSE (0.5 + random()) * power(2, least(loss_count, 8)) END * interval '1 s',
    lookup_count = 0, reason_detail = 'the worker that held it is gone'
  FROM lost WHERE b.id = lost.id
  RETURNING ${dueColumns}, b.status, b.loss_count AS "lossCount"`;

/**
 * Puts a claimed batch off for $3 milliseconds, with reason and details ($4, $5) and the provider's words ($8, $9). $6:
 * attempts that do not count; $7: losses that do.
 */
export const DEFER = `
  UPDATE batch
  SET status = ${to('defer')}, next_attempt_at = now() + $3 * interval '1 ms', lease_until = NULL,
    enqueued_at = CASE WHEN $3 <= ${LONGEST_QUEUE_DELAY_MS} THEN now() + $3 * interval '1 ms' END,
    reason = $4, reason_detail = $5, attempt_count = attempt_count - $6, loss_count = loss_count + $7,
    -- A quota may end weeks from now: what waits for it does not come too late by that (law 11).
    due_at = CASE WHEN $4 = 'quota' THEN greatest(due_at, now() + $3 * interval '1 ms') ELSE due_at END,
    provider_code = $8, provider_message = $9
  WHERE id = $1 AND lease_token = $2 AND status IN ${from('defer')}`;

/** Notes that a request was not answered ($3 says why); it is looked into after $4 milliseconds. */
export const DOUBT = `
  UPDATE batch
  SET status = ${to('doubt')}, lease_until = NULL, lookup_count = 0, reason = NULL, reason_detail = $3,
    provider_code = NULL, provider_message = NULL, next_attempt_at = now() + $4 * interval '1 ms', enqueued_at = NULL
  WHERE id = $1 AND lease_token = $2 AND status IN ${from('doubt')}`;

/** Puts a waiting batch in doubt: an attempt of it has no outcome ($2 says so). */
export const DOUBT_WAITING = `
  UPDATE batch
  SET status = ${to('doubtWaiting')}, lease_token = lease_token + 1, next_attempt_at = now(), lookup_count = 0,
    enqueued_at = NULL, reason = NULL, reason_detail = $2
  WHERE id = $1 AND status IN ${from('doubtWaiting')}`;

/** Sends a batch in doubt again: no provider has its request. */
export const RESEND = `
  UPDATE batch
  SET status = ${to('resend')}, next_attempt_at = now(), enqueued_at = now(), lookup_count = 0, reason_detail = NULL
  WHERE id = $1 AND lease_token = $2 AND status IN ${from('resend')}`;

/**
 * Notes accepted requests, one element for each batch: ids, tokens, request ids, operations, milliseconds until the first
 * poll, and numbers among the batches that share a request.
 */
export const TAKE = `
  UPDATE batch b
  SET status = ${to('take')}, provider_request_id = t.request_id, request_part = t.part, operation = t.operation, submitted_at = now(),
    lease_until = NULL, next_poll_at = now() + t.poll_ms * interval '1 ms', ${NO_REASON}, enqueued_at = NULL
  FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::float8[], $6::int[])
    AS t (id, token, request_id, operation, poll_ms, part)
  WHERE b.id = t.id AND b.id = ANY ($1) AND b.lease_token = t.token AND b.status IN ${from('take')}
  RETURNING b.id`;

const PROGRESS = followedBatchStatuses.flatMap((before) =>
  [...transitions.progress.to, ...transitions.finish.to].flatMap((after) =>
    mayMove(before, after) ? [`('${before}', '${after}')`] : [],
  ),
);

/**
 * Writes what polls have found, one element for each batch: ids, states, cursors, milliseconds until the next poll, and
 * whether the recipients of a list are all known.
 */
export const FINISH_POLLS = `
  UPDATE batch b
  SET status = CASE WHEN (b.status, p.status) IN (${PROGRESS.join(', ')}) THEN p.status ELSE b.status END,
    poll_cursor = p.cursor, poll_count = b.poll_count + 1, poll_failures = 0,
    next_poll_at = now() + p.delay_ms * interval '1 ms',
    settled_at = CASE WHEN b.status NOT IN ${TAKEN} OR p.status NOT IN ${TAKEN} THEN coalesce(b.settled_at, now()) END,
    listed = b.listed OR p.listed,
    reason = CASE WHEN p.status = 'expired' THEN coalesce(p.reason, 'expired') ELSE b.reason END,
    reason_detail = coalesce(p.detail, b.reason_detail)
  FROM unnest($1::uuid[], $2::batch_status[], $3::json[], $4::float8[], $5::boolean[], $6::text[], $7::text[])
    AS p (id, status, cursor, delay_ms, listed, reason, detail)
  WHERE b.id = p.id AND b.id = ANY ($1) AND b.status IN ${sqlList(followedBatchStatuses)}`;

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
      WHERE status IN ${from('expire')} AND ${PUT_OFF}
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
