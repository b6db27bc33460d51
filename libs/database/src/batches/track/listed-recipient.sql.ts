import { batchColumns } from '../rows.js';

/** Writes recipients of a list that are not there yet, unless their message has been erased. */
export const INSERT = `
  INSERT INTO recipient (message_id, position, address, type, mail_id)
  SELECT $1, $2::int + row_number() OVER (ORDER BY n.place) - 1, n.address, 'to'::recipient_type, n.mail_id
  FROM (
    SELECT DISTINCT ON (lower(t.address)) t.* FROM unnest($3::text[], $4::text[])
      WITH ORDINALITY AS t (address, mail_id, place)
    ORDER BY lower(t.address), t.place
  ) AS n
  WHERE NOT EXISTS (SELECT FROM recipient r WHERE r.message_id = $1 AND lower(r.address) = lower(n.address))
    AND NOT EXISTS (SELECT FROM message m WHERE m.id = $1 AND m.erased_at IS NOT NULL)`;

/** Adds recipients to the number that a message has. */
export const GROW_MESSAGE = `UPDATE message SET recipient_count = recipient_count + $2 WHERE id = $1`;

/** Adds recipients to a batch, which they follow; its range grows with them. */
export const GROW_BATCH = `
  UPDATE batch b SET recipient_count = recipient_count + $2, follower_count = follower_count + $2,
    position_to = position_from + recipient_count + $2 - 1
  WHERE id = $1 RETURNING ${batchColumns}`;
