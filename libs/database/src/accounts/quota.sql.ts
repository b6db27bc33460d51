/**
 * The first day of the period of an account's quota that a time falls into (SQL): the key of `provider_usage`. Its
 * column is called `month` because quotas once were all by month, and processes of both versions run during an upgrade.
 * An account without a declared period counts by the months of Asia/Seoul.
 */
export const periodOf = (provider: string, time: string): string => `(
  SELECT date_trunc(coalesce(max(p.quota_per), 'month'),
    ${time} AT TIME ZONE coalesce(max(p.quota_time_zone), 'Asia/Seoul'))::date
  FROM provider_account p WHERE p.name = ${provider})`;

/**
 * Takes of the running period what `wanted` (provider, recipients, quota) asks for, of each account all or nothing. As part of
 * the statement that needs it, so that many workers never exceed a quota together. Returns the accounts that had room.
 */
export const TAKE_WANTED = `
  INSERT INTO provider_usage AS u (provider, month, recipients)
  SELECT w.provider, ${periodOf('w.provider', 'now()')}, w.recipients FROM wanted w
  WHERE quota IS NULL OR recipients <= quota
  ON CONFLICT (provider, month) DO UPDATE SET recipients = u.recipients + excluded.recipients
  WHERE u.recipients + excluded.recipients <= coalesce(
    (SELECT w.quota FROM wanted w WHERE w.provider = excluded.provider), u.recipients + excluded.recipients)
  RETURNING u.provider`;

/** Takes $2 recipients of account $1, over its quota too. */
export const TAKE_ANYHOW = `
  INSERT INTO provider_usage (provider, month, recipients) VALUES ($1, ${periodOf('$1', 'now()')}, $2)
  ON CONFLICT (provider, month) DO UPDATE SET recipients = provider_usage.recipients + excluded.recipients`;

/** Gives all or $3 recipients of the attempt with number $2 of batch $1 back to the period in which it began. */
export const GIVE_BACK = `
  UPDATE provider_usage u SET recipients = u.recipients - coalesce($3, a.recipients, 0)
  FROM attempt a
  WHERE a.batch_id = $1 AND a.number = $2 AND u.provider = a.provider AND u.month = ${periodOf('a.provider', 'a.started_at')}`;

/** All of `returned`, a part of the same statement: attempts with their `provider`, `started_at` and `recipients`. */
export const GIVE_BACK_RETURNED = `
  UPDATE provider_usage u SET recipients = u.recipients - g.recipients
  FROM (
    SELECT r.provider, ${periodOf('r.provider', 'r.started_at')} AS month, coalesce(sum(r.recipients), 0) AS recipients
    FROM returned r GROUP BY 1, 2
  ) AS g
  WHERE u.provider = g.provider AND u.month = g.month`;

/** Due at once, in its place: what waits for the quota of account $1 and fits into what is left ($2), unless it is due within $3 ms. */
export const RELEASE = `
  UPDATE batch SET next_attempt_at = least(due_at, now()), due_at = least(due_at, now()), enqueued_at = NULL
  WHERE provider = $1 AND status = 'deferred' AND reason = 'quota' AND next_attempt_at > now() + $3 * interval '1 ms'
    AND ($2::bigint IS NULL OR follower_count <= $2)`;

/** Once: most of those who notice find it noted. */
export const CLOSE = `
  INSERT INTO provider_account AS a (name, used_up_at) VALUES ($1, now())
  ON CONFLICT (name) DO UPDATE SET used_up_at = now() WHERE a.used_up_at IS NULL`;

/** By the clock's time: until this is committed, others see a quota that is used up. */
export const OPEN = `
  UPDATE provider_account SET used_up_at = NULL, refilled_at = clock_timestamp(), opened_at = clock_timestamp()
  WHERE name = $1 AND used_up_at IS NOT NULL`;

/** Accounts, periods and time zones, one element for each account. */
export const DECLARE_PERIODS = `
  INSERT INTO provider_account AS a (name, quota_per, quota_time_zone)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
  ON CONFLICT (name) DO UPDATE SET quota_per = excluded.quota_per, quota_time_zone = excluded.quota_time_zone
  WHERE (a.quota_per, a.quota_time_zone) IS DISTINCT FROM (excluded.quota_per, excluded.quota_time_zone)`;
