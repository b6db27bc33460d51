import { dueColumns } from '../rows.js';
import { WAITING } from '../status-lists.js';

/** Takes up to $2 unconfirmed batches of an account ($3, or of all) whose look-up is due and whose job, if any, is older than $1 milliseconds. */
export const TAKE_LOOKUPS = `
  WITH due AS (
    SELECT id FROM batch
    WHERE status = 'unconfirmed' AND next_attempt_at <= now() AND ($3::text IS NULL OR provider = $3)
      AND (enqueued_at IS NULL OR enqueued_at < now() - $1 * interval '1 ms')
    ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  UPDATE batch b SET enqueued_at = now() FROM due WHERE b.id = due.id
  RETURNING ${dueColumns}`;

/** Takes up to $2 requests of an account ($3, or of all) whose poll is due; another sweep sees them again after $1 milliseconds. */
export const TAKE_POLLS = `
  WITH due AS (
    SELECT id FROM batch WHERE next_poll_at <= now() AND ($3::text IS NULL OR provider = $3)
    ORDER BY next_poll_at LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  UPDATE batch b SET next_poll_at = now() + $1 * interval '1 ms' FROM due WHERE b.id = due.id
  RETURNING ${dueColumns}`;

/** Finds the waiting batches that another account may take, or ($2) whose callers do not wait for a quota. */
export const FIND_UNBOUND = `
  SELECT b.id FROM batch b JOIN message m ON m.id = b.message_id
  WHERE b.id = ANY ($1) AND b.status IN ${WAITING}
    AND CASE WHEN $2 THEN m.on_quota <> 'defer' ELSE NOT b.of_list AND m.requested_provider = 'auto' END`;

/** Notes that waiting batches have no job. */
export const GIVE_BACK = `UPDATE batch SET enqueued_at = NULL WHERE id = ANY ($1) AND status IN ${WAITING}`;
