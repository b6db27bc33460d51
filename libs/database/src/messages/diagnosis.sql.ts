/**
 * Finds the batches of a client's message in groups of equal account, status and reason. Batches that smaller ones
 * replaced do not count.
 */
export const FIND_BATCH_GROUPS = `
  SELECT b.provider, b.status, b.reason, max(b.reason_detail) AS detail,
    b.provider_code AS code, max(b.provider_message) AS message,
    count(*)::int AS batches, sum(b.recipient_count)::int AS recipients,
    min(b.due_at) AS "dueAt", min(b.next_attempt_at) AS "nextAttemptAt", min(b.next_poll_at) AS "nextPollAt",
    min(b.submitted_at) AS "submittedAt", max(b.lookup_count)::int AS lookups,
    min((
      SELECT a.started_at FROM attempt a WHERE a.batch_id = b.id ORDER BY a.number DESC LIMIT 1
    )) FILTER (WHERE b.status IN ('dispatching', 'unconfirmed')) AS "postedAt"
  FROM batch b
  WHERE b.message_id = $2 AND b.status <> 'replanned'
    AND EXISTS (SELECT FROM message WHERE id = $2 AND client_id = $1)
  GROUP BY b.provider, b.status, b.reason, b.provider_code
  ORDER BY min(b.position_from)`;

/**
 * Groups recipients that did not get the mail by status, reason and the provider's code. Only the first $3 of them, in
 * the first $4 batches that have any: a message has up to 5,000,000 recipients.
 */
export const FIND_LOSSES = `
  WITH damaged AS (
    SELECT provider, position_from, position_to FROM batch
    WHERE message_id = $2 AND status <> 'replanned' AND counts ?| ARRAY['bounced', 'failed', 'rejected', 'expired']
      AND EXISTS (SELECT FROM message WHERE id = $2 AND client_id = $1)
    ORDER BY position_from LIMIT $4
  ), lost AS (
    SELECT d.provider, r.status, r.reason, r.provider_code, r.provider_message
    FROM damaged d
    JOIN recipient r ON r.message_id = $2 AND r.position BETWEEN d.position_from AND d.position_to
    WHERE r.status IN ('bounced', 'failed', 'rejected', 'expired')
    LIMIT $3
  )
  SELECT provider, status, reason, provider_code AS code, max(provider_message) AS message, count(*)::int AS recipients
  FROM lost
  GROUP BY provider, status, reason, provider_code
  ORDER BY count(*) DESC, status, reason`;
