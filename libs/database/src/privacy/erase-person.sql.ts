/**
 * Takes addresses ($1, in lower case) from contacts of one client ($2) or, with NULL, of all, that were created before an
 * erasure ($3) was requested ($4, by the clock of the database). Ids are in the order of time.
 */
export const DELETE_CONTACT_ADDRESSES = `
  DELETE FROM contact_address a
  USING (
    SELECT c.id, t.address FROM client c CROSS JOIN unnest($1::text[]) AS t (address)
    WHERE $2::uuid IS NULL OR c.id = $2
  ) AS wanted
  WHERE a.client_id = wanted.id AND lower(a.address) = wanted.address
    AND a.contact_id < greatest($3, uuid7_floor($4))
  RETURNING a.contact_id AS id`;

/** Takes addresses (pattern $2) out of what else some contacts ($1) have. */
export const MASK_CONTACTS = `
  UPDATE contact
  SET external_id = CASE WHEN external_id ~* $2 THEN NULL ELSE external_id END,
    name = regexp_replace(name, $2, '[erased]', 'gi'),
    attributes = regexp_replace(attributes::text, $2, '[erased]', 'gi')::jsonb
  WHERE id = ANY ($1) AND concat_ws(' ', external_id, name, attributes::text) ~* $2`;

/** Deletes those of some contacts ($1) that have no address left, and with them their memberships. */
export const DELETE_CONTACTS = `
  DELETE FROM contact c WHERE id = ANY ($1) AND NOT EXISTS (SELECT FROM contact_address WHERE contact_id = c.id)
  RETURNING c.id`;

/** Erases the stored first answers about contacts, by Location ($1). */
export const ERASE_CONTACT_ANSWERS = `
  UPDATE idempotency_key
  SET response = convert_to((convert_from(response, 'UTF8')::jsonb || jsonb_build_object(
    'name', NULL, 'externalId', NULL, 'addresses', '[]'::jsonb, 'attributes', '{}'::jsonb,
    'erasedAt', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))::text, 'UTF8')
  WHERE (headers ->> 'location' IS NULL OR headers ->> 'location' NOT LIKE '/v1/messages/%')
    AND headers ->> 'location' = ANY ($1)`;

/** Has lists at accounts updated that have one of some addresses ($1). */
export const WAKE_LISTS = `
  UPDATE group_copy g SET wanted_at = now(), woken = true, in_step = false
  FROM (SELECT DISTINCT group_id, provider FROM group_copy_address WHERE lower(address) = ANY ($1)) AS there
  WHERE g.group_id = there.group_id AND g.provider = there.provider`;

/** An address ($1) on an account's list that no contact has any more, of one client ($2) or, with NULL, of all. */
const LEFT_OVER = `
  lower(c.address) = ANY ($1) AND g.group_id = c.group_id AND g.provider = c.provider
  AND ($2::uuid IS NULL OR g.client_id = $2) AND NOT EXISTS (
    SELECT FROM contact_address a WHERE a.contact_id = c.contact_id AND a.address = c.address)`;

/**
 * Forgets addresses ($1) on lists of accounts where no sweep will take them off: accounts that are not configured any more
 * (others than $3), or that have refused.
 */
export const FORGET_LISTED = `
  DELETE FROM group_copy_address c USING group_copy g
  WHERE ${LEFT_OVER}
    AND (c.provider <> ALL ($3) OR g.wanted_at IS NULL AND (g.lease_until IS NULL OR g.lease_until < now()))
  RETURNING c.provider`;

/** Counts addresses ($1) on lists of accounts that are to be taken off. */
export const COUNT_LISTED = `SELECT count(*)::int AS count FROM group_copy_address c, group_copy g WHERE ${LEFT_OVER}`;

/**
 * Puts keyed hashes in the place of suppressed addresses ($1), also of hashes by an older key, and forgets entries that
 * were taken off or have expired. Words of the reason could name the address, so only the gateway's own stay.
 */
export const HASH_SUPPRESSIONS = `
  WITH newest AS MATERIALIZED (SELECT * FROM newest_erased_key()), given AS (
    SELECT address, address AS stored, false AS hashed FROM unnest($1::text[]) AS address
    UNION ALL
    SELECT address, keyed_hash(address, k.prefix, k.secret), true
    FROM erased_keys() AS k CROSS JOIN unnest($1::text[]) AS address
    WHERE k.prefix <> (SELECT prefix FROM newest)
  ), gone AS (
    DELETE FROM suppression s USING given g WHERE s.address = g.stored AND s.hashed = g.hashed
    RETURNING s.*, g.address AS erased
  ), kept AS (
    SELECT DISTINCT ON (erased, scope) keyed_hash(erased, newest.prefix, newest.secret) AS address, scope,
      CASE WHEN source <> 'api' THEN reason END AS reason, source, created_at, expires_at, created_by
    FROM gone CROSS JOIN newest WHERE removed_at IS NULL AND (expires_at IS NULL OR expires_at > now())
    ORDER BY erased, scope, expires_at DESC NULLS FIRST
  ), hashed AS (
    INSERT INTO suppression (address, scope, reason, source, created_at, expires_at, created_by, hashed)
    SELECT address, scope, reason, source, created_at, expires_at, created_by, true FROM kept ORDER BY 1, 2
    ON CONFLICT (address, scope) DO UPDATE
    SET removed_at = NULL, removed_by = NULL,
      expires_at = CASE WHEN suppression.removed_at IS NOT NULL THEN excluded.expires_at
        WHEN suppression.expires_at IS NOT NULL AND excluded.expires_at IS NOT NULL
        THEN greatest(suppression.expires_at, excluded.expires_at) END
  )
  SELECT count(*) FILTER (WHERE NOT hashed)::int AS count FROM gone`;

/** Finds which of some addresses ($1) are on an account's own list of suppressions, as far as is known. */
export const FIND_COPIES = `
  SELECT provider, array_agg(address ORDER BY address) AS addresses FROM suppression_copy
  WHERE address = ANY ($1) GROUP BY provider ORDER BY provider`;

/** Counts messages whose audience is just being expanded: those that are due and that another transaction holds. */
export const COUNT_EXPANSIONS = `
  SELECT (SELECT count(*)::int FROM message WHERE expand_at <= now()) - count(*)::int AS count
  FROM (SELECT FROM message WHERE expand_at <= now() FOR KEY SHARE SKIP LOCKED) AS free`;

/** Counts comparisons of suppression lists that are under way. */
export const COUNT_COMPARISONS = 'SELECT count(*)::int AS count FROM suppression_sync WHERE lease_until > now()';

/** Forgets addresses ($2) on an account's ($1) own list of suppressions. */
export const FORGET_COPIES = 'DELETE FROM suppression_copy WHERE provider = $1 AND address = ANY ($2)';

/** Has comparisons begin again that stopped at one of some addresses (pattern $1). */
export const RESET_SYNCS = `
  UPDATE suppression_sync SET step = NULL, cursor = NULL
  WHERE cursor::text ~* $1 AND (lease_until IS NULL OR lease_until < now())`;

/** Takes addresses (pattern $1) out of what accounts have said last. */
export const MASK_ACCOUNTS = `
  UPDATE provider_account
  SET failure_words = regexp_replace(failure_words, $1, '[erased]', 'gi'),
    open_reason = regexp_replace(open_reason, $1, '[erased]', 'gi'),
    pause_reason = regexp_replace(pause_reason, $1, '[erased]', 'gi')
  WHERE concat_ws(' ', failure_words, open_reason, pause_reason) ~* $1`;

/** The same for their features. */
export const MASK_FEATURES = `
  UPDATE provider_feature SET message = regexp_replace(message, $1, '[erased]', 'gi') WHERE message ~* $1`;

/** The same for the last errors of webhook endpoints, of one client ($2) or, with NULL, of all. */
export const MASK_ENDPOINTS = `
  UPDATE webhook_endpoint SET last_error = regexp_replace(last_error::text, $1, '[erased]', 'gi')::jsonb
  WHERE last_error::text ~* $1 AND ($2::uuid IS NULL OR client_id = $2)`;

/**
 * Reads a page of the stored first answers that are not about one message, after ($1, $2), of
 * one client ($4) or, with NULL, of all; until a time ($5), if one is given.
 */
export const READ_ANSWERS = `
  SELECT client_id AS "clientId", key, response FROM idempotency_key
  WHERE (headers ->> 'location' IS NULL OR headers ->> 'location' NOT LIKE '/v1/messages/%')
    AND (client_id, key) > ($1, $2) AND ($4::uuid IS NULL OR client_id = $4) AND ($5::timestamptz IS NULL OR created_at <= $5)
  ORDER BY client_id, key LIMIT $3`;

/** Replaces a stored first answer. */
export const REPLACE_ANSWER = 'UPDATE idempotency_key SET response = $3 WHERE client_id = $1 AND key = $2';

/** Counts contacts and suppressions of addresses ($1), of one client ($2) or, with NULL, of all. */
export const COUNT_PERSON = `
  SELECT (
    SELECT count(DISTINCT a.contact_id)::int FROM client c CROSS JOIN unnest($1::text[]) AS t (address)
    JOIN contact_address a ON a.client_id = c.id AND lower(a.address) = t.address
    WHERE $2::uuid IS NULL OR c.id = $2
  ) AS contacts, (
    SELECT count(*)::int FROM suppression WHERE address = ANY ($1) AND $2::uuid IS NULL
  ) AS suppressions`;
