/** Writes events, many in one statement, with the clients of their messages. */
export const INSERT = `
  INSERT INTO event (id, client_id, message_id, batch_id, type, data)
  SELECT e.id, m.client_id, e.message_id, e.batch_id, e.type, e.data::json
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS e (id, message_id, batch_id, type, data)
  JOIN message m ON m.id = e.message_id AND m.id = ANY ($2::uuid[])`;

/**
 * Finds a page of the events of a client ($1) from an event ($2) on, and which of them are too recent to be shown.
 */
export const FIND_BY_CLIENT = `
  SELECT id, client_id AS "clientId", message_id AS "messageId", batch_id AS "batchId", type, at, data,
    at >= now() - interval '1 s' AS recent
  FROM event e
  WHERE client_id = $1 AND id >= $2
    AND NOT EXISTS (SELECT FROM message m WHERE m.id = e.message_id AND m.erased_at IS NOT NULL)
  ORDER BY id LIMIT $3`;

/** Finds recipients of a message by position, as many as one event is about. */
export const FIND_RECIPIENTS = `
  SELECT position, address, status, reason, provider_code AS code, provider_message AS message FROM recipient
  WHERE message_id = $1 AND position = ANY ($2)`;
