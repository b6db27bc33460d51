/** Begins to follow the list of an account's news. */
export const ENSURE = `INSERT INTO provider_updates (provider) VALUES ($1) ON CONFLICT DO NOTHING`;

/**
 * Takes the list of an account ($1) to read it, for $2 milliseconds, if it is due and nobody reads it. It is due also $3
 * milliseconds after the last reading, if the account has taken mail since.
 */
export const TAKE = `
  UPDATE provider_updates u
  SET lease_until = now() + $2::float8 * interval '1 ms', lease_token = lease_token + 1, read_at = now()
  WHERE provider = $1 AND (lease_until IS NULL OR lease_until < now())
    AND (next_at <= now() OR failures = 0 AND read_at <= now() - $3::float8 * interval '1 ms' AND EXISTS (
      SELECT FROM provider_account a WHERE a.name = u.provider AND a.last_success > u.read_at
    ))
  RETURNING lease_token AS token, cursor, failures`;

/** Ends a reading under its token ($2) with a new cursor ($3). The next is in $4 milliseconds, of an idle account in $5. */
export const FINISH = `
  UPDATE provider_updates u
  SET lease_until = NULL, cursor = $3::json, failures = 0, next_at = now() + CASE WHEN EXISTS (
      SELECT FROM provider_account a WHERE a.name = u.provider AND a.last_success > now() - interval '10 min'
    ) THEN $4::float8 ELSE $5::float8 END * interval '1 ms'
  WHERE provider = $1 AND lease_token = $2`;

/** Ends a reading that failed, under its token ($2); the next is in $3 milliseconds. */
export const FAIL = `
  UPDATE provider_updates
  SET lease_until = NULL, failures = failures + 1, next_at = now() + $3::float8 * interval '1 ms'
  WHERE provider = $1 AND lease_token = $2`;
