import { advisoryLocks } from '../advisory-locks.js';
import { recipientColumns } from '../batches/rows.js';

/** Takes the turn to change the routes, until the transaction ends. */
export const LOCK = `SELECT pg_advisory_xact_lock(${advisoryLocks.routes})`;

/** Finds the number of the newest version. */
export const FIND_NEWEST = `SELECT coalesce(max(version), 0) AS version FROM route_version`;

/**
 * Counts how many of the last messages of uses had a recipient fail; one element of each array for a use: its route, its
 * account, since when messages count, and how many of them. Each is a look at so many entries of one index.
 */
export const COUNT_FAILURES = `
  SELECT u.nth::int, count(*)::int AS messages, count(*) FILTER (WHERE m.failed)::int AS failures
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::int[])
    WITH ORDINALITY AS u (route_id, account, since, over, nth)
  CROSS JOIN LATERAL (
    SELECT hard_bounced OR counts ?| ARRAY['failed', 'rejected', 'expired'] AS failed FROM message
    WHERE watched_route_id = u.route_id AND provider = u.account AND id >= uuid7_floor(u.since)
    ORDER BY id DESC LIMIT u.over
  ) AS m
  GROUP BY u.nth ORDER BY u.nth`;

/** Finds the last $1 messages of all clients, newest first, without those whose content was erased. */
export const FIND_LAST = `
  SELECT m.id, m.client_id AS "clientId", m.category, m.from_address AS "fromAddress", m.tags,
    m.template_id AS "templateId", m.requested_provider AS "requestedProvider", m.provider, m.routing,
    (SELECT r.address FROM recipient r WHERE r.message_id = m.id AND r.position = 0) AS "firstAddress"
  FROM (SELECT * FROM message ORDER BY id DESC LIMIT $1) AS m WHERE m.erased_at IS NULL ORDER BY m.id DESC`;

const OF_USE = 'watched_route_id = $1 AND provider = u.account AND id > u.after';
/** An older transaction than that is most likely over: its message is there, or it is not looked at. */
const SETTLED = "id < uuid7_floor(now() - interval '1 s')";

/**
 * Finds messages of a route ($1) that its shadow has not looked at, oldest first: for each account ($2) those after a
 * message ($3), at most $4.
 */
export const FIND_UNSHADOWED = `
  SELECT m.* FROM unnest($2::text[], $3::uuid[]) AS u (account, after)
  CROSS JOIN LATERAL (
    SELECT id, provider, recipient_count AS "recipientCount" FROM message
    WHERE ${OF_USE} AND ${SETTLED} ORDER BY id LIMIT $4
  ) AS m ORDER BY m.id`;

/** Finds, for each account whose messages after $3 are more than $4, the one from which on $5 are left. */
export const FIND_LATER = `
  SELECT u.account, later.id FROM unnest($2::text[], $3::uuid[]) AS u (account, after)
  CROSS JOIN LATERAL (SELECT id FROM message WHERE ${OF_USE} AND ${SETTLED} ORDER BY id OFFSET $4 LIMIT 1) AS beyond
  CROSS JOIN LATERAL (SELECT id FROM message WHERE ${OF_USE} AND ${SETTLED} ORDER BY id DESC OFFSET $5 LIMIT 1) AS later`;

/** Makes the row of a shadow ($2) of a route ($1), unless there is one. */
export const MAKE_SHADOW = `
  INSERT INTO route_shadow (route_id, account, cursors) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;

/** Finds how far a shadow has come. */
export const FIND_CURSORS = `SELECT cursors FROM route_shadow WHERE route_id = $1 AND account = $2`;

/** Takes the turn of one worker at a shadow; no row: another has it. */
export const TAKE_SHADOW = `
  SELECT cursors, examples FROM route_shadow WHERE route_id = $1 AND account = $2 FOR UPDATE SKIP LOCKED`;

/** Adds what a look has shown. */
export const ADD_SHADOW = `
  UPDATE route_shadow
  SET compared = compared + $3, different = different + $4, examples = $5, cursors = $6, updated_at = now()
  WHERE route_id = $1 AND account = $2`;

/** Finds which of these messages still have their content. */
export const FIND_UNERASED = `SELECT id FROM message WHERE id = ANY ($1) AND erased_at IS NULL`;

/** Finds the first $2 recipients of messages. */
export const FIND_FIRST_RECIPIENTS = `
  SELECT r.* FROM unnest($1::uuid[]) AS m (id) CROSS JOIN LATERAL (
    SELECT ${recipientColumns('f')} FROM recipient f
    WHERE message_id = m.id AND position < $2 ORDER BY position LIMIT $2
  ) AS r`;
