import { PUT_OFF } from '../batches/status-lists.js';
import { periodOf } from './quota.sql.js';

const CLOSES = 'closed_at = coalesce(provider_account.closed_at, now())';

/** Finds the state of accounts by name, also of those without a row, with the use of their quota. */
export const FIND = `
  SELECT n.name, a.paused_at AS "pausedAt", a.paused_by AS "pausedBy", a.pause_reason AS "pauseReason",
    a.paused_by_key AS "pausedByKey", a.resumed_at AS "resumedAt", a.resumed_by_key AS "resumedByKey",
    a.drained_at AS "drainedAt", a.drain_reason AS "drainReason", a.drained_by_key AS "drainedByKey",
    a.closed_at AS "closedAt", a.opened_at AS "openedAt", a.pace_at AS "paceAt", coalesce(a.failures, 0) AS failures, a.open_until AS "openUntil", a.open_reason AS "openReason",
    (extract(epoch FROM a.open_until - now()) * 1000)::float8 AS "openForMs", a.last_success AS "lastSuccess",
    a.last_failure AS "lastFailure", a.failure_words AS "failureWords", coalesce(u.recipients, 0) AS "usedInPeriod",
   a.used_up_at AS "usedUpAt", f.checked_at AS "markerLostAt", (extract(epoch FROM a.pace_at - now()) * 1000)::float8 AS "paceForMs"
  FROM unnest($1::text[]) AS n (name)
  LEFT JOIN provider_account a ON a.name = n.name
  LEFT JOIN provider_feature f ON f.provider = n.name AND f.feature = 'marker' AND f.retired
  LEFT JOIN provider_usage u
    ON u.provider = n.name AND u.month = ${periodOf('n.name', 'now()')}`;

/** Locks the row of account $1, which it makes if there is none, and finds whether the account is paused. */
export const LOCK = `
  INSERT INTO provider_account AS a (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name
  RETURNING paused_at IS NOT NULL AS paused`;

/** Pauses account $1 because of what the provider says ($2); a probe is due after $3 milliseconds. */
export const PAUSE_FOR_CREDENTIALS = `
  INSERT INTO provider_account (name, paused_at, closed_at, paused_by, pause_reason, last_failure, failure_words,
    open_until, open_reason)
  VALUES ($1, now(), now(), 'gateway', $2, now(), $2, now() + $3 * interval '1 ms', 'credentials')
  ON CONFLICT (name) DO UPDATE
  SET paused_at = coalesce(provider_account.paused_at, now()), ${CLOSES},
    paused_by = coalesce(provider_account.paused_by, 'gateway'),
    pause_reason = coalesce(provider_account.pause_reason, excluded.pause_reason),
    last_failure = now(), failure_words = excluded.failure_words,
    open_until = excluded.open_until, open_reason = excluded.open_reason`;

/**
 * Notes a success, at most once a second; returns whether the account was out of order. The row is looked at before it is
 * locked: a lock alone has to go to the disk, too.
 */
export const NOTE_SUCCESS = `
  INSERT INTO provider_account (name, last_success)
  SELECT $1, now() WHERE NOT EXISTS (
    SELECT FROM provider_account
    WHERE name = $1 AND last_success >= now() - interval '1 s' AND failures = 0 AND open_until IS NULL
  )
  ON CONFLICT (name) DO UPDATE SET last_success = now()
  WHERE provider_account.last_success IS NULL OR provider_account.last_success < now() - interval '1 s'
    OR provider_account.failures > 0 OR provider_account.open_until IS NOT NULL
  RETURNING failures > 0 OR open_until IS NOT NULL AS ill`;

/**
 * Notes a failure ($2) in a row. From the threshold ($3) on, the breaker opens for $4 milliseconds, doubling up to $5;
 * returns how many there are.
 */
export const NOTE_FAILURE = `
  INSERT INTO provider_account (name, last_failure, failure_words, failures) VALUES ($1, now(), $2, 1)
  ON CONFLICT (name) DO UPDATE
  SET last_failure = now(), failure_words = $2, failures = provider_account.failures + 1,
    open_until = CASE WHEN provider_account.failures + 1 < $3 THEN provider_account.open_until
      ELSE now() + least($5, $4 * power(2, least(provider_account.failures + 1 - $3, 30))) * interval '1 ms' END,
    open_reason = CASE WHEN provider_account.failures + 1 < $3 THEN provider_account.open_reason ELSE 'unavailable' END,
    closed_at = CASE WHEN provider_account.failures + 1 < $3 THEN provider_account.closed_at
      ELSE coalesce(provider_account.closed_at, now()) END
  RETURNING failures`;

/** Leaves an account alone for $3 milliseconds, as the provider asks ($2). */
export const COOL_DOWN = `
  INSERT INTO provider_account (name, closed_at, last_failure, failure_words, open_until, open_reason)
  VALUES ($1, now(), now(), $2, now() + $3 * interval '1 ms', 'throttled')
  ON CONFLICT (name) DO UPDATE
  SET last_failure = now(), failure_words = $2, ${CLOSES},
    open_until = greatest(provider_account.open_until, excluded.open_until),
    open_reason = coalesce(provider_account.open_reason, 'throttled')`;

/** Makes the next probe of account $1 due at once, if its credentials were refused. */
export const PROBE_CREDENTIALS = `
  UPDATE provider_account SET open_until = now()
  WHERE name = $1 AND open_reason = 'credentials' AND paused_by = 'gateway' AND open_until > now()`;

/** Takes the probe of an open breaker whose time has passed; the others wait $2 milliseconds more. */
export const TAKE_PROBE = `
  UPDATE provider_account SET open_until = now() + $2 * interval '1 ms' WHERE name = $1 AND open_until <= now()`;

/**
 * Takes $2 milliseconds of an account's pace; $3: without waiting for them; $4: only if its turn comes within so many
 * milliseconds.
 */
export const TAKE_PACE = `
  INSERT INTO provider_account AS a (name, pace_at) VALUES ($1, now() + $2 * interval '1 ms')
  ON CONFLICT (name) DO UPDATE SET pace_at = greatest(coalesce(a.pace_at, now()), now()) + $2 * interval '1 ms'
  WHERE $3 OR a.pace_at IS NULL OR a.pace_at <= now() + $4 * interval '1 ms'
  RETURNING CASE WHEN $3 THEN 0 ELSE extract(epoch FROM pace_at - now()) * 1000 - $2 END::float8 AS "waitMs"`;

/**
 * Opens an account; if $2 is given, not one that $2 has paused or that is drained. The time is the clock's, not the
 * transaction's: until it ends, others see a closed account. Returns why it was paused.
 */
export const OPEN = `
  WITH before AS (SELECT pause_reason FROM provider_account WHERE name = $1 AND paused_at IS NOT NULL)
  UPDATE provider_account
  SET paused_at = NULL, paused_by = NULL, pause_reason = NULL, paused_by_key = NULL, closed_at = NULL,
    drained_at = NULL, drain_reason = NULL, drained_by_key = NULL, opened_at = clock_timestamp()
  WHERE name = $1 AND ($2::text IS NULL OR paused_by IS DISTINCT FROM $2 AND drained_at IS NULL)
  RETURNING (SELECT pause_reason FROM before) AS "pauseReason"`;

/**
 * Makes batches that wait for their account due, before those that are due later: who was tried in vain loses no place. A
 * batch that has a place in the account's pace keeps it.
 */
export const RELEASE_WAITING = `
  UPDATE batch SET next_attempt_at = least(due_at, now()), enqueued_at = NULL
  WHERE provider = $1 AND status = 'deferred' AND ${PUT_OFF}
    AND (reason = 'provider_unavailable' OR reason = 'throttled' AND paced_at IS NULL)`;
