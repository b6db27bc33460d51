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

/** Takes the turn to erase, unless another process has it; until the transaction ends, so a lost process holds nothing. */
export const TRY_TURN = `SELECT pg_try_advisory_xact_lock(${advisoryLocks.retention}) AS turn`;
/** Waits for the turn to erase, until the transaction ends. */
export const WAIT_FOR_TURN = `SELECT pg_advisory_xact_lock(${advisoryLocks.retention})`;

/** Finds messages of a category ($1) whose period ($2) is over, the oldest first, after ($3, $4). */
export const FIND_OVER = `
SELECT m.id, m.completed_at::text AS at, m.batch_count AS size FROM message m
WHERE m.category = $1 AND m.erased_at IS NULL AND (m.completed_at, m.id) > ($3::timestamptz, $4::uuid)
  AND ${over('$2::int')}
ORDER BY m.completed_at, m.id LIMIT $5`;

/** Locks batches before their messages, as everywhere. Also waits for a poll that is being written. */
export const LOCK_BATCHES = 'SELECT FROM batch WHERE message_id = ANY ($1) ORDER BY id FOR UPDATE';

/** Erases the content of messages that are over still. */
export const ERASE_MESSAGES = `
UPDATE message m
SET erased_at = now(), erasing = true, subject = '', html = NULL, text = NULL, variables = '{}', headers = '{}',
  metadata = '{}', warnings = '{}', content_key = NULL
WHERE m.id = ANY ($1) AND m.erased_at IS NULL AND ${over('$2::int')}
RETURNING m.id, m.client_id AS "clientId", m.attachment_ids AS "attachmentIds", m.recipient_count AS recipients`;

/** Erases the words of providers about batches, which could name a recipient, and ends their polls. */
export const ERASE_BATCHES = `
UPDATE batch SET reason_detail = NULL, provider_message = NULL, poll_cursor = NULL, next_poll_at = NULL
WHERE message_id = ANY ($1)`;

/** Waits for looks of shadows, which read texts of messages and then quote them. */
export const LOCK_SHADOWS = 'SELECT FROM route_shadow ORDER BY route_id, account FOR UPDATE';

/** Erases the differences found by shadows that quote messages ($1). */
export const ERASE_EXAMPLES = `
UPDATE route_shadow s SET examples = (
  SELECT coalesce(json_agg(e ORDER BY nth), '[]') FROM json_array_elements(s.examples) WITH ORDINALITY AS x (e, nth)
  WHERE (e ->> 'messageId')::uuid <> ALL ($1))
WHERE EXISTS (SELECT FROM json_array_elements(s.examples) AS e WHERE (e ->> 'messageId')::uuid = ANY ($1))`;

/** Erases the words of providers about attempts. */
export const ERASE_ATTEMPTS = `
UPDATE attempt a SET provider_message = NULL, detail = NULL
FROM batch b WHERE b.message_id = ANY ($1) AND a.batch_id = b.id
  AND (a.provider_message IS NOT NULL OR a.detail IS NOT NULL)`;

/** Erases content from stored first answers. The key stays, so that a request is still not carried out twice. */
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

/** Marks files that only erased messages carried as deleted; another sweep removes them, here and at the providers. */
export const DELETE_ATTACHMENTS = `
UPDATE attachment a SET deleted_at = now()
WHERE a.id = ANY ($1) AND a.deleted_at IS NULL
  AND NOT EXISTS (
    SELECT FROM message m
    WHERE m.attachment_ids @> ARRAY[a.id] AND m.attachment_ids <> '{}' AND m.erased_at IS NULL
  )
  AND NOT EXISTS (SELECT FROM template_version v WHERE a.id = ANY (v.attachment_ids))`;

/** Finds months that are over. */
export const FIND_PARTITIONS = `
SELECT * FROM (
  SELECT parent.relname AS parent, part.relname AS name, pg_total_relation_size(part.oid)::float8 AS bytes,
    (regexp_match(pg_get_expr(part.relpartbound, part.oid), 'FROM \\(''([^'']+)''\\)'))[1]::uuid AS "from",
    (regexp_match(pg_get_expr(part.relpartbound, part.oid), 'TO \\(''([^'']+)''\\)'))[1]::uuid AS "to"
  FROM pg_inherits i JOIN pg_class part ON part.oid = i.inhrelid JOIN pg_class parent ON parent.oid = i.inhparent
  WHERE i.inhparent IN ('recipient'::regclass, 'event'::regclass)
) AS month WHERE "to" <= uuid7_floor(now()) ORDER BY name`;

/** Finds whether a message of a month is kept, beginning with the newest, which are the likeliest. */
export const KEEPS_MESSAGE = `
SELECT EXISTS (
  SELECT FROM (SELECT erased_at FROM message WHERE id >= $1 AND id < $2 ORDER BY id DESC OFFSET 0) AS m
  WHERE erased_at IS NULL
) AS keeps`;

/** Finds whether events of a month belong to messages that are kept, from earlier months too. */
export const keepsEvent = (partition: string): string => `
SELECT EXISTS (
  SELECT FROM ${partition} e JOIN message m ON m.id = e.message_id WHERE m.erased_at IS NULL
) AS keeps`;

/** Finds erased messages with rows left, after $3. $4: those only whose month has passed its period by as many days. */
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

/** Deletes some of the recipients of erased messages. */
export const DELETE_RECIPIENTS = `
WITH doomed AS (SELECT message_id, position FROM recipient WHERE message_id = ANY ($1) LIMIT $2)
DELETE FROM recipient r USING doomed
WHERE r.message_id = ANY ($1) AND r.message_id = doomed.message_id AND r.position = doomed.position`;

/** Deletes some of the events of erased messages. */
export const DELETE_EVENTS = `
WITH doomed AS (SELECT id FROM event WHERE message_id = ANY ($1) LIMIT $2)
DELETE FROM event e USING doomed WHERE e.message_id = ANY ($1) AND e.id = doomed.id`;

/** Notes that nothing of erased messages is left to delete. */
export const END_ERASING = 'UPDATE message SET erasing = false WHERE id = ANY ($1)';

/** Finds erased messages of a category ($1) that may go altogether, after ($3, $4); not before their figures are added up. */
export const FIND_DROPPABLE = `
SELECT m.id, m.completed_at::text AS at, m.batch_count AS size FROM message m
WHERE m.category = $1 AND m.erased_at IS NOT NULL AND NOT m.erasing
  AND (m.completed_at, m.id) > ($3::timestamptz, $4::uuid) AND ${over('$2::int')}
  AND NOT EXISTS (SELECT FROM statistic_delta d WHERE d.message_id = m.id)
ORDER BY m.completed_at, m.id LIMIT $5`;

/** Removes the stored first answers of erased messages. */
export const DROP_ANSWERS = `
DELETE FROM idempotency_key k USING message m, unnest($1::text[], $2::uuid[]) AS named (location, id)
WHERE m.id = named.id AND k.client_id = m.client_id
  AND k.headers ->> 'location' = named.location AND k.headers ->> 'location' LIKE '/v1/messages/%'`;

/** Removes erased messages with their batches and attempts. */
export const DROP_MESSAGES = 'DELETE FROM message WHERE id = ANY ($1)';

/** Counts what a run would erase now. */
export const PLAN_MESSAGES = `
WITH ${PERIOD}
SELECT m.category, count(*)::int AS messages, sum(m.recipient_count)::float8 AS recipients
FROM period p JOIN message m ON m.category = p.category WHERE m.erased_at IS NULL AND ${over('p.days')}
GROUP BY m.category`;

/** Counts the messages that a run would remove altogether now. */
export const PLAN_DROPS = `
WITH ${PERIOD}
SELECT count(*)::int AS messages FROM period p JOIN message m ON m.category = p.category WHERE ${over('p.days')}`;

/** Counts the messages of a month, and how many of them are erased or would be. */
export const PLAN_MONTH = `
WITH ${PERIOD}
SELECT count(*)::int AS messages,
  count(*) FILTER (WHERE m.erased_at IS NOT NULL OR EXISTS (
    SELECT FROM period p WHERE p.category = m.category AND ${over('p.days')}))::int AS passed
FROM message m WHERE m.id >= $3 AND m.id < $4`;

/** Finds whether events of a month belong to messages that a run would keep. */
export const planEvents = (partition: string): string => `
WITH ${PERIOD}
SELECT EXISTS (
  SELECT FROM ${partition} e JOIN message m ON m.id = e.message_id
  WHERE m.erased_at IS NULL AND NOT EXISTS (SELECT FROM period p WHERE p.category = m.category AND ${over('p.days')})
) AS keeps`;

/** Waits for locks no longer than some milliseconds, until the transaction ends. */
export const waitForLocks = (ms: number): string => `SET LOCAL lock_timeout = ${ms}`;

/** Keeps writers out of a month until the transaction ends; readers go on. */
export const lockMonth = (name: string): string => `LOCK TABLE ${name} IN SHARE ROW EXCLUSIVE MODE`;

/** Drops the partition of a month ($1). */
export const DROP_MONTH = 'SELECT drop_partition($1)';
