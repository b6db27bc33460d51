/** Lists the clients. */
export const FIND_CLIENTS = 'SELECT id, name FROM client ORDER BY id';

/** Finds the common values of a message ($1); those of login mail are withheld, and encrypted ones are not read. */
export const FIND_COMMON = `
  SELECT CASE WHEN category <> 'authentication' AND content_key IS NULL THEN variables END AS variables, headers
  FROM message WHERE id = $1`;

/**
 * Finds the requests to webhook endpoints about a message ($1). A body about other messages, too, is not read: its events
 * about this one are the same as elsewhere, and the others are about other people.
 */
export const FIND_DELIVERIES = `
  SELECT d.id, d.endpoint_id AS "endpointId", e.url, d.webhook_id AS "webhookId", d.type, d.status,
    d.created_at AS "createdAt", d.finished_at AS "finishedAt",
    CASE WHEN cardinality(d.message_ids) = 1 AND $2 THEN d.body END AS body,
    CASE WHEN cardinality(d.message_ids) = 1 AND $2 THEN d.attempts END AS attempts
  FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
  WHERE d.message_ids && ARRAY[$1::uuid]
  ORDER BY d.id`;

/** Finds the stored first answers of a client ($1) about an object, by Location ($2). */
export const FIND_ANSWERS = `
  SELECT key, response, created_at AS "createdAt" FROM idempotency_key
  WHERE headers ->> 'location' = $2 AND client_id = $1`;

/** Finds an address ($1) on accounts' own lists of suppressions. */
export const FIND_SUPPRESSION_COPIES = `
  SELECT provider, address, state, seen_at AS "seenAt" FROM suppression_copy WHERE address = $1 ORDER BY provider`;

/** Finds an address ($1) on accounts' lists of groups of a client ($2). */
export const FIND_LIST_COPIES = `
  SELECT c.provider, c.address, g.group_name AS "group"
  FROM group_copy_address c JOIN group_copy g USING (group_id, provider)
  WHERE lower(c.address) = $1 AND g.client_id = $2 ORDER BY c.provider, g.group_name`;
