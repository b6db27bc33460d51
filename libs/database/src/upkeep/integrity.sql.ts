import { TAKEN, WAITING } from '../batches/status-lists.js';

/**
 * The actual rows of some messages ($1), as parts of one statement, so that all of them are of one moment:
 * `part`: each batch with the followers and the own statuses that its recipients have; `whole`: each message with the
 * counts that follow, and how many of its recipients follow no batch at all.
 */
const ACTUAL = `
part AS (
  SELECT b.id, b.message_id, b.status, b.follower_count, counts_add(b.counts, '{}') AS counts, actual.followers, actual.own
  FROM batch b CROSS JOIN LATERAL (
    SELECT coalesce(sum(n) FILTER (WHERE status IS NULL), 0)::integer AS followers,
      coalesce(jsonb_object_agg(status, n) FILTER (WHERE status IS NOT NULL), '{}') AS own
    FROM (
      SELECT status, count(*) AS n FROM recipient r
      WHERE r.message_id = b.message_id AND r.position BETWEEN b.position_from AND b.position_to GROUP BY status
    ) AS by_status
  ) AS actual
  WHERE b.message_id = ANY ($1) AND b.status <> 'replanned'
), own AS (
  SELECT message_id, status, count(*) AS n FROM recipient WHERE message_id = ANY ($1) GROUP BY message_id, status
), share AS (
  SELECT message_id, status, n FROM own WHERE status IS NOT NULL
  UNION ALL
  SELECT message_id, inherited_status(status), followers FROM part WHERE followers > 0
), whole AS (
  SELECT m.id, counts_add(m.counts, '{}') AS counts, m.recipient_count, m.completed_at,
    m.erased_at,
    (SELECT coalesce(jsonb_object_agg(status, total), '{}')
     FROM (SELECT status, sum(n) AS total FROM share WHERE share.message_id = m.id GROUP BY status) AS sums) AS expected,
    (SELECT coalesce(sum(n), 0) FROM own WHERE own.message_id = m.id) AS rows,
    (SELECT coalesce(sum(n), 0) FROM own WHERE own.message_id = m.id AND status IS NULL)
      - (SELECT coalesce(sum(followers), 0) FROM part WHERE part.message_id = m.id) AS strays
  FROM message m WHERE m.id = ANY ($1)
)`;

/**
 * Recipients of an erased message go, all at once or not; those of a finished one may have been dropped with their month
 * by hand: then there is nothing to compare with.
 */
const KEPT = `whole.erased_at IS NULL
  AND NOT (whole.rows = 0 AND whole.recipient_count > 0 AND whole.completed_at IS NOT NULL)`;

/** Finds messages ($1) and batches whose counts are not those of their recipients. */
export const WRONG_COUNTS = `
WITH ${ACTUAL}
SELECT 'message_counts' AS what, whole.id AS "messageId", NULL::uuid AS "batchId", whole.counts::text AS kept,
  whole.expected::text AS actual
FROM whole WHERE whole.counts <> whole.expected AND ${KEPT}
UNION ALL
SELECT 'batch_counts', part.message_id, part.id, part.follower_count || ' followers, ' || part.counts,
  part.followers || ' followers, ' || part.own
FROM part JOIN whole ON whole.id = part.message_id
WHERE (part.follower_count <> part.followers OR part.counts <> part.own) AND ${KEPT}
UNION ALL
SELECT 'stray_recipients', whole.id, NULL, '0', whole.strays::text FROM whole WHERE whole.strays <> 0 AND ${KEPT}
UNION ALL
SELECT 'missing_recipients', whole.id, NULL, whole.recipient_count::text, whole.rows::text
FROM whole WHERE whole.recipient_count <> whole.rows AND ${KEPT}`;

/** Sets the counts of batches of messages ($1) by their recipients. */
export const MEND_BATCHES = `
WITH ${ACTUAL}
UPDATE batch b SET follower_count = part.followers, counts = part.own
FROM part WHERE b.id = part.id AND (b.follower_count <> part.followers OR counts_add(b.counts, '{}') <> part.own)`;

/** Sets the counts of messages ($1) by their recipients. */
export const MEND_MESSAGE = `
WITH ${ACTUAL}
UPDATE message m SET counts = whole.expected FROM whole WHERE m.id = whole.id AND m.counts <> whole.expected`;

const FINAL = `('completed', 'partially_failed', 'failed', 'cancelled')`;

/** Finds messages ($1) that ended without saying so, or the reverse. An event is only missed while earlier ones are kept. */
export const WRONG_COMPLETIONS = `
SELECT * FROM (
  SELECT id AS "messageId", status::text, CASE
    WHEN completed_at IS NULL AND status IN ${FINAL} THEN 'untold_completion'
    WHEN completed_at IS NOT NULL AND status NOT IN ${FINAL} THEN 'early_completion'
    WHEN completed_at IS NOT NULL AND erased_at IS NULL
      AND EXISTS (SELECT FROM event e WHERE e.message_id = m.id AND e.id < uuid7_floor(m.completed_at))
      AND NOT EXISTS (SELECT FROM event e WHERE e.message_id = m.id AND e.type = 'message.completed')
      THEN 'missing_event'
    END AS what
  FROM message m WHERE id = ANY ($1)
) AS seen WHERE what IS NOT NULL`;

/** Finds a page of batches for which something should have been done `$2` milliseconds ago. */
export const UNOWNED_BATCHES = `
SELECT * FROM (
  SELECT id AS "batchId", message_id AS "messageId", provider, category, status::text, CASE
    WHEN status IN ${WAITING} AND next_attempt_at < late.at
      AND (enqueued_at IS NULL OR enqueued_at < late.at) THEN 'due, and no job'
    WHEN status = 'unconfirmed' AND next_attempt_at < late.at
      AND (enqueued_at IS NULL OR enqueued_at < late.at) THEN 'not looked up'
    WHEN status = 'dispatching' AND lease_until IS NULL THEN 'no lease'
    WHEN status = 'dispatching' AND lease_until < late.at THEN 'its lease ended'
    WHEN status IN ${TAKEN} AND (next_poll_at IS NULL OR next_poll_at < late.at) THEN 'not followed'
    END AS why
  FROM batch CROSS JOIN (SELECT now() - $2 * interval '1 ms' AS at) AS late
  WHERE id > $1
) AS seen WHERE why IS NOT NULL ORDER BY "batchId" LIMIT $3`;

/** Attempts without an outcome whose batch is neither being posted nor looked up. */
const OPEN_ATTEMPT = `
SELECT a.id AS "attemptId", a.number, b.id AS "batchId", b.message_id AS "messageId", b.status::text
FROM attempt a JOIN batch b ON b.id = a.batch_id
WHERE a.outcome IS NULL AND b.status <> 'unconfirmed'
  AND NOT (b.status = 'dispatching' AND a.number = b.attempt_count)`;

/** Finds a page of attempts that will never get an outcome. */
export const OPEN_ATTEMPTS = `${OPEN_ATTEMPT} AND a.id > $1 ORDER BY a.id LIMIT $2`;

/** Finds those of some attempts ($1) that still have no outcome. */
export const OPEN_ATTEMPTS_AMONG = `${OPEN_ATTEMPT} AND a.id = ANY ($1) ORDER BY a.id`;

/** Finds accounts that batches name, whatever is configured: each step goes to the next name in the index. */
export const ACCOUNTS = `
WITH RECURSIVE account AS (
  SELECT min(provider) AS name FROM batch
  UNION ALL
  SELECT (SELECT min(provider) FROM batch WHERE provider > account.name) FROM account WHERE account.name IS NOT NULL
)
SELECT name FROM account WHERE name IS NOT NULL UNION SELECT name FROM provider_account ORDER BY name`;

/** Waits for locks no longer than a live gateway can bear, until the transaction ends. */
export const WAIT_BRIEFLY = "SET LOCAL lock_timeout = '5s'";

/** Finds whether the timeline reports the end of a message, and what the message says itself. */
export const FIND_COMPLETION = `
  SELECT EXISTS (SELECT FROM event WHERE message_id = $1 AND type = 'message.completed') AS told, status, counts
  FROM message WHERE id = $1`;

/** Makes a batch due for the sweeps again, if it has the status $2 still. */
export const BRING_BACK = `
  UPDATE batch
  SET enqueued_at = CASE WHEN status IN ${TAKEN} OR status = 'dispatching' THEN enqueued_at END,
    lease_until = CASE WHEN status = 'dispatching' THEN coalesce(lease_until, now() - interval '1 s') END,
    next_poll_at = CASE WHEN status IN ${TAKEN} THEN now() ELSE next_poll_at END
  WHERE id = $1 AND status = $2::batch_status`;

/** Locks a batch, and says whether it waits to be sent. */
export const LOCK_BATCH = `
  SELECT status IN ${WAITING} AS waits FROM batch
  WHERE id = $1 AND status <> 'unconfirmed' FOR UPDATE`;

/** Ends an attempt without an outcome as unconfirmed. */
export const CLOSE_ATTEMPT = `
  UPDATE attempt SET outcome = 'unconfirmed', finished_at = coalesce(finished_at, now()),
    detail = coalesce(detail, 'its outcome was never written')
  WHERE id = $1 AND outcome IS NULL`;

/** Locks the batches of a message, before the message as everywhere. */
export const LOCK_BATCHES = 'SELECT FROM batch WHERE message_id = $1 ORDER BY id FOR UPDATE';

/** Locks a message. */
export const LOCK_MESSAGE = 'SELECT FROM message WHERE id = $1 FOR UPDATE';
