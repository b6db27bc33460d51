import { keyLock } from '../advisory-locks.js';
import { recipientColumns } from '../batches/rows.js';
import { UNSENT } from '../batches/status-lists.js';

/** Neither has the mail, nor may still get it: a redrive that ended like this may be repeated. */
const WITHOUT_MAIL = "'failed', 'rejected', 'expired', 'bounced', 'cancelled', 'suppressed', 'unsubscribed'";

const batchOf = (recipient: string): string => `LEFT JOIN LATERAL (
    SELECT status, reason FROM batch
    WHERE message_id = ${recipient}.message_id AND position_from <= ${recipient}.position AND status <> 'replanned'
    ORDER BY position_from DESC LIMIT 1
  )`;

const REDRIVEN = `
  FROM recipient r
  ${batchOf('r')} b ON true
  WHERE r.message_id = $1
    AND (coalesce(r.status, inherited_status(b.status)) = ANY ($2::recipient_status[])
      OR ($3 AND r.status = 'bounced' AND r.bounce_type = 'soft'))
    -- Not those that were erased: they have no address any more.
    AND left(r.address, 1) <> '@'
    AND ($4::text[] IS NULL OR coalesce(r.reason, CASE WHEN r.status IS NULL THEN b.reason END) = ANY ($4))
    -- Another redrive has the recipient: it is under way, or it has succeeded.
    AND NOT EXISTS (
      SELECT FROM recipient x
      ${batchOf('x')} xb ON true
      WHERE x.message_id = ANY ($5::uuid[]) AND lower(x.address) = lower(r.address)
        AND coalesce(x.status, inherited_status(xb.status)) NOT IN (${WITHOUT_MAIL}))`;

/** A message and those that it is a redrive of, up to the first one. */
const ORIGINS = `
  origin AS (
    SELECT id, redrive_of FROM message WHERE id = $1
    UNION ALL
    SELECT m.id, m.redrive_of FROM message m JOIN origin ON m.id = origin.redrive_of
  )`;

/** Takes the turn to redrive a message or one of its family, until the transaction ends, unless another has it. */
export const LOCK_REDRIVES = `
  WITH RECURSIVE ${ORIGINS}, first AS (SELECT id FROM origin ORDER BY id LIMIT 1)
  SELECT pg_try_advisory_xact_lock(${keyLock('redrives', 'id::text')}) AS locked FROM first`;

/** Counts the recipients that a redrive of a message ($1) is for. */
export const COUNT_FOR_REDRIVE = `SELECT count(*)::int AS count ${REDRIVEN}`;

/** Finds the redrives of a message and of its origins, at any depth. */
export const FIND_OTHER_REDRIVES = `
  WITH RECURSIVE ${ORIGINS}, family AS (
    SELECT id FROM (SELECT id FROM origin ORDER BY id LIMIT 1) AS first
    UNION ALL
    SELECT m.id FROM message m JOIN family ON m.redrive_of = family.id
  )
  SELECT id FROM family WHERE id NOT IN (SELECT id FROM origin)`;

/** Finds a page of the recipients that a redrive is for. */
export const FIND_FOR_REDRIVE = `
  SELECT ${recipientColumns('r')} ${REDRIVEN} AND r.position > $6
  ORDER BY r.position LIMIT $7`;

/** Counts the recipients of a message whose mail a provider has, or may have. */
export const COUNT_TOO_LATE = `
  SELECT coalesce(sum(recipient_count), 0) AS recipients FROM batch
  WHERE message_id = $1 AND status NOT IN ${UNSENT}`;

/** Notes that a message ($1) was released. */
export const NOTE_RELEASE = 'UPDATE message SET released_at = now() WHERE id = $1';

/** Releases a message ($1) whose recipients are not known yet, unless it is older than $2 milliseconds. */
export const RELEASE_AUDIENCE = `
  UPDATE message
  SET released_at = now(), expand_at = greatest(send_at, now()),
    expansion = CASE WHEN send_at > now() THEN 'scheduled' ELSE 'queued' END::message_status
  WHERE id = $1 AND expansion = 'held' AND batch_count = 0
    AND coalesce(send_at, created_at) >= now() - $2 * interval '1 ms'`;

/** Fails up to $2 messages whose recipients are not known and that were not released within $1 milliseconds. */
export const EXPIRE_HELD_AUDIENCES = `
  WITH late AS (
    SELECT id FROM message
    WHERE expansion = 'held' AND batch_count = 0
      AND coalesce(send_at, created_at) < now() - $1 * interval '1 ms'
    ORDER BY coalesce(send_at, created_at) LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  UPDATE message m
  SET expansion = 'failed', warnings = warnings || 'The message was not released in time; no mail is sent.'::text
  FROM late WHERE m.id = late.id
  RETURNING m.id`;
