/** Finds the recipients of a batch that have a status of their own: $1 message, $2 and $3 first and last position. */
export const FIND_OTHERS = `
  SELECT position FROM recipient
  WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NOT NULL ORDER BY position`;

/** Finds what recipients of a message ($1) are, by position ($2), those that have a status of their own. */
export const FIND_STATES = `
  SELECT position, status, reason, provider_code AS code, provider_message AS message FROM recipient
  WHERE message_id = $1 AND position = ANY ($2) AND status IS NOT NULL ORDER BY position`;
