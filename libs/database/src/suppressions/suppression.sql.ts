const ACTIVE = 'removed_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

/**
 * Puts addresses ($1) on the list, thousands at a time, unless they are on it. In one order for all callers, because
 * two lists that overlap would wait for each other.
 */
export const ADD = `
  INSERT INTO suppression (address, scope, reason, source, created_by)
  SELECT DISTINCT address, $2, $3, $4, $5::uuid FROM unnest($1::text[]) AS address ORDER BY address
  ON CONFLICT (address, scope) DO UPDATE
  SET reason = excluded.reason, source = excluded.source, created_at = now(), expires_at = NULL, removed_at = NULL,
    created_by = excluded.created_by, removed_by = NULL
  WHERE suppression.removed_at IS NOT NULL OR suppression.expires_at IS NOT NULL`;

/** Those of the addresses ($1) that were erased and are suppressed still. Without such entries no hash is computed. */
const ERASED = (more: string): string => `
  SELECT a.address FROM erased_keys() AS k CROSS JOIN unnest($1::text[]) AS a (address)
  JOIN suppression s ON s.address = keyed_hash(a.address, k.prefix, k.secret)
  WHERE ${ACTIVE} ${more}`;

/** Finds which addresses ($1) get no mail of a category, thousands at a time. */
export const FIND_SUPPRESSED = `
  SELECT DISTINCT address FROM suppression WHERE address = ANY ($1) AND ${ACTIVE} AND (scope = 'all' OR $2)
  UNION
  ${ERASED(`AND (s.scope = 'all' OR $2)`)}
  ORDER BY address`;

/** Finds which addresses ($1) are on the list in any scope: asked while messages are accepted. */
export const FIND_LISTED = `
  SELECT DISTINCT address FROM suppression WHERE address = ANY ($1) AND ${ACTIVE}
  UNION
  ${ERASED('')}`;

/** Marks recipients of a message that are on the list, in a range of positions, and moves the counts. */
export const SUPPRESS = 'SELECT suppress_recipients($1, $2, $3, $4) AS marked';

/** Finds the keyed hashes that an address ($1) may have. */
export const FIND_KEYS = 'SELECT keyed_hash($1, prefix, secret) AS key FROM erased_keys()';

/** Removes the entries of an address ($1) that was erased: nothing else would ever find them. */
export const REMOVE_HASHED = `
  DELETE FROM suppression
  WHERE hashed AND address = ANY (ARRAY(SELECT keyed_hash($1, prefix, secret) FROM erased_keys()))`;

/** Finds when the youngest entry came: asked again and again while batches are dispatched. */
export const FIND_LAST_GROWTH = `
  SELECT created_at AS last FROM suppression WHERE ${ACTIVE} ORDER BY created_at DESC LIMIT 1`;

/** Puts recipients of a message ($1) that bounced hard, by position ($2), on the list for $3 days. */
export const ADD_BOUNCED = `
  INSERT INTO suppression (address, scope, reason, source, expires_at)
  SELECT DISTINCT ON (lower(address)) lower(address), 'all', reason, 'bounce', now() + $3 * interval '1 day'
  FROM recipient WHERE message_id = $1 AND position = ANY ($2) AND bounce_type = 'hard' ORDER BY lower(address)
  ON CONFLICT (address, scope) DO UPDATE
  SET expires_at = greatest(suppression.expires_at, excluded.expires_at), reason = excluded.reason,
    source = excluded.source, created_at = now(), removed_at = NULL, created_by = NULL, removed_by = NULL
  WHERE suppression.source = 'bounce' OR suppression.removed_at IS NOT NULL`;

/** Puts recipients of a message ($1) that unsubscribed at a provider ($3), by position ($2), on the list. */
export const ADD_UNSUBSCRIBED = `
  INSERT INTO suppression (address, scope, reason, source)
  SELECT DISTINCT lower(address), 'marketing', 'unsubscribed', $3::text
  FROM recipient WHERE message_id = $1 AND position = ANY ($2) ORDER BY 1
  ON CONFLICT (address, scope) DO UPDATE
  SET reason = excluded.reason, source = excluded.source, created_at = now(), expires_at = NULL, removed_at = NULL,
    created_by = NULL, removed_by = NULL
  WHERE suppression.removed_at IS NOT NULL`;
