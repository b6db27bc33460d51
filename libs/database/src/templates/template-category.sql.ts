import { keyLock } from '../advisory-locks.js';

const COLUMNS = `c.id, c.parent_id AS "parentId", c.name, c.description, c.created_at AS "createdAt",
  c.updated_at AS "updatedAt"`;
const OWN = 'SELECT FROM template_category WHERE id = $1 AND client_id = $2';

/** Waits for the turn to change the tree of a client, until the transaction ends. */
export const LOCK_TREE = `SELECT pg_advisory_xact_lock(${keyLock('templateTree', '$1')})`;

/** Keeps a category from being deleted until the transaction ends. */
export const HOLD = `${OWN} FOR KEY SHARE`;

/** Locks a category that is about to be deleted. */
export const LOCK = `${OWN} FOR UPDATE`;

/** Finds every category of a client, parents before their children. */
export const FIND_ALL = `
  WITH RECURSIVE tree AS (
    SELECT c.*, 0 AS depth FROM template_category c WHERE c.client_id = $1 AND c.parent_id IS NULL
    UNION ALL
    SELECT c.*, tree.depth + 1 FROM template_category c JOIN tree ON c.parent_id = tree.id
  )
  SELECT ${COLUMNS} FROM tree c ORDER BY c.depth, c.id`;

/** Finds a category and those above it, from the root down. */
export const FIND_PATH = `
  WITH RECURSIVE path AS (
    SELECT c.*, 0 AS up FROM template_category c WHERE c.id = $1
    UNION ALL
    SELECT c.*, path.up + 1 FROM template_category c JOIN path ON c.id = path.parent_id
  )
  SELECT ${COLUMNS} FROM path c ORDER BY c.up DESC`;

/** Counts the levels from a category down. */
export const HEIGHT_OF = `
  WITH RECURSIVE below AS (
    SELECT id, 1 AS level FROM template_category WHERE id = $1
    UNION ALL
    SELECT c.id, below.level + 1 FROM template_category c JOIN below ON c.parent_id = below.id
  )
  SELECT max(level)::int AS height FROM below`;

/** Forgets removals of categories at accounts that another category here is copied to by now. */
export const FORGET_REPLACED_REMOVALS = `
  DELETE FROM template_category_removal r USING template_category_copy k
  WHERE k.provider = r.provider AND k.provider_category_id = r.provider_category_id`;

/** Claims categories that are to be removed at accounts, for $2 ms. */
export const TAKE_REMOVALS = `
  UPDATE template_category_removal SET attempts = attempts + 1, retry_at = now() + $2 * interval '1 ms'
  WHERE (provider, provider_category_id) IN (
    SELECT provider, provider_category_id FROM template_category_removal
    WHERE retry_at <= now() AND provider = ANY ($1) ORDER BY retry_at LIMIT $3 FOR UPDATE SKIP LOCKED)
  RETURNING provider, provider_category_id AS "providerCategoryId", attempts`;
