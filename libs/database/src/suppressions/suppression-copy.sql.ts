/** Ours, where the account's list can mean the same: an opt-out from advertisements that is to last. */
const PUSHED = `s.scope = 'marketing' AND s.removed_at IS NULL AND s.expires_at IS NULL AND s.source <> 'bounce' AND NOT s.hashed`;

/** Locks entries of addresses ($1), in one order for all callers. */
export const LOCK = `
  SELECT FROM suppression WHERE scope = 'marketing' AND address IN (SELECT lower(a) FROM unnest($1::text[]) AS a)
  ORDER BY address FOR UPDATE`;

/**
 * Takes a page of the list of an account ($1) into ours and into what is known of theirs; see `takeIn` for what
 * wins.
 */
export const TAKE_IN = `
  WITH theirs AS (
    SELECT DISTINCT ON (lower(address)) lower(address) AS address, since, stamp
    FROM unnest($2::text[], $3::timestamptz[], $4::text[]) AS e (address, since, stamp)
    -- An erased address does not come back by this way: its opt-out is known by its hash.
    WHERE NOT EXISTS (
      SELECT FROM erased_keys() AS k JOIN suppression h ON h.address = keyed_hash(e.address, k.prefix, k.secret)
      WHERE h.scope IN ('marketing', 'all') AND h.removed_at IS NULL AND (h.expires_at IS NULL OR h.expires_at > now()))
    ORDER BY lower(address), since DESC NULLS LAST
  ), added AS (
    INSERT INTO suppression (address, scope, reason, source)
    SELECT theirs.address, 'marketing', 'unsubscribed', $1
    FROM theirs
    LEFT JOIN suppression s ON s.address = theirs.address AND s.scope = 'marketing'
    LEFT JOIN suppression_copy c ON c.provider = $1 AND c.address = theirs.address
    WHERE s.address IS NULL OR (s.removed_at IS NOT NULL AND CASE
      WHEN c.address IS NOT NULL AND (c.stamp IS NULL OR c.stamp IS NOT DISTINCT FROM theirs.stamp) THEN false
      ELSE theirs.since IS NULL OR theirs.since + interval '1 second' > s.removed_at END)
    ON CONFLICT (address, scope) DO UPDATE
    SET reason = excluded.reason, source = excluded.source, created_at = now(), expires_at = NULL,
      removed_at = NULL, created_by = NULL, removed_by = NULL
    WHERE suppression.removed_at IS NOT NULL
    RETURNING address
  ), copied AS (
    INSERT INTO suppression_copy (provider, address, seen_at, state, stamp)
    SELECT $1, address, now(), 'seen', stamp FROM theirs
    ON CONFLICT (provider, address) DO UPDATE
    SET seen_at = excluded.seen_at, state = 'seen', stamp = coalesce(excluded.stamp, suppression_copy.stamp)
  )
  SELECT count(*)::int AS added FROM added`;

/** Finds a page of copies that the list of an account has not shown since a time. */
export const FIND_MISSING = `
  SELECT c.address, c.state = 'seen' AND s.address IS NOT NULL AS ours
  FROM suppression_copy c
  LEFT JOIN suppression s ON s.address = c.address AND s.scope = 'marketing' AND s.removed_at IS NULL
    AND s.created_at <= c.seen_at
  WHERE c.provider = $1 AND c.seen_at < $2 AND c.address > $3
  ORDER BY c.address LIMIT $4`;

/** Notes that a page of addresses is on the list of an account after all. */
export const MARK_SEEN = 'UPDATE suppression_copy SET seen_at = now() WHERE provider = $1 AND address = ANY ($2)';

/** Takes off our list a page of addresses that were taken off the account's, unless they came onto ours again. */
export const TAKE_OFF = `
  UPDATE suppression s SET removed_at = now()
  FROM suppression_copy c
  WHERE c.provider = $1 AND c.address = ANY ($2) AND s.address = c.address AND s.scope = 'marketing'
    AND s.removed_at IS NULL AND s.created_at <= c.seen_at`;

/** Forgets a page of what is known of the list of an account. */
export const FORGET = 'DELETE FROM suppression_copy WHERE provider = $1 AND address = ANY ($2)';

/** Finds a page of our entries that the list of an account lacks and can mean. */
export const FIND_TO_ADD = `
  SELECT s.address FROM suppression s
  WHERE ${PUSHED} AND s.address > $2
    AND NOT EXISTS (SELECT FROM suppression_copy c WHERE c.provider = $1 AND c.address = s.address)
  ORDER BY s.address LIMIT $3`;

/** Notes that an account was given a page of addresses. */
export const MARK_TOLD = `
  INSERT INTO suppression_copy (provider, address, seen_at, state)
  SELECT $1, address, now(), 'told' FROM unnest($2::text[]) AS address ON CONFLICT DO NOTHING`;

/** Finds a page of addresses that the account has and that were taken off our list. */
export const FIND_TO_REMOVE = `
  SELECT s.address FROM suppression s
  WHERE s.scope = 'marketing' AND s.removed_at IS NOT NULL AND s.address > $2
    AND EXISTS (SELECT FROM suppression_copy c WHERE c.provider = $1 AND c.address = s.address)
  ORDER BY s.address LIMIT $3`;
