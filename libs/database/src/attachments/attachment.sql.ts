/** Writes one piece of a file: bytes as they are, which Prisma would send as text. */
export const INSERT_CHUNK = 'INSERT INTO attachment_chunk (attachment_id, number, data) VALUES ($1, $2, $3)';

/** Reads one piece of a file, for the same reason, with the key that encrypts it. */
export const READ_CHUNK = `
  SELECT c.data, a.content_key AS "contentKey" FROM attachment_chunk c JOIN attachment a ON a.id = c.attachment_id
  WHERE c.attachment_id = $1 AND c.number = $2`;

/** Finds the key that encrypts a file. */
export const FIND_KEY = 'SELECT content_key AS "contentKey" FROM attachment WHERE id = $1';

/** Finds the files ($1) that a client ($2) has: asked while a message is accepted. */
export const FIND_MANY = `
  SELECT id, name, size, content_type AS "contentType", created_at AS "createdAt" FROM attachment
  WHERE id = ANY ($1) AND client_id = $2 AND deleted_at IS NULL`;

/** Keeps files from being deleted while a message that carries them is accepted. */
export const HOLD = 'SELECT id FROM attachment WHERE id = ANY ($1) AND deleted_at IS NULL ORDER BY id FOR SHARE';

/** Claims the upload of a file ($1) to an account ($2) for the holder $3, unless another one has it. */
export const BEGIN_UPLOAD = `
  INSERT INTO attachment_upload AS u (attachment_id, provider, holder, lease_until)
  SELECT id, $2, $3, now() + $4 * interval '1 ms' FROM attachment WHERE id = $1
  ON CONFLICT (attachment_id, provider) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
  WHERE u.lease_until < now()`;

/** Claims deleted files that no unfinished message needs, for a sweep. */
export const TAKE_REMOVABLE = `
  WITH removable AS (
    SELECT id FROM attachment a
    WHERE deleted_at IS NOT NULL AND (swept_at IS NULL OR swept_at < now() - $1 * interval '1 ms')
      AND NOT EXISTS (
        SELECT FROM message m
        WHERE m.attachment_ids @> ARRAY[a.id] AND m.attachment_ids <> '{}' AND m.completed_at IS NULL
      )
    ORDER BY deleted_at LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  UPDATE attachment a SET swept_at = now() FROM removable WHERE a.id = removable.id RETURNING a.id`;
