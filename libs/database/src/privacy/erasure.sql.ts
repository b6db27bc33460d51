/** Notes the addresses ($2) of an erasure ($1). */
export const INSERT_ADDRESSES = `
  INSERT INTO erasure_address (erasure_id, address) SELECT DISTINCT $1::uuid, lower(a) FROM unnest($2::text[]) AS a`;

/** Notes those of some addresses ($2) of an erasure ($1) that no mail was ever sent to: most of a long list, as a rule. */
export const NOTE_WITHOUT_MAIL = `
  UPDATE erasure_address e SET mail_erased = true
  WHERE erasure_id = $1 AND address = ANY ($2) AND NOT mail_erased
    AND NOT EXISTS (SELECT FROM recipient r WHERE lower(r.address) = e.address)
  RETURNING address`;

/** Claims the erasure that has been due for longest, for $1 ms. */
export const TAKE = `
  WITH next AS (
    SELECT id FROM erasure
    WHERE status <> 'completed' AND next_at <= now() AND (lease_until IS NULL OR lease_until < now())
    ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED
  )
  UPDATE erasure e
  SET status = CASE WHEN swept THEN status ELSE 'running' END, lease_token = lease_token + 1,
    lease_until = now() + $1 * interval '1 ms'
  FROM next WHERE e.id = next.id
  RETURNING e.id, e.requested_at AS "requestedAt", e.swept, e.passes, e.client_id AS "clientId",
    e.mentions, e.lease_token AS "leaseToken"`;

/** Finds the addresses that are to be erased, and how far their mail is. */
export const FIND_ADDRESSES = `
  SELECT address, mail_erased AS "mailErased", message_id AS "messageId", position
  FROM erasure_address WHERE erasure_id = $1 ORDER BY address`;

/** Notes how far ($3, $4) the mail to an address ($2) is erased without gaps, or that nothing of it is left ($5). */
export const NOTE_PLACE = `
  UPDATE erasure_address SET message_id = $3, position = $4, mail_erased = $5
  WHERE erasure_id = $1 AND address = $2`;

/**
 * Adds to what an erasure has done, in the transaction that does it, and holds it for $7 ms more: counts ($3), when
 * accounts were given mail ($4), accounts that keep a copy ($5), and whether all but mail is done ($6).
 */
export const ADVANCE = `
  UPDATE erasure
  SET counts = counts_add(counts, $3), lease_until = now() + $7 * interval '1 ms', swept = swept OR $6,
    sent = (
      SELECT coalesce(jsonb_object_agg(key, last), '{}')
      FROM (
        SELECT key, max(value) AS last
        FROM (SELECT * FROM jsonb_each_text(sent) UNION ALL SELECT * FROM jsonb_each_text($4)) AS entry GROUP BY key
      ) AS latest
    ),
    kept = ARRAY(SELECT DISTINCT name FROM unnest(kept || $5::text[]) AS name ORDER BY name)
  WHERE id = $1 AND lease_token = $2`;

/** Puts an erasure that waits for mail under way ($3 recipients) off for $4 ms. */
export const WAIT = `
  UPDATE erasure
  SET status = 'pending', pending = $3, passes = passes + 1, next_at = now() + $4 * interval '1 ms', lease_until = NULL
  WHERE id = $1 AND lease_token = $2`;

/** Gives an erasure back that was interrupted; it goes on after $3 ms. */
export const RELEASE = `
  UPDATE erasure SET lease_until = NULL, next_at = now() + $3 * interval '1 ms' WHERE id = $1 AND lease_token = $2`;

/** Locks an erasure for its end, and finds what the receipt says. */
export const LOCK = `
  SELECT id, reason, requested_at AS "requestedAt", address_count AS "addressCount", counts, sent, kept,
    mentions, (SELECT json_build_object('name', name) FROM client c WHERE c.id = client_id) AS client, now() AS now
  FROM erasure WHERE id = $1 AND lease_token = $2 AND status <> 'completed' FOR UPDATE`;

/** Forgets the addresses of an erasure. */
export const FORGET_ADDRESSES = 'DELETE FROM erasure_address WHERE erasure_id = $1';

/** Ends an erasure, at $3, with what remains ($4), the digest of the receipt ($5) and what was found in mail to others ($6). */
export const COMPLETE = `
  UPDATE erasure
  SET status = 'completed', pending = 0, completed_at = $3, remaining = $4, sha256 = $5, mentions = $6, lease_until = NULL
  WHERE id = $1 AND lease_token = $2`;
