import { advisoryLocks } from '../advisory-locks.js';
import { ENDED } from '../batches/status-lists.js';

/** Days by category ($1, $2) as `period`. */
const PERIOD = `period AS (SELECT * FROM unnest($1::category[], $2::int[]) AS given (category, days))`;

/**
 * Is the period of a settled message over? It counts from when the last of its batches was final: a mail that is only
 * `sent` keeps its batch open, whatever the message's `completed_at` says.
 */
const over = (days: string): string => `
  m.completed_at IS NOT NULL AND m.completed_at < now() - make_interval(days => ${days}) AND NOT EXISTS (
    SELECT FROM batch b WHERE b.message_id = m.id
      AND (b.status NOT IN ${ENDED}
        OR b.settled_at >= now() - make_interval(days => ${days}))
  )`;

/** One process at a time, whatever it does; held to the end of the transaction, so a lost process holds nothing. */
export const TRY_TURN = `SELECT pg_try_advisory_xact_lock(${advisoryLocks.retention}) AS turn`;
export const WAIT_FOR_TURN = `SELECT pg_advisory_xact_lock(${advisoryLocks.retention})`;

/** Messages of a category ($1) whose period ($2) is over, the oldest first, after ($3, $4). */
export const FIND_OVER = `
SELECT m.id, m.completed_at::text AS at, m.batch_count AS size FROM message m
WHERE m.category = $1 AND m.erased_at IS NULL AND (m.completed_at, m.id) > ($3::timestamptz, $4::uuid)
  AND ${over('$2::int')}
ORDER BY m.completed_at, m.id LIMIT $5`;

/** Batches before their message, as everybody else does. Also waits for a poll that is being written. */
export const LOCK_BATCHES = 'SELECT FROM batch WHERE message_id = ANY ($1) ORDER BY id FOR UPDATE';

export const ERASE_MESSAGES = `
UPDATE message m
SET erased_at = now(), erasing = true, subject = '', html = NULL, text = NULL, variables = '{}', headers = '{}',
  metadata = '{}', warnings = '{}'
WHERE m.id = ANY ($1) AND m.erased_at IS NULL AND ${over('$2::int')}
RETURNING m.id, m.client_id AS "clientId", m.attachment_ids AS "attachmentIds", m.recipient_count AS recipients`;

/** The provider's words could name somebody. Nobody asks about such a batch any more. */
export const ERASE_BATCHES = `
UPDATE batch SET reason_detail = NULL, poll_cursor = NULL, next_poll_at = NULL WHERE message_id = ANY ($1)`;

export const ERASE_ATTEMPTS = `
UPDATE attempt a SET provider_message = NULL, detail = NULL
FROM batch b WHERE b.message_id = ANY ($1) AND a.batch_id = b.id
  AND (a.provider_message IS NOT NULL OR a.detail IS NOT NULL)`;

/** The key stays, so that the same request is still not carried out twice; its answer says what it still may. */
export const ERASE_ANSWERS = `
UPDATE idempotency_key k
SET response = convert_to((convert_from(response, 'UTF8')::jsonb || jsonb_build_object(
  'subject', NULL, 'metadata', '{}'::jsonb, 'warnings', '[]'::jsonb,
  'erasedAt', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))::text, 'UTF8')
FROM unnest($1::text[], $2::uuid[]) AS named (location, client_id)
WHERE k.headers ->> 'location' = named.location AND k.headers ->> 'location' LIKE '/v1/messages/%'
  AND k.client_id = named.client_id`;

/** Waits for messages that are just being accepted with one of these files. */
export const LOCK_ATTACHMENTS =
  'SELECT FROM attachment WHERE id = ANY ($1) AND deleted_at IS NULL ORDER BY id FOR UPDATE';

/** Files that only erased messages carried. Another sweep removes what is marked, here and at the providers. */
export const DELETE_ATTACHMENTS = `
UPDATE attachment a SET deleted_at = now()
WHERE a.id = ANY ($1) AND a.deleted_at IS NULL
  AND NOT EXISTS (
    SELECT FROM message m
    WHERE m.attachment_ids @> ARRAY[a.id] AND m.attachment_ids <> '{}' AND m.erased_at IS NULL
  )
  AND NOT EXISTS (SELECT FROM template_version v WHERE a.id = ANY (v.attachment_ids))`;

/** Months that are over. */
export const FIND_PARTITIONS = `
SELECT * FROM (
  SELECT parent.relname AS parent, part.relname AS name, pg_total_relation_size(part.oid)::float8 AS bytes,
    (regexp_match(pg_get_expr(part.relpartbound, part.oid), 'FROM \\(''([^'']+)''\\)'))[1]::uuid AS "from",
    (regexp_match(pg_get_expr(part.relpartbound, part.oid), 'TO \\(''([^'']+)''\\)'))[1]::uuid AS "to"
  FROM pg_inherits i JOIN pg_class part ON part.oid = i.inhrelid JOIN pg_class parent ON parent.oid = i.inhparent
  WHERE i.inhparent IN ('recipient'::regclass, 'event'::regclass)
) AS month WHERE "to" <= uuid7_floor(now()) ORDER BY name`;

/** A message of the month that is kept; the newest are the likeliest. */
export const KEEPS_MESSAGE = `
SELECT EXISTS (
  SELECT FROM (SELECT erased_at FROM message WHERE id >= $1 AND id < $2 ORDER BY id DESC OFFSET 0) AS m
  WHERE erased_at IS NULL
) AS keeps`;

/** What happened in a month to messages of earlier ones is kept with them. */
export const keepsEvent = (partition: string): string => `
SELECT EXISTS (
  SELECT FROM ${partition} e JOIN message m ON m.id = e.message_id WHERE m.erased_at IS NULL
) AS keeps`;

/** Erased messages with rows left, after $3. $4: those only whose month has passed its period by as many days. */
export const FIND_ERASING = `
WITH ${PERIOD}, least AS (SELECT coalesce(min(days), 0) AS days FROM period)
SELECT m.id, m.recipient_count + m.batch_count AS size
FROM message m LEFT JOIN period p ON p.category = m.category
WHERE m.erasing AND m.id > $3::uuid
  AND ($4::int IS NULL OR (
    m.id < uuid7_floor(date_trunc('month', now() - make_interval(days => (SELECT days FROM least) + $4::int), 'UTC'))
    AND m.id < uuid7_floor(date_trunc('month',
      now() - make_interval(days => coalesce(p.days, (SELECT days FROM least)) + $4::int), 'UTC'))))
ORDER BY m.id LIMIT $5`;

export const DELETE_RECIPIENTS = `
WITH doomed AS (SELECT message_id, position FROM recipient WHERE message_id = ANY ($1) LIMIT $2)
DELETE FROM recipient r USING doomed
WHERE r.message_id = ANY ($1) AND r.message_id = doomed.message_id AND r.position = doomed.position`;

export const DELETE_EVENTS = `
WITH doomed AS (SELECT id FROM event WHERE message_id = ANY ($1) LIMIT $2)
DELETE FROM event e USING doomed WHERE e.message_id = ANY ($1) AND e.id = doomed.id`;

export const END_ERASING = 'UPDATE message SET erasing = false WHERE id = ANY ($1)';

/** Erased messages of a category ($1) that may go altogether, after ($3, $4); not before their figures are added up. */
export const FIND_DROPPABLE = `
SELECT m.id, m.completed_at::text AS at, m.batch_count AS size FROM message m
WHERE m.category = $1 AND m.erased_at IS NOT NULL AND NOT m.erasing
  AND (m.completed_at, m.id) > ($3::timestamptz, $4::uuid) AND ${over('$2::int')}
  AND NOT EXISTS (SELECT FROM statistic_delta d WHERE d.message_id = m.id)
ORDER BY m.completed_at, m.id LIMIT $5`;

export const DROP_ANSWERS = `
DELETE FROM idempotency_key k USING message m, unnest($1::text[], $2::uuid[]) AS named (location, id)
WHERE m.id = named.id AND k.client_id = m.client_id
  AND k.headers ->> 'location' = named.location AND k.headers ->> 'location' LIKE '/v1/messages/%'`;

export const DROP_MESSAGES = 'DELETE FROM message WHERE id = ANY ($1)';

/** What a run would erase now. */
export const PLAN_MESSAGES = `
WITH ${PERIOD}
SELECT m.category, count(*)::int AS messages, sum(m.recipient_count)::float8 AS recipients
FROM period p JOIN message m ON m.category = p.category WHERE m.erased_at IS NULL AND ${over('p.days')}
GROUP BY m.category`;

export const PLAN_DROPS = `
WITH ${PERIOD}
SELECT count(*)::int AS messages FROM period p JOIN message m ON m.category = p.category WHERE ${over('p.days')}`;

/** Messages of a month, and how many of them are erased or would be. */
export const PLAN_MONTH = `
WITH ${PERIOD}
SELECT count(*)::int AS messages,
  count(*) FILTER (WHERE m.erased_at IS NOT NULL OR EXISTS (
    SELECT FROM period p WHERE p.category = m.category AND ${over('p.days')}))::int AS passed
FROM message m WHERE m.id >= $3 AND m.id < $4`;

/** Whether events of a month belong to messages that would still be kept. */
export const planEvents = (partition: string): string => `
WITH ${PERIOD}
SELECT EXISTS (
  SELECT FROM ${partition} e JOIN message m ON m.id = e.message_id
  WHERE m.erased_at IS NULL AND NOT EXISTS (SELECT FROM period p WHERE p.category = m.category AND ${over('p.days')})
) AS keeps`;
