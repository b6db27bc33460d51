const DOMAIN = "lower(substring(from_address from '@([^@]+)$'))";

/**
 * Finds up to $3 domains of senders of a client ($1, or of all): of its latest $2 messages, and of the newest versions of
 * its templates. Those that were used last come first.
 */
export const FIND_SENDER_DOMAINS = `
  WITH recent AS (
    SELECT from_address, created_at FROM message WHERE $1::uuid IS NULL OR client_id = $1 ORDER BY id DESC LIMIT $2
  ), used AS (
    SELECT ${DOMAIN} AS domain, created_at, true AS sent FROM recent
    UNION ALL
    SELECT ${DOMAIN}, NULL, false FROM (
      SELECT v.from_address FROM template t JOIN template_version v ON v.template_id = t.id AND v.version = t.version
      WHERE t.deleted_at IS NULL AND v.from_address IS NOT NULL AND ($1::uuid IS NULL OR t.client_id = $1)
      LIMIT $2
    ) AS template
  )
  SELECT domain, max(created_at) AS "lastUsedAt", (count(*) FILTER (WHERE sent))::int AS messages,
    (count(*) FILTER (WHERE NOT sent))::int AS templates
  FROM used WHERE domain IS NOT NULL GROUP BY domain ORDER BY max(created_at) DESC NULLS LAST, domain LIMIT $3`;
