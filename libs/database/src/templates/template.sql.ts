const HEAD = `t.id, t.category_id AS "categoryId", t.name, t.description, t.enabled, t.created_at AS "createdAt",
  t.updated_at AS "updatedAt", t.deleted_at AS "deletedAt", t.updated_by AS "updatedBy"`;
const SENDER = 'v.from_address AS "fromAddress", v.from_name AS "fromName", v.subject';
const WHOLE = `${HEAD}, ${SENDER}, v.html, v.text, v.attachment_ids AS "attachmentIds", v.version,
  t.version AS "latestVersion", v.created_by AS "createdBy"`;

/** Finds templates ($1) of clients ($2) with their newest versions, or those that are asked for ($3), and which of them each is. */
export const FIND = `
  SELECT w.nth::int, ${WHOLE} FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY AS w (id, client_id, version, nth)
  JOIN template t ON t.id = w.id AND t.client_id = w.client_id
  JOIN template_version v ON v.template_id = t.id AND v.version = coalesce(w.version, t.version)`;

/** Locks a template for a change of it. */
export const LOCK = 'SELECT FROM template WHERE id = $1 AND client_id = $2 FOR NO KEY UPDATE';

/** Finds a page of templates by what their newest versions say, which Prisma has no words for. */
export const FIND_PAGE = `
  SELECT ${HEAD}, ${SENDER}, t.version FROM template t
  JOIN template_version v ON v.template_id = t.id AND v.version = t.version
  WHERE t.client_id = $1 AND ($2::uuid IS NULL OR t.id < $2) AND (t.deleted_at IS NOT NULL) = $3
    AND ($4::boolean IS FALSE OR t.category_id IS NOT DISTINCT FROM $5)
    AND ($6::boolean IS NULL OR t.enabled = $6)
    AND ($7::text IS NULL OR t.name ILIKE $7 OR t.description ILIKE $7 OR v.subject ILIKE $7)
  ORDER BY t.id DESC LIMIT $8`;

/** Walks through all templates of a client with their newest versions. */
export const FIND_FULL_PAGE = `
  SELECT ${WHOLE} FROM template t
  JOIN template_version v ON v.template_id = t.id AND v.version = t.version
  WHERE t.client_id = $1 AND t.deleted_at IS NULL AND ($2::uuid IS NULL OR t.id > $2) ORDER BY t.id LIMIT $3`;
