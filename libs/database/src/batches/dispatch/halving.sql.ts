import { DELAYED } from '../status-lists.js';

/** Locks the first batch of a halving. */
export const LOCK = `SELECT FROM batch WHERE id = $1 FOR NO KEY UPDATE`;

/** Finds how far the halving of batch $1 of message $2 at account $3 has come. */
export const FIND_HALVING = `
  SELECT (SELECT delivery FROM message WHERE id = $2) AS delivery, recipient_count AS recipients, coalesce(halving_parts, 0) AS parts,
    coalesce(lone_refusals, 0) AS "loneRefusals",
    EXISTS (SELECT FROM batch WHERE message_id = $2 AND provider = $3 AND submitted_at IS NOT NULL) AS "someTaken",
    (SELECT count(*)::int FROM batch
     WHERE message_id = $2 AND provider = $3 AND halving_given_up AND id <> $1) AS "othersGivenUp"
  FROM batch WHERE id = $1`;

/** Counts the recipients that still wait for a batch. */
export const COUNT_FOLLOWERS = `SELECT follower_count AS count FROM batch WHERE id = $1`;

/** Finds the positions of a batch's waiting recipient with the number $4, from 0, and of the next one. */
export const FIND_MIDDLE = `
  SELECT position FROM recipient
  WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NULL ORDER BY position OFFSET $4 LIMIT 2`;

/** Counts $2 more parts of a halved batch. */
export const COUNT_PARTS = `UPDATE batch SET halving_parts = coalesce(halving_parts, 0) + $2 WHERE id = $1`;

/** Counts one more refusal of a part with a single recipient. */
export const NOTE_LONE_REFUSAL = `UPDATE batch SET lone_refusals = coalesce(lone_refusals, 0) + 1 WHERE id = $1`;

/** Notes that a halving is abandoned. */
export const GIVE_UP = `UPDATE batch SET halving_given_up = true WHERE id = $1`;

/** Finds and locks the parts that still wait; one that a worker is claiming at this moment is left to that worker. */
export const FIND_WAITING_PARTS = `
  SELECT id FROM batch WHERE halved_from = $1 AND provider = $2 AND status IN ${DELAYED}
  ORDER BY id FOR UPDATE SKIP LOCKED`;
