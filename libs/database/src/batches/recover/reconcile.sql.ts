import { GIVE_BACK_RETURNED } from '../../accounts/quota.sql.js';
import { batchColumns } from '../rows.js';

/** Claims unconfirmed batches whose look-up is due; others see them as not due for $2 milliseconds. */
export const CLAIM = `
  WITH due AS (
    SELECT id FROM batch
    WHERE id = ANY ($1) AND status = 'unconfirmed' AND next_attempt_at <= now()
    ORDER BY id FOR UPDATE SKIP LOCKED
  )
  UPDATE batch b SET lease_token = lease_token + 1, next_attempt_at = now() + $2 * interval '1 ms', enqueued_at = NULL
  FROM due WHERE b.id = due.id
  RETURNING ${batchColumns}, now() AS "claimedAt"`;

/** Claims a batch of an account that is in doubt, whatever its time; finds one that is being posted, too. */
export const CLAIM_DOUBT = `
  UPDATE batch b SET lease_token = lease_token + CASE WHEN status = 'unconfirmed' THEN 1 ELSE 0 END
  WHERE id = $1 AND provider = $2 AND status IN ('unconfirmed', 'dispatching')
  RETURNING ${batchColumns}`;

/** Finds the attempts of a batch that no verdict has ended, oldest first. */
export const FIND_OPEN_ATTEMPTS = `
  SELECT number, marker, started_at AS "startedAt", finished_at AS "finishedAt", coalesce(recipients, 0) AS recipients FROM attempt
  WHERE batch_id = $1 AND (outcome IS NULL OR outcome = 'unconfirmed') ORDER BY number`;

/** Finds whether a batch has a request of an account. */
export const FIND_ADOPTED = `SELECT FROM batch WHERE provider = $1 AND provider_request_id = $2`;

/** Finds the next number among the batches that share request $2 of account $1, and whether one has adopted it. */
export const FIND_PARTS = `
  SELECT coalesce(max(b.request_part) + 1, 0) AS next, coalesce(bool_or(a.outcome = 'adopted'), false) AS adopted
  FROM batch b LEFT JOIN attempt a ON a.batch_id IN (b.id, b.parent_id)
  WHERE b.provider = $1 AND b.provider_request_id = $2`;

/** Schedules the next look-up in $3 milliseconds; $4: whether this one counts. */
export const SCHEDULE_LOOKUP = `
  UPDATE batch SET next_attempt_at = now() + $3 * interval '1 ms', lookup_count = lookup_count + $4, reason_detail = $5
  WHERE id = $1 AND lease_token = $2 AND status = 'unconfirmed'`;

/** Ends attempts whose requests never arrived, and gives back what they took of the quota. */
export const CLOSE_ABSENT = `
  WITH returned AS (
    UPDATE attempt SET outcome = 'absent', finished_at = coalesce(finished_at, now())
    WHERE batch_id = $1 AND (outcome IS NULL OR outcome = 'unconfirmed')
    RETURNING provider, started_at, recipients
  )
  ${GIVE_BACK_RETURNED}`;
