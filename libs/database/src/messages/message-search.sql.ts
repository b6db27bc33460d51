/**
 * Messages that wait for their release, few of many: by the index of held batches, not message by message. An index over
 * the status of messages would make each of its changes write to all indexes of the table.
 */
export const ARE_HELD = `m.id IN (
    SELECT message_id FROM batch WHERE status = 'held' UNION ALL SELECT id FROM message WHERE expansion = 'held'
  )`;

/** Lists the newest messages of a client. */
export const lookAtMessages = (where: string): string => `SELECT m.id FROM message m WHERE ${where} ORDER BY m.id DESC`;

/** Lists the newest messages to an address, of all clients. @param before a parameter: only older ones. */
export const lookAtAddress = (address: string, before: string | undefined): string => `
  SELECT DISTINCT r.message_id AS id FROM recipient r
  WHERE lower(r.address) = lower(${address}) ${before === undefined ? '' : `AND r.message_id < ${before}`}
  ORDER BY r.message_id DESC`;

/**
 * A condition on the subject. That of login mail is not shown, so it is not searched either: digit by digit, a search would
 * find the code. An encrypted one cannot be searched.
 */
export const hasInSubject = (pattern: string): string =>
  `AND m.category <> 'authentication' AND m.content_key IS NULL AND m.subject ILIKE ${pattern}`;

/**
 * Looks at a bounded number of messages, newest first, and picks the ids of those that fit. `last` is the oldest that was
 * looked at, if there may be more behind it. An erased message has no subject and no recipients to be found by.
 */
export const searchMessages = (parts: {
  readonly looked: string;
  readonly where: string;
  readonly fits: string;
  readonly most: number;
}): string => `
  WITH looked AS MATERIALIZED (${parts.looked} LIMIT ${parts.most})
  SELECT
    ARRAY (
      SELECT m.id FROM looked JOIN message m ON m.id = looked.id
      WHERE ${parts.where} AND m.erased_at IS NULL ${parts.fits} ORDER BY m.id DESC
    ) AS ids,
    CASE WHEN (SELECT count(*) FROM looked) = ${parts.most} THEN (SELECT id FROM looked ORDER BY id LIMIT 1) END AS last`;
