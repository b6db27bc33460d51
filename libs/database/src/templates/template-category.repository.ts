import { Injectable } from '@nestjs/common';
import { keyLock } from '../advisory-locks.js';
import { Database, type Queryable } from '../database.js';

export interface TemplateCategoryRow {
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type NewTemplateCategory = Pick<TemplateCategoryRow, 'id' | 'parentId' | 'name' | 'description'> & {
  readonly clientId: string;
};

export interface TemplateCategoryFilter {
  /** `null`: those at the root. */
  readonly parentId?: string | null | undefined;
  readonly q?: string | undefined;
}

/** A category as it stands at a provider account. */
export interface TemplateCategoryCopyRow {
  readonly categoryId: string;
  readonly provider: string;
  readonly providerCategoryId: string;
  readonly name: string;
  /** Made by a push, so that it is removed with ours. */
  readonly made: boolean;
}

/** A category at an account whose own here is gone. */
export interface TemplateCategoryRemovalRow {
  readonly provider: string;
  readonly providerCategoryId: string;
  readonly attempts: number;
}

const columns = `c.id, c.parent_id AS "parentId", c.name, c.description, c.created_at AS "createdAt",
  c.updated_at AS "updatedAt"`;

const LOCK = 'SELECT FROM template_category WHERE id = $1 AND client_id = $2';

/** Text to be found as it is, in a pattern of LIKE. */
export const likePattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** A client's tree of template categories. */
@Injectable()
export class TemplateCategoryRepository {
  constructor(private readonly database: Database) {}

  /** Changes of one client's tree go one after the other, so that no two of them make a circle. */
  async lockTree(tx: Queryable, clientId: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(${keyLock('templateTree', '$1')})`, [clientId]);
  }

  async insert(tx: Queryable, category: NewTemplateCategory): Promise<TemplateCategoryRow> {
    const { rows } = await tx.query<TemplateCategoryRow>(
      `INSERT INTO template_category AS c (id, client_id, parent_id, name, description) VALUES ($1, $2, $3, $4, $5)
       RETURNING ${columns}`,
      [category.id, category.clientId, category.parentId, category.name, category.description],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the new category was not returned');
    return row;
  }

  async find(
    clientId: string,
    id: string,
    tx: Queryable = this.database.pool,
  ): Promise<TemplateCategoryRow | undefined> {
    const { rows } = await tx.query<TemplateCategoryRow>(
      `SELECT ${columns} FROM template_category c WHERE c.id = $1 AND c.client_id = $2`,
      [id, clientId],
    );
    return rows[0];
  }

  /** Keeps a category from being deleted until the transaction ends. @returns false when there is none. */
  async hold(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    return (await tx.query(`${LOCK} FOR KEY SHARE`, [id, clientId])).rowCount === 1;
  }

  /** Keeps templates from moving into a category that is about to be deleted. @returns false when there is none. */
  async lock(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    return (await tx.query(`${LOCK} FOR UPDATE`, [id, clientId])).rowCount === 1;
  }

  /** Newest first, before (older than) an id. */
  async findPage(
    clientId: string,
    { parentId, q }: TemplateCategoryFilter,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<TemplateCategoryRow[]> {
    const { rows } = await this.database.pool.query<TemplateCategoryRow>(
      `SELECT ${columns} FROM template_category c
       WHERE c.client_id = $1 AND ($2::uuid IS NULL OR c.id < $2)
         AND ($3::boolean IS FALSE OR c.parent_id IS NOT DISTINCT FROM $4)
         AND ($5::text IS NULL OR c.name ILIKE $5 OR c.description ILIKE $5)
       ORDER BY c.id DESC LIMIT $6`,
      [clientId, page.before ?? null, parentId !== undefined, parentId ?? null, q ? likePattern(q) : null, page.limit],
    );
    return rows;
  }

  /** Every category of the client, parents before their children. */
  async findAll(clientId: string, tx: Queryable = this.database.pool): Promise<TemplateCategoryRow[]> {
    const { rows } = await tx.query<TemplateCategoryRow>(
      `WITH RECURSIVE tree AS (
         SELECT c.*, 0 AS depth FROM template_category c WHERE c.client_id = $1 AND c.parent_id IS NULL
         UNION ALL
         SELECT c.*, tree.depth + 1 FROM template_category c JOIN tree ON c.parent_id = tree.id
       )
       SELECT ${columns} FROM tree c ORDER BY c.depth, c.id`,
      [clientId],
    );
    return rows;
  }

  /** Has nobody a category with this id? */
  async isFree(tx: Queryable, id: string): Promise<boolean> {
    const { rowCount } = await tx.query('SELECT FROM template_category WHERE id = $1', [id]);
    return rowCount === 0;
  }

  /** A client's categories by their ids at an account. */
  async findByProvider(tx: Queryable, clientId: string, provider: string): Promise<TemplateCategoryCopyRow[]> {
    const { rows } = await tx.query<TemplateCategoryCopyRow>(
      `SELECT k.category_id AS "categoryId", k.provider, k.provider_category_id AS "providerCategoryId", k.name,
         k.made
       FROM template_category_copy k JOIN template_category c ON c.id = k.category_id
       WHERE k.provider = $2 AND c.client_id = $1`,
      [clientId, provider],
    );
    return rows;
  }

  /** Ids at an account of categories that were made there for other clients' templates. */
  async findForeignIds(tx: Queryable, clientId: string, provider: string): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>(
      `SELECT DISTINCT k.provider_category_id AS id
       FROM template_category_copy k JOIN template_category c ON c.id = k.category_id
       WHERE k.provider = $2 AND k.made AND c.client_id <> $1`,
      [clientId, provider],
    );
    return rows.map(({ id }) => id);
  }

  /** A category and those above it, from the root down. */
  async findPath(id: string, tx: Queryable = this.database.pool): Promise<TemplateCategoryRow[]> {
    const { rows } = await tx.query<TemplateCategoryRow>(
      `WITH RECURSIVE path AS (
         SELECT c.*, 0 AS up FROM template_category c WHERE c.id = $1
         UNION ALL
         SELECT c.*, path.up + 1 FROM template_category c JOIN path ON c.id = path.parent_id
       )
       SELECT ${columns} FROM path c ORDER BY c.up DESC`,
      [id],
    );
    return rows;
  }

  /** Number of levels from this category down, itself counted. */
  async heightOf(id: string, tx: Queryable): Promise<number> {
    const { rows } = await tx.query<{ height: number }>(
      `WITH RECURSIVE below AS (
         SELECT id, 1 AS level FROM template_category WHERE id = $1
         UNION ALL
         SELECT c.id, below.level + 1 FROM template_category c JOIN below ON c.parent_id = below.id
       )
       SELECT max(level)::int AS height FROM below`,
      [id],
    );
    return rows[0]?.height ?? 0;
  }

  async update(
    tx: Queryable,
    category: Pick<TemplateCategoryRow, 'id' | 'parentId' | 'name' | 'description'>,
  ): Promise<TemplateCategoryRow | undefined> {
    const { rows } = await tx.query<TemplateCategoryRow>(
      `UPDATE template_category c SET parent_id = $2, name = $3, description = $4, updated_at = now() WHERE id = $1
       RETURNING ${columns}`,
      [category.id, category.parentId, category.name, category.description],
    );
    return rows[0];
  }

  /** Has it no subcategory and no template but deleted ones? */
  async isEmpty(tx: Queryable, id: string): Promise<boolean> {
    const { rows } = await tx.query<{ empty: boolean }>(
      `SELECT NOT EXISTS (SELECT 1 FROM template_category WHERE parent_id = $1)
          AND NOT EXISTS (SELECT 1 FROM template WHERE category_id = $1 AND deleted_at IS NULL) AS empty`,
      [id],
    );
    return rows[0]?.empty ?? false;
  }

  /** Deleted templates that were in it come back at the root. What was made of it at accounts is left to a worker. */
  async remove(tx: Queryable, id: string): Promise<void> {
    await tx.query(
      `INSERT INTO template_category_removal (provider, provider_category_id)
       SELECT provider, provider_category_id FROM template_category_copy WHERE category_id = $1 AND made
       ON CONFLICT DO NOTHING`,
      [id],
    );
    await tx.query('DELETE FROM template_category WHERE id = $1', [id]);
  }

  /** Categories to be removed at accounts, for this worker; they come back after a while unless `settleRemoval`. */
  async takeRemovals(
    providers: readonly string[],
    againMs: number,
    limit: number,
  ): Promise<TemplateCategoryRemovalRow[]> {
    // One that another category here stands for by now stays.
    await this.database.pool.query(
      `DELETE FROM template_category_removal r USING template_category_copy k
       WHERE k.provider = r.provider AND k.provider_category_id = r.provider_category_id`,
    );
    const { rows } = await this.database.pool.query<TemplateCategoryRemovalRow>(
      `UPDATE template_category_removal SET attempts = attempts + 1, retry_at = now() + $2 * interval '1 ms'
       WHERE (provider, provider_category_id) IN (
         SELECT provider, provider_category_id FROM template_category_removal
         WHERE retry_at <= now() AND provider = ANY ($1) ORDER BY retry_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING provider, provider_category_id AS "providerCategoryId", attempts`,
      [providers, againMs, limit],
    );
    return rows;
  }

  async settleRemoval({ provider, providerCategoryId }: TemplateCategoryRemovalRow): Promise<void> {
    await this.database.pool.query(
      'DELETE FROM template_category_removal WHERE provider = $1 AND provider_category_id = $2',
      [provider, providerCategoryId],
    );
  }

  async findCopies(categoryIds: readonly string[]): Promise<TemplateCategoryCopyRow[]> {
    const { rows } = await this.database.pool.query<TemplateCategoryCopyRow>(
      `SELECT category_id AS "categoryId", provider, provider_category_id AS "providerCategoryId", name, made
       FROM template_category_copy WHERE category_id = ANY ($1)`,
      [categoryIds],
    );
    return rows;
  }

  async saveCopy(copy: TemplateCategoryCopyRow, tx: Queryable = this.database.pool): Promise<void> {
    await tx.query(
      `INSERT INTO template_category_copy (category_id, provider, provider_category_id, name, made)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (category_id, provider) DO UPDATE
       SET provider_category_id = excluded.provider_category_id, name = excluded.name, made = excluded.made`,
      [copy.categoryId, copy.provider, copy.providerCategoryId, copy.name, copy.made],
    );
  }

  async removeCopy(categoryId: string, provider: string): Promise<void> {
    await this.database.pool.query('DELETE FROM template_category_copy WHERE category_id = $1 AND provider = $2', [
      categoryId,
      provider,
    ]);
  }
}
