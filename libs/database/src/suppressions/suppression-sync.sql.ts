/** Makes accounts known whose lists are compared with ours, due at once or (unscheduled) when asked for. */
export const REGISTER = `
  INSERT INTO suppression_sync (provider, next_at)
  SELECT provider, CASE WHEN $2 THEN now() ELSE 'infinity' END FROM unnest($1::text[]) AS provider
  ON CONFLICT (provider) DO NOTHING`;

/**
 * Claims the comparison of an account for $4 ms: a new one, or the one that another process left. A whole list is
 * read once a day.
 */
export const TAKE = `
  WITH free AS (
    SELECT provider, step IS NULL OR ($2 AND NOT whole) AS restart,
      $2 OR whole_at IS NULL OR whole_at < now() - interval '1 day' AS want_whole
    FROM suppression_sync
    WHERE provider = $1 AND (lease_until IS NULL OR lease_until < now()) AND (NOT $3 OR next_at <= now())
    FOR UPDATE SKIP LOCKED
  )
  UPDATE suppression_sync s
  SET lease_token = lease_token + 1, lease_until = now() + $4 * interval '1 ms',
    step = CASE WHEN restart THEN 'read' ELSE step END, whole = CASE WHEN restart THEN want_whole ELSE whole END,
    cursor = CASE WHEN NOT restart THEN cursor END, started_at = CASE WHEN restart THEN now() ELSE started_at END,
    counts = CASE WHEN restart THEN '{}' ELSE counts END
  FROM free WHERE s.provider = free.provider
  RETURNING s.provider, step, whole, since, cursor, started_at AS "startedAt", counts,
    lease_token AS "leaseToken", NOT restart AS resumed`;

/** Writes how far a comparison is, and holds it for $6 ms more, while its lease token ($2) is the newest. */
export const ADVANCE = `
  UPDATE suppression_sync
  SET step = $3, cursor = $4, counts = $5, lease_until = now() + $6 * interval '1 ms'
  WHERE provider = $1 AND lease_token = $2`;

/** Ends a comparison. The next one is due after $4 ms, or (0) when it is asked for. */
export const FINISH = `
  UPDATE suppression_sync
  SET step = NULL, cursor = NULL, counts = $3, since = started_at, finished_at = now(), lease_until = NULL,
    whole_at = CASE WHEN whole THEN started_at ELSE whole_at END,
    next_at = CASE WHEN $4 > 0 THEN now() + $4 * interval '1 ms' ELSE 'infinity' END
  WHERE provider = $1 AND lease_token = $2`;

/** Has the other accounts compared at once, because the list has changed. */
export const WAKE_OTHERS =
  'UPDATE suppression_sync SET next_at = now() WHERE provider <> $1 AND step IS NULL AND next_at > now()';

/** Gives a comparison back that is not finished; it goes on after $3 ms. */
export const RELEASE = `
  UPDATE suppression_sync SET lease_until = NULL, next_at = now() + $3 * interval '1 ms'
  WHERE provider = $1 AND lease_token = $2`;
