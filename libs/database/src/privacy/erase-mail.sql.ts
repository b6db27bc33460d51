import { ENDED } from '../batches/status-lists.js';

/**
 * Finds a page of the mail to an address ($1), accepted before an erasure ($4) was requested ($6, by the clock of the
 * database), after a message and a position ($2, $3). Ids are in the order of time.
 */
export const FIND_MAIL = `
  SELECT r.message_id AS "messageId", r.position, m.client_id AS "clientId", m.recipient_count AS "recipientCount",
    m.category, m.completed_at IS NOT NULL AS completed, m.erased_at IS NOT NULL AS erased, b.id AS "batchId",
    coalesce(r.status, inherited_status(b.status)) AS status, b.provider, b.submitted_at AS "submittedAt"
  FROM (
    SELECT message_id, position, status FROM recipient
    WHERE lower(address) = $1 AND (message_id, position) > ($2, $3)
      AND message_id < greatest($4, uuid7_floor($6))
    -- The sum keeps it from reading all recipients in the order of their key.
    ORDER BY message_id, position + 0 LIMIT $5
  ) AS r
  CROSS JOIN LATERAL (SELECT * FROM message WHERE id = r.message_id LIMIT 1) AS m
  LEFT JOIN LATERAL (
    SELECT * FROM batch
    WHERE message_id = r.message_id AND position_from <= r.position AND status <> 'replanned'
    ORDER BY position_from DESC LIMIT 1
  ) AS b ON b.position_to >= r.position
  ORDER BY r.message_id, r.position`;

/** Locks batches, in the order that everyone locks them in. */
export const LOCK_BATCHES = 'SELECT FROM batch WHERE id = ANY ($1) ORDER BY id FOR UPDATE';

/** Finds messages ($1) whose common texts or properties contain an address (pattern $2). */
export const FIND_MENTIONS = `
  SELECT id FROM message
  WHERE id = ANY ($1) AND concat_ws(' ', subject, html, text, variables::text, headers::text, metadata::text,
    routing::text, array_to_string(warnings, ' '), array_to_string(tags, ' ')) ~* $2`;

/** Finds those of some messages ($1) whose texts are encrypted. */
export const FIND_SEALED = `
  SELECT id, subject, html, text, variables, content_key AS "contentKey" FROM message
  WHERE id = ANY ($1) AND content_key IS NOT NULL`;

/** Replaces the encrypted texts of a message ($1). */
export const REPLACE_TEXTS = 'UPDATE message SET subject = $2, html = $3, text = $4, variables = $5 WHERE id = $1';

const masked = (column: string): string => `regexp_replace(${column}, $2, '[erased]', 'gi')`;
const maskedList = (column: string): string =>
  `ARRAY(SELECT ${masked('entry')} FROM unnest(${column}) WITH ORDINALITY AS e (entry, nth) ORDER BY nth)`;

/** Takes an address (pattern $2) out of messages ($1) to others, too. */
export const MASK_MESSAGES = `
  UPDATE message
  SET subject = ${masked('subject')}, html = ${masked('html')}, text = ${masked('text')},
    variables = ${masked('variables::text')}::json, headers = ${masked('headers::text')}::json,
    metadata = ${masked('metadata::text')}::jsonb, routing = ${masked('routing::text')}::json,
    warnings = ${maskedList('warnings')}, tags = ${maskedList('tags')}
  WHERE id = ANY ($1)`;

/**
 * Erases recipients, by messages ($1) and positions ($2). The row stays for the counts, and the domain for the
 * statistics: what begins with \`@\` is no address.
 */
export const ERASE_RECIPIENTS = `
  UPDATE recipient r
  SET address = '@' || domain_of(r.address), name = NULL, variables = NULL, mail_id = NULL, provider_message = NULL
  FROM unnest($1::uuid[], $2::int[]) AS e (message_id, position)
  WHERE r.message_id = ANY ($1) AND r.message_id = e.message_id AND r.position = e.position
    AND r.address NOT LIKE '@%'`;

/** Takes an address (pattern $2) out of the events of messages ($1). */
export const MASK_EVENTS = `
  UPDATE event SET data = ${masked('data::text')}::json WHERE message_id = ANY ($1) AND data::text ~* $2`;

/** Takes an address (pattern $2) out of the words of providers about messages ($1). */
export const MASK_BATCHES = `
  UPDATE batch
  SET reason_detail = ${masked('reason_detail')}, provider_message = ${masked('provider_message')},
    poll_cursor = CASE WHEN status IN ${ENDED} AND poll_cursor::text ~* $2 THEN NULL ELSE poll_cursor END
  WHERE message_id = ANY ($1) AND concat_ws(' ', reason_detail, provider_message, poll_cursor::text) ~* $2`;

/** The same for attempts. */
export const MASK_ATTEMPTS = `
  UPDATE attempt a SET provider_message = ${masked('a.provider_message')}, detail = ${masked('a.detail')}
  FROM batch b
  WHERE b.message_id = ANY ($1) AND a.batch_id = b.id AND concat_ws(' ', a.provider_message, a.detail) ~* $2`;

/** Takes an address (pattern $2) out of the stored first answers about messages, by Location ($1). */
export const MASK_ANSWERS = `
  UPDATE idempotency_key
  SET response = convert_to(${masked(`convert_from(response, 'UTF8')`)}, 'UTF8')
  WHERE headers ->> 'location' = ANY ($1) AND headers ->> 'location' LIKE '/v1/messages/%'
    AND convert_from(response, 'UTF8') ~* $2`;

/**
 * Notes at the endpoints of the clients of messages ($1) that these were erased. It waits for workers that are just
 * writing requests down; later ones see the number, and do not write what they read before.
 */
export const NOTE_AT_ENDPOINTS = `
  UPDATE webhook_endpoint SET erasures = erasures + 1
  WHERE id IN (
    SELECT id FROM webhook_endpoint WHERE client_id IN (SELECT client_id FROM message WHERE id = ANY ($1))
    ORDER BY id FOR UPDATE)`;

/** Deletes requests to webhook endpoints that are about erased messages ($1) only. */
export const DELETE_DELIVERIES = `
  DELETE FROM webhook_delivery
  WHERE message_ids && $1::uuid[] AND (finished_at IS NOT NULL OR cardinality(event_ids) = 1)`;

/** Takes an address (pattern $2) out of requests to webhook endpoints about messages ($1), those to be sent too. */
export const MASK_DELIVERIES = `
  UPDATE webhook_delivery SET body = ${masked('body')}, attempts = ${masked('attempts::text')}::jsonb
  WHERE message_ids && $1::uuid[] AND concat_ws(' ', body, attempts::text) ~* $2`;

/** Counts mail to addresses ($1), of one client ($2) or, with NULL, of all, and what of it is under way. */
export const COUNT_MAIL = `
  SELECT count(*)::int AS recipients, count(*) FILTER (WHERE m.recipient_count = 1)::int AS messages,
    count(*) FILTER (WHERE m.completed_at IS NULL)::int AS pending
  FROM recipient r CROSS JOIN LATERAL (SELECT * FROM message WHERE id = r.message_id LIMIT 1) AS m
  WHERE lower(r.address) = ANY ($1) AND ($2::uuid IS NULL OR m.client_id = $2)`;
