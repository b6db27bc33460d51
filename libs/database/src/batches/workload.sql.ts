import { DELAYED, TAKEN, WAITING } from './status-lists.js';

/**
 * Counts batches that are not at their end. One part for each partial index: over a status list that no single index
 * covers, the whole table would be read.
 */
export const COUNT_BATCHES = `
  SELECT provider, category, status, CASE WHEN status = 'deferred' THEN reason END AS reason, count(*)::int AS count,
    greatest(extract(epoch FROM now() - min(next_attempt_at)), 0)::float AS "dueSeconds", 0 AS "leasesEnded"
  FROM batch WHERE status IN ${WAITING} GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT provider, category, status, NULL, count(*)::int, greatest(extract(epoch FROM now() - min(next_attempt_at)), 0), 0
  FROM batch WHERE status = 'unconfirmed' GROUP BY 1, 2, 3
  UNION ALL
  SELECT provider, category, status, NULL, count(*)::int, 0, (count(*) FILTER (WHERE lease_until < now()))::int
  FROM batch WHERE status = 'dispatching' GROUP BY 1, 2, 3
  UNION ALL
  SELECT provider, category, status, NULL, count(*)::int, 0, 0
  FROM batch WHERE next_poll_at IS NOT NULL AND status IN ${TAKEN} GROUP BY 1, 2, 3`;

/** Counts batches that are due and wait. The first list is that of the partial index. */
export const COUNT_WAITING = `
  SELECT count(*)::int AS batches, coalesce(sum(recipient_count), 0)::float AS recipients
  FROM batch
  WHERE status IN ${WAITING} AND status IN ${DELAYED}`;

/** Finds since when the oldest request of each account has been in doubt. */
export const FIND_UNCONFIRMED = `
  SELECT b.provider, greatest(extract(epoch FROM now() - min(a.started_at)), 0)::float AS seconds
  FROM batch b JOIN attempt a ON a.batch_id = b.id AND (a.outcome IS NULL OR a.outcome = 'unconfirmed')
  WHERE b.status = 'unconfirmed' GROUP BY b.provider`;

/** Finds how late the most overdue poll of each account is. */
export const FIND_POLLS = `
  SELECT provider, extract(epoch FROM now() - min(next_poll_at))::float AS seconds
  FROM batch WHERE next_poll_at <= now() GROUP BY provider`;

/** Counts the attempts that began within the last $1 seconds. */
export const COUNT_ATTEMPTS = `
  SELECT provider, coalesce(outcome::text, 'open') AS outcome, count(*)::int AS count
  FROM attempt WHERE id >= uuid7_floor(now() - $1 * interval '1 s') GROUP BY 1, 2`;

/** Finds how late the most overdue message to an audience is. */
export const FIND_AUDIENCE = `
  SELECT '' AS provider, extract(epoch FROM now() - min(expand_at))::float AS seconds
  FROM message WHERE expand_at <= now() HAVING min(expand_at) IS NOT NULL`;

/** Counts the attempts of the last hour by minute. A range of the primary key; what it reads is bounded by its time. */
export const COUNT_ATTEMPTS_BY_MINUTE = `
  SELECT date_trunc('minute', started_at) AS minute, provider, coalesce(outcome::text, 'open') AS outcome,
    count(*)::int AS count
  FROM attempt WHERE id >= uuid7_floor(now() - interval '1 hour') GROUP BY 1, 2, 3 ORDER BY 1`;

/**
 * How the newest requests of the last hour were answered, by account: the 95th percentile of the time, and the share
 * that was left without an answer. $1 bounds what is read.
 */
export const FIND_ANSWERS = `
  SELECT provider,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at) * 1000)::float AS "p95Ms",
    (avg((outcome IN ('unconfirmed', 'adopted', 'absent'))::int))::float AS "ambiguityRate"
  FROM (
    SELECT provider, started_at, finished_at, outcome FROM attempt
    WHERE id >= uuid7_floor(now() - interval '1 hour') ORDER BY id DESC LIMIT $1
  ) AS recent
  WHERE outcome IS NOT NULL GROUP BY provider`;

/** Counts the requests and recipients of the last minute by lane: how fast each lane goes now. */
export const COUNT_PACE = `
  SELECT a.provider, b.category, count(*)::int AS requests, coalesce(sum(b.recipient_count), 0)::int AS recipients
  FROM attempt a JOIN batch b ON b.id = a.batch_id
  WHERE a.id >= uuid7_floor(now() - interval '1 minute') GROUP BY 1, 2`;
