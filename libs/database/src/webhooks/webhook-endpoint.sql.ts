/** Keeps an endpoint ($2) of a client ($1) from changing until the transaction ends. */
export const LOCK = 'SELECT FROM webhook_endpoint WHERE client_id = $1 AND id = $2 FOR UPDATE';

/** Lets a paused endpoint ($1) go on, from a place in the log ($2, $3) if one is given; then, no worker has it any more. */
export const RESUME = `
  UPDATE webhook_endpoint SET paused_at = NULL, pause_reason = NULL, failures = 0, failing_since = NULL,
    probe_at = NULL, probes = 0, look_at = NULL, in_flight = max_in_flight, updated_at = now(),
    position = coalesce($2, position), told = coalesce($3, told),
    planned = CASE WHEN $2::bigint IS NULL THEN planned ELSE '[]' END,
    lease_token = lease_token + CASE WHEN $2::bigint IS NULL THEN 0 ELSE 1 END,
    lease_until = CASE WHEN $2::bigint IS NULL THEN lease_until END
  WHERE id = $1`;

/** Finds the first position of a client's ($1) events from a time ($2) on. */
export const FIND_PLACE_AT = `
  SELECT min(position)::float8 AS position FROM event WHERE client_id = $1 AND at >= $2`;

/** Finds endpoints, at most $3 after an id ($2), with a header whose value does not begin as sealed values do ($1). */
export const FIND_UNSEALED = `
  SELECT id, headers FROM webhook_endpoint e
  WHERE ($2::uuid IS NULL OR id > $2)
    AND EXISTS (SELECT FROM jsonb_each_text(headers) AS h WHERE NOT starts_with(h.value, $1))
  ORDER BY id LIMIT $3`;

/** Replaces the headers ($2) of an endpoint ($1), if they are still those. */
export const REPLACE_HEADERS = `
  UPDATE webhook_endpoint SET headers = $3::jsonb WHERE id = $1 AND headers = $2::jsonb`;

/** The columns of an endpoint that its worker needs. */
const CLAIMED = `
  id, client_id AS "clientId", url, events, filter, batch_max_events AS "batchMaxEvents",
  batch_max_wait_ms AS "batchMaxWaitMs", ordered, max_in_flight AS "maxInFlight", max_per_second AS "maxPerSecond",
  headers, signing, secrets, position::float8 AS position, told, planned, lease_token::float8 AS token, erasures::float8 AS erasures,
  in_flight AS "inFlight", failures, failing_since AS "failingSince", probe_at AS "probeAt", probes,
  last_success_at AS "lastSuccessAt", last_error AS "lastError", paused_at AS "pausedAt"`;

/** Finds whether there is an endpoint that is not paused: asked all the time. */
export const HAS_ENDPOINTS = 'SELECT EXISTS (SELECT FROM webhook_endpoint WHERE paused_at IS NULL) AS any';

/**
 * Claims endpoints with something to send, at most $3, for $2 milliseconds: events up to the horizon ($1), or requests
 * that are due again. One that is failing has something to do at its next probe only.
 */
export const CLAIM = `
  UPDATE webhook_endpoint SET lease_token = lease_token + 1, lease_until = now() + $2 * interval '1 ms'
  WHERE id IN (
    SELECT e.id FROM webhook_endpoint e
    WHERE paused_at IS NULL AND (lease_until IS NULL OR lease_until < now()) AND (probe_at IS NULL OR probe_at <= now())
      AND (
        (look_at IS NULL OR look_at <= now()) AND (planned <> '[]'
          OR EXISTS (SELECT FROM event v WHERE v.client_id = e.client_id AND v.position BETWEEN e.position AND $1))
        OR EXISTS (SELECT FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.status IN ('pending', 'failing')
          AND (d.next_attempt_at <= now() OR e.probe_at IS NOT NULL)))
    ORDER BY lease_until NULLS FIRST LIMIT $3 FOR UPDATE SKIP LOCKED)
  RETURNING ${CLAIMED}`;

/** Writes down where the slices end that are about to be sent, so that another worker would send the same ones. */
export const PLAN = `
  UPDATE webhook_endpoint SET planned = $3::jsonb, lease_until = now() + $4 * interval '1 ms'
  WHERE id = $1 AND lease_token = $2`;

/** Moves an endpoint on after some requests, if the worker still has it; a pause by its owner stays. */
export const ADVANCE = `
  UPDATE webhook_endpoint e SET position = n.position, told = n.told, planned = n.planned, in_flight = n."inFlight",
    failures = n.failures, failing_since = n."failingSince", probe_at = n."probeAt", probes = n.probes,
    last_success_at = n."lastSuccessAt", last_error = nullif(n."lastError", 'null'),
    paused_at = coalesce(e.paused_at, CASE WHEN n."pauseReason" IS NOT NULL THEN now() END),
    pause_reason = coalesce(e.pause_reason, n."pauseReason"), lease_until = now() + $4 * interval '1 ms'
  FROM jsonb_to_record($3::jsonb) AS n (position bigint, told integer, planned jsonb, "inFlight" integer,
    failures integer, "failingSince" timestamptz, "probeAt" timestamptz, probes integer, "lastSuccessAt" timestamptz,
    "lastError" jsonb, "pauseReason" text)
  WHERE e.id = $1 AND e.lease_token = $2
  RETURNING e.paused_at AS "pausedAt", e.erasures::float8 AS erasures`;

/** Gives an endpoint back, at its place in the log. There is nothing to look for before $6. */
export const RELEASE = `
  UPDATE webhook_endpoint SET lease_until = NULL, position = $3, told = $4, planned = $5::jsonb, look_at = $6
  WHERE id = $1 AND lease_token = $2`;

/** Keeps an endpoint for longer. */
export const RENEW = `
  UPDATE webhook_endpoint SET lease_until = now() + $3 * interval '1 ms' WHERE id = $1 AND lease_token = $2`;

/** Counts endpoints by state, and how long the next event has been waiting for one that works. */
export const COUNT_STATES = `
  SELECT count(*) FILTER (WHERE paused_at IS NULL AND probe_at IS NULL)::int AS healthy,
    count(*) FILTER (WHERE paused_at IS NULL AND probe_at IS NOT NULL)::int AS failing,
    count(*) FILTER (WHERE paused_at IS NOT NULL)::int AS paused,
    coalesce(extract(epoch FROM max(now() - v.at) FILTER (WHERE paused_at IS NULL AND probe_at IS NULL)), 0)::float8
      AS "lagSeconds"
  FROM webhook_endpoint e LEFT JOIN LATERAL (
    SELECT at FROM event WHERE client_id = e.client_id AND position >= e.position ORDER BY position LIMIT 1
  ) AS v ON true`;

/**
 * Finds endpoints that are neither paused nor failing, that no worker has, and whose requests have been due, or whose
 * next event has been there, for $1 milliseconds.
 */
export const FIND_FORGOTTEN = `
  SELECT e.id FROM webhook_endpoint e, (SELECT now() - $1 * interval '1 ms' AS late) AS l
  WHERE paused_at IS NULL AND probe_at IS NULL AND coalesce(lease_until, '-infinity') < late
    AND coalesce(look_at, '-infinity') < late
    AND (EXISTS (SELECT FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.status IN ('pending', 'failing')
        AND d.next_attempt_at < late)
      OR EXISTS (SELECT FROM event v WHERE v.client_id = e.client_id AND v.position >= e.position AND v.at < late))
  ORDER BY e.id`;
