import { batchColumns } from '../rows.js';
import { FOLLOWED } from '../status-lists.js';

/** Finds batches that are followed. */
export const FIND_BATCHES = `
  SELECT ${batchColumns}, (SELECT m.delivery FROM message m WHERE m.id = b.message_id) AS delivery
  FROM batch b WHERE id = ANY ($1) AND status IN ${FOLLOWED}`;

/** Locks batches in the order of their ids, without those of erased messages. */
export const LOCK = `
  SELECT ${batchColumns} FROM batch b
  WHERE id = ANY ($1)
    AND NOT EXISTS (SELECT FROM message m WHERE m.id = b.message_id AND m.erased_at IS NOT NULL)
  ORDER BY id FOR UPDATE`;

/** Writes the provider's ids of mails to recipients of a batch, by address. */
export const NOTE_MAIL_IDS = `
  UPDATE recipient r SET mail_id = d.mail_id
  FROM unnest($4::text[], $5::text[]) AS d (address, mail_id)
  WHERE r.message_id = $1 AND r.position BETWEEN $2 AND $3 AND lower(r.address) = d.address`;

/** Finds which of these addresses still follow a batch. */
export const FIND_FOLLOWERS = `
  SELECT position, lower(address) AS address FROM recipient
  WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NULL AND lower(address) = ANY ($4)
  ORDER BY position`;

/**
 * Moves the counts of batches ($1) by their followers that got a status of their own ($2) and by what reports changed
 * ($3), one element for each, and those of their messages ($4) with them; $5: messages that have a hard bounce now.
 */
export const MOVE_COUNTS = `SELECT move_counts($1, $2, $3, $4, $5)`;

/** Finds the followed batches that have these requests of an account; parts share one request. */
export const FIND_REQUESTS = `
  SELECT ${batchColumns} FROM batch b
  WHERE provider = $1 AND provider_request_id = ANY ($2) AND status IN ${FOLLOWED}
  ORDER BY provider_request_id, position_from`;

/** Finds the addresses of recipients, by message ($1) and position ($2), one element for each; "nth" counts from 1. */
export const FIND_ADDRESSES = `
  SELECT n.nth::int, r.address
  FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS n (message_id, position, nth)
  JOIN recipient r ON r.message_id = n.message_id AND r.position = n.position`;

/** Makes polls of batches due. */
export const GIVE_BACK = `UPDATE batch SET next_poll_at = now() WHERE id = ANY ($1) AND next_poll_at > now()`;

/** Adds a warning to a message. */
export const WARN = `UPDATE message SET warnings = warnings || $2::text WHERE id = $1`;

/** Schedules the next poll of a batch after one that failed. */
export const FAIL_POLL = `
  UPDATE batch SET poll_failures = poll_failures + 1, next_poll_at = now() + $2 * interval '1 ms'
  WHERE id = $1 AND next_poll_at IS NOT NULL`;

/** Notes that messages are complete; returns those that were not before. */
export const COMPLETE = `
  UPDATE message SET completed_at = now()
  WHERE id = ANY ($1) AND completed_at IS NULL
    AND status IN ('completed', 'partially_failed', 'failed', 'cancelled')
  RETURNING id, client_id AS "clientId", status, counts`;

/** Finds the recipients of a batch that have a status of their own: $1 message, $2 and $3 first and last position. */
export const FIND_OTHERS = `
  SELECT position FROM recipient
  WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NOT NULL ORDER BY position`;

/** Finds what recipients of a message ($1) are, by position ($2), those that have a status of their own. */
export const FIND_STATES = `
  SELECT position, status, reason, provider_code AS code, provider_message AS message FROM recipient
  WHERE message_id = $1 AND position = ANY ($2) AND status IS NOT NULL ORDER BY position`;
