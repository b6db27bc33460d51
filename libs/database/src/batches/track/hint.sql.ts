import { FOLLOWED } from '../status-lists.js';

/**
 * Takes hints about batches of an account ($1), by request ids ($2) and batch ids ($3). The next poll of a followed batch,
 * or the next look-up of one in doubt, is moved to now, but at most once in $4 and $5 milliseconds: a further hint is for
 * the end of that time. Rows that somebody is writing are left out, so nothing waits.
 */
export const TAKE_HINTS = `
  WITH named AS (
    SELECT id, status = 'unconfirmed' AS doubted,
      greatest(now(), hinted_at + CASE WHEN status = 'unconfirmed' THEN $5::float8 ELSE $4::float8 END * interval '1 ms') AS hinted_at
    FROM batch
    WHERE provider = $1 AND (provider_request_id = ANY ($2) OR id = ANY ($3))
      AND (status = 'unconfirmed' OR status IN ${FOLLOWED})
    ORDER BY id FOR UPDATE SKIP LOCKED
  )
  UPDATE batch b
  SET hinted_at = named.hinted_at,
    next_poll_at = CASE WHEN doubted THEN b.next_poll_at ELSE named.hinted_at END,
    next_attempt_at = CASE WHEN doubted THEN named.hinted_at ELSE b.next_attempt_at END
  FROM named
  WHERE b.id = named.id AND CASE WHEN doubted THEN b.next_attempt_at ELSE b.next_poll_at END > named.hinted_at`;
