import { followedBatchStatuses, mayMove } from '@gateway/core';
import { batchColumns, dueColumns } from './rows.js';
import { sqlList, TAKEN } from './status-lists.js';
import { from, to, transitions } from './transition-table.js';

/** A job for what is due later than this would only take up room; the sweep makes one when the time has come. */
export const LONGEST_QUEUE_DELAY_MS = 600_000;

/**
 * A batch that waited for its time and is this late has lost its job, however many others are in the queue: its job had
 * a time, too.
 */
const LATE_MS = 20_000;

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
