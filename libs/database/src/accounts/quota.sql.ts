/** The month of a time (SQL), where providers count their quotas: the key of `provider_usage`. */
const monthOf = (time: string): string => `date_trunc('month', ${time} AT TIME ZONE 'Asia/Seoul')::date`;

export const THIS_MONTH = monthOf('now()');

/**
 * Takes of this month what `wanted` (provider, recipients, quota) asks for, of each account all or nothing. As part of
 * the statement that needs it, so that many workers never exceed a quota together. Returns the accounts that had room.
 */
export const TAKE_WANTED = `
  INSERT INTO provider_usage AS u (provider, month, recipients)
  SELECT provider, ${THIS_MONTH}, recipients FROM wanted
  WHERE quota IS NULL OR recipients <= quota
  ON CONFLICT (provider, month) DO UPDATE SET recipients = u.recipients + excluded.recipients
  WHERE u.recipients + excluded.recipients <= coalesce(
    (SELECT w.quota FROM wanted w WHERE w.provider = excluded.provider), u.recipients + excluded.recipients)
  RETURNING u.provider`;

/** Takes $2 recipients of account $1, over its quota too. */
export const TAKE_ANYHOW = `
  INSERT INTO provider_usage (provider, month, recipients) VALUES ($1, ${THIS_MONTH}, $2)
  ON CONFLICT (provider, month) DO UPDATE SET recipients = provider_usage.recipients + excluded.recipients`;

/** Of the attempt with number $2 of batch $1, all or $3 recipients, to the month in which it began. */
export const GIVE_BACK = `
  UPDATE provider_usage u SET recipients = u.recipients - coalesce($3, a.recipients, 0)
  FROM attempt a
  WHERE a.batch_id = $1 AND a.number = $2 AND u.provider = a.provider AND u.month = ${monthOf('a.started_at')}`;

/** All of `returned`, a part of the same statement: attempts with their `provider`, `started_at` and `recipients`. */
export const GIVE_BACK_RETURNED = `
  UPDATE provider_usage u SET recipients = u.recipients - g.recipients
  FROM (
    SELECT provider, ${monthOf('started_at')} AS month, coalesce(sum(recipients), 0) AS recipients
    FROM returned GROUP BY 1, 2
  ) AS g
  WHERE u.provider = g.provider AND u.month = g.month`;

/** Due at once: what waits for the quota of account $1 and fits into what is left ($2), unless it is due within $3 ms. */
export const RELEASE = `
  UPDATE batch SET next_attempt_at = now(), enqueued_at = NULL
  WHERE provider = $1 AND status = 'deferred' AND reason = 'quota' AND next_attempt_at > now() + $3 * interval '1 ms'
    AND ($2::bigint IS NULL OR follower_count <= $2)`;
