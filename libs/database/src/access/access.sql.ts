import { advisoryLocks } from '../advisory-locks.js';

/**
 * Finds the owners of keys by their hashes ($1): asked for every request whose key is not known yet. By the database's
 * clock, so that all apis agree when a key ends.
 */
export const FIND_OWNERS = `
  WITH secret (hash, id, valid_until) AS (
    SELECT hash, id, NULL::timestamptz FROM api_key WHERE hash = ANY ($1)
    UNION ALL
    SELECT hash, api_key_id, valid_until FROM rotated_key WHERE hash = ANY ($1) AND valid_until > clock_timestamp()
  )
  SELECT s.hash, k.id AS "keyId", k.client_id AS "clientId", c.name AS "clientName", k.scopes,
    k.allowed_ips AS "allowedIps", k.allowed_from AS "allowedFrom", k.allowed_accounts AS "allowedAccounts",
    k.needs_release AS "needsRelease", k.requests_per_second AS "requestsPerSecond",
    k.recipients_per_second AS "recipientsPerSecond",
    ceil(extract(epoch FROM least(k.expires_at, s.valid_until) - clock_timestamp()) * 1000)::float8 AS "endsInMs"
  FROM secret s JOIN api_key k ON k.id = s.id JOIN client c ON c.id = k.client_id
  WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())`;

/** Notes that keys ($1) were used; not more often than every few seconds. */
export const NOTE_USE = `
  UPDATE api_key SET last_used_at = now()
  WHERE id = ANY ($1) AND (last_used_at IS NULL OR last_used_at < now() - interval '1 second')`;

/** Notes that a key ($2) has rotated another one ($1), whose secret it knows from now on. */
export const NOTE_ROTATION = `
  UPDATE api_key SET rotated_by = array_append(rotated_by, $2) WHERE id = $1 AND id <> $2 AND $2 <> ALL (rotated_by)`;

/**
 * Finds whether a key ($1) is in the hands of another one ($2): that one, or one that it made or rotated, and so on, has
 * made or rotated it.
 */
export const IS_IN_HANDS = `
  WITH RECURSIVE hand (id) AS (
    SELECT $1::uuid
    UNION
    SELECT g.id FROM hand h JOIN api_key k ON k.id = h.id
      CROSS JOIN LATERAL unnest(array_append(k.rotated_by, k.created_by)) AS g (id)
    WHERE g.id IS NOT NULL
  )
  SELECT EXISTS (SELECT FROM hand WHERE id = $2::uuid) AS known`;

/** Waits for the turn to replace, change or revoke admin keys, until the transaction ends. */
export const LOCK_ADMIN_KEYS = `SELECT pg_advisory_xact_lock(${advisoryLocks.adminKeys})`;

/** Takes from the rates of keys, for one api: by key ($1), kind ($2), rate ($3), what is owed ($4), needed ($5), wanted ($6). */
export const TAKE_PACE = `
  SELECT t.granted, t.remaining, t.ends_in_ms AS "endsInMs"
  FROM unnest($1::uuid[], $2::smallint[], $3::int[], $4::int[], $5::int[], $6::int[])
    WITH ORDINALITY AS a (key, kind, most, owed, needed, wanted, nth)
  CROSS JOIN LATERAL take_pace(a.key, a.kind, a.most, a.owed, a.needed, a.wanted) AS t
  ORDER BY a.nth`;

/** Charges recipients ($2) to the key that sent a message ($1), if it has a rate of that kind ($3). */
export const CHARGE_SENDER = `
  SELECT t.remaining
  FROM message m JOIN api_key k ON k.id = m.created_by
  CROSS JOIN LATERAL take_pace(k.id, $3::smallint, k.recipients_per_second, $2::int, 0, 0) AS t
  WHERE m.id = $1::uuid AND k.recipients_per_second IS NOT NULL`;
