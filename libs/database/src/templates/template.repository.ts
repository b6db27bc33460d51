import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import { likePattern } from './template-category.repository.js';

/** What does not change with a version. */
export interface TemplateHead {
  readonly id: string;
  readonly categoryId: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly enabled: boolean;
}

/** Which key does it; none: the gateway itself. */
export interface ChangedBy {
  readonly by?: string | undefined;
}

/** What a template says. */
export interface TemplateContentRow {
  readonly fromAddress: string | null;
  readonly fromName: string | null;
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly attachmentIds: readonly string[];
}

/** Without its texts, which may be long. */
export interface TemplateSummary extends TemplateHead {
  readonly subject: string;
  readonly fromAddress: string | null;
  readonly fromName: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
  readonly updatedBy: string | null;
}

/** A template with the content of one of its versions. */
export interface TemplateRow extends TemplateHead, TemplateContentRow {
  readonly version: number;
  readonly latestVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
  /** The key that changed it last, and the one that wrote this version. */
  readonly updatedBy: string | null;
  readonly createdBy: string | null;
}

export type NewTemplate = TemplateHead & TemplateContentRow & ChangedBy & { readonly clientId: string };

export interface TemplateFilter {
  /** `null`: those in no category. */
  readonly categoryId?: string | null | undefined;
  readonly q?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly deleted: boolean;
}

const headColumns = `t.id, t.category_id AS "categoryId", t.name, t.description, t.enabled, t.created_at AS "createdAt",
  t.updated_at AS "updatedAt", t.deleted_at AS "deletedAt", t.updated_by AS "updatedBy"`;
const senderColumns = 'v.from_address AS "fromAddress", v.from_name AS "fromName", v.subject';
const fullColumns = `${headColumns}, ${senderColumns}, v.html, v.text, v.attachment_ids AS "attachmentIds", v.version,
  t.version AS "latestVersion", v.created_by AS "createdBy"`;

/** A client's templates with all their versions. */
@Injectable()
export class TemplateRepository {
  constructor(private readonly database: Database) {}

  /** Writes a template with its first version. */
  async insert(tx: Queryable, template: NewTemplate): Promise<void> {
    const { id, clientId, categoryId, name, description, enabled, by = null } = template;
    await tx.query(
      `INSERT INTO template (id, client_id, category_id, name, description, enabled, updated_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, clientId, categoryId, name, description, enabled, by],
    );
    await this.insertVersion(tx, id, 1, template);
  }

  /** The newest version unless another is asked for; deleted ones too. */
  async find(
    clientId: string,
    id: string,
    { version, tx = this.database.pool }: FindOptions = {},
  ): Promise<TemplateRow | undefined> {
    const { rows } = await tx.query<TemplateRow>(
      `SELECT ${fullColumns} FROM template t
       JOIN template_version v ON v.template_id = t.id AND v.version = coalesce($3, t.version)
       WHERE t.id = $1 AND t.client_id = $2`,
      [id, clientId, version ?? null],
    );
    return rows[0];
  }

  /**
   * The newest version, locked until the transaction ends; deleted ones too. The lock is a statement of its own: a
   * locking read that also joins the version would, after waiting for another change, still have the old version in hand
   * and find no template at all.
   */
  async findLocked(tx: Queryable, clientId: string, id: string): Promise<TemplateRow | undefined> {
    await tx.query('SELECT FROM template WHERE id = $1 AND client_id = $2 FOR NO KEY UPDATE', [id, clientId]);
    return this.find(clientId, id, { tx });
  }

  /** Newest first, before (older than) an id. */
  async findPage(
    clientId: string,
    { categoryId, q, enabled, deleted }: TemplateFilter,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<TemplateSummary[]> {
    const { rows } = await this.database.pool.query<TemplateSummary>(
      `SELECT ${headColumns}, ${senderColumns}, t.version FROM template t
       JOIN template_version v ON v.template_id = t.id AND v.version = t.version
       WHERE t.client_id = $1 AND ($2::uuid IS NULL OR t.id < $2) AND (t.deleted_at IS NOT NULL) = $3
         AND ($4::boolean IS FALSE OR t.category_id IS NOT DISTINCT FROM $5)
         AND ($6::boolean IS NULL OR t.enabled = $6)
         AND ($7::text IS NULL OR t.name ILIKE $7 OR t.description ILIKE $7 OR v.subject ILIKE $7)
       ORDER BY t.id DESC LIMIT $8`,
      [
        ...[clientId, page.before ?? null, deleted, categoryId !== undefined, categoryId ?? null, enabled ?? null],
        ...[q ? likePattern(q) : null, page.limit],
      ],
    );
    return rows;
  }

  /** Templates that are not deleted with their newest content, oldest first, after an id: to walk through them all. */
  async findFullPage(clientId: string, page: { readonly after: string | undefined; readonly limit: number }) {
    const { rows } = await this.database.pool.query<TemplateRow>(
      `SELECT ${fullColumns} FROM template t
       JOIN template_version v ON v.template_id = t.id AND v.version = t.version
       WHERE t.client_id = $1 AND t.deleted_at IS NULL AND ($2::uuid IS NULL OR t.id > $2) ORDER BY t.id LIMIT $3`,
      [clientId, page.after ?? null, page.limit],
    );
    return rows;
  }

  /** Has nobody a template with this id? */
  async isFree(tx: Queryable, id: string): Promise<boolean> {
    const { rowCount } = await tx.query('SELECT FROM template WHERE id = $1', [id]);
    return rowCount === 0;
  }

  /** The id of the oldest live template with this name in this category. */
  async findByName(tx: Queryable, clientId: string, name: string, categoryId: string | null) {
    const { rows } = await tx.query<{ id: string }>(
      `SELECT id FROM template
       WHERE client_id = $1 AND name = $2 AND category_id IS NOT DISTINCT FROM $3 AND deleted_at IS NULL
       ORDER BY id LIMIT 1`,
      [clientId, name, categoryId],
    );
    return rows[0]?.id;
  }

  async updateHead(tx: Queryable, head: TemplateHead & ChangedBy): Promise<void> {
    await tx.query(
      `UPDATE template SET category_id = $2, name = $3, description = $4, enabled = $5, updated_at = now(),
         updated_by = $6
       WHERE id = $1`,
      [head.id, head.categoryId, head.name, head.description, head.enabled, head.by ?? null],
    );
  }

  /** The caller holds the lock of the template. @returns the number of the new version. */
  async addVersion(tx: Queryable, id: string, content: TemplateContentRow & ChangedBy): Promise<number> {
    const { rows } = await tx.query<{ version: number }>(
      'UPDATE template SET version = version + 1, updated_at = now() WHERE id = $1 RETURNING version',
      [id],
    );
    const version = rows[0]?.version ?? 1;
    await this.insertVersion(tx, id, version, content);
    return version;
  }

  /** A worker then does the same to the copies at accounts. */
  async setDeleted(
    tx: Queryable,
    id: string,
    { deleted, by }: ChangedBy & { readonly deleted: boolean },
  ): Promise<void> {
    await tx.query(
      `WITH due AS (UPDATE template_copy SET retry_at = now() WHERE template_id = $1)
       UPDATE template SET deleted_at = CASE WHEN $2 THEN coalesce(deleted_at, now()) END, updated_at = now(),
         updated_by = $3
       WHERE id = $1`,
      [id, deleted, by ?? null],
    );
  }

  private async insertVersion(
    tx: Queryable,
    id: string,
    version: number,
    content: TemplateContentRow & ChangedBy,
  ): Promise<void> {
    const { fromAddress, fromName, subject, html, text, attachmentIds, by = null } = content;
    await tx.query(
      `INSERT INTO template_version (template_id, version, from_address, from_name, subject, html, text, attachment_ids,
         created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, version, fromAddress, fromName, subject, html, text, attachmentIds, by],
    );
  }
}

interface FindOptions {
  readonly version?: number | undefined;
  readonly tx?: Queryable;
}
