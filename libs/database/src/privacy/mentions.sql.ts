/** As addresses look in texts, also in URLs, where \`%40\` is in place of the \`@\`. */
const ADDRESSES = (text: string): string =>
  `regexp_matches(replace(${text}, '%40', '@'), '[^\\s"''<>(),;:=/?&\\\\\\[\\]{}]+@[a-z0-9.-]*[a-z0-9]', 'gi')`;

const named = (text: string): string => `
  EXISTS (SELECT FROM ${ADDRESSES(text)} AS found (words) WHERE lower(words[1]) = ANY ($1))`;

/** Is the message to one of the addresses ($1, in lower case)? Then it is erased with the person, and no mail to others. */
const IS_TO_THEM = `
  EXISTS (SELECT FROM recipient r WHERE r.message_id = m.id AND lower(r.address) = ANY ($1))`;

/**
 * Looks at a page of messages, the newest first: between two ids ($2, $3), of one client ($4) or, with NULL, of all. Does
 * one to others than an address ($1, in lower case) contain it, in its texts or values, or in those of a recipient? Of
 * messages to more than $6 recipients, those of recipients are not read. Of a `sealed` one, only what is not encrypted is
 * looked at.
 */
export const LOOK_AT_MESSAGES = `
  SELECT m.id, (
    ${named(`concat_ws(' ', subject, html, text, variables::text, headers::text, metadata::text, array_to_string(tags, ' '))`)}
    OR recipient_count <= $6 AND EXISTS (
      SELECT FROM recipient r WHERE r.message_id = m.id AND ${named('r.variables::text')})
  ) AND NOT ${IS_TO_THEM} AS mentions, content_key IS NOT NULL AND NOT ${IS_TO_THEM} AS sealed
  FROM (
    SELECT * FROM message
    WHERE id >= $2 AND id < $3 AND erased_at IS NULL AND ($4::uuid IS NULL OR client_id = $4)
    ORDER BY id DESC LIMIT $5
  ) AS m`;

/** Reads the encrypted texts of some messages ($1). */
export const FIND_SEALED_TEXTS = `
  SELECT id, subject, html, text, variables, content_key AS "contentKey" FROM message
  WHERE id = ANY ($1) AND content_key IS NOT NULL`;

/** Reads the values of the recipients of some messages ($1), except of those to more than $2 recipients. */
export const FIND_SEALED_VALUES = `
  SELECT r.message_id AS "messageId", r.position, r.variables, m.content_key AS "contentKey"
  FROM message m JOIN recipient r ON r.message_id = m.id
  WHERE m.id = ANY ($1) AND m.recipient_count <= $2 AND r.variables IS NOT NULL ORDER BY r.message_id`;

/** The first id of so many days ($1) ago, and one behind all there are. */
export const FIND_RANGE = `
  SELECT uuid7_floor(now() - make_interval(days => $1)) AS "from",
    uuid7_floor(now() + interval '1 day') AS "until"`;
