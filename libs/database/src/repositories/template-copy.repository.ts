import type { Database, Queryable } from '../database.js';

/** A template as it stands at a provider account. */
export interface TemplateCopyRow {
  readonly templateId: string;
  readonly provider: string;
  /** `null` while it is being made: whether the provider has it is to be found out. */
  readonly providerTemplateId: string | null;
  readonly providerCategoryId: string | null;
  /** The version that was pushed; `null` when it was only taken over from there. */
  readonly version: number | null;
  /** What stood there when it was last seen. */
  readonly fingerprint: string | null;
  readonly removed: boolean;
  readonly pushedAt: Date | null;
}

export type SavedTemplateCopy = Omit<TemplateCopyRow, 'pushedAt'>;

const columns = `template_id AS "templateId", provider, provider_template_id AS "providerTemplateId",
  provider_category_id AS "providerCategoryId", version, fingerprint, removed, pushed_at AS "pushedAt"`;

/** What of the templates stands at which provider account. */
export class TemplateCopyRepository {
  constructor(private readonly database: Database) {}

  async findByTemplate(templateId: string): Promise<TemplateCopyRow[]> {
    const { rows } = await this.database.pool.query<TemplateCopyRow>(
      `SELECT ${columns} FROM template_copy WHERE template_id = $1 ORDER BY provider`,
      [templateId],
    );
    return rows;
  }

  /** A client's copies at an account, deleted templates too. */
  async findByProvider(tx: Queryable, clientId: string, provider: string): Promise<TemplateCopyRow[]> {
    const { rows } = await tx.query<TemplateCopyRow>(
      `SELECT ${columns} FROM template_copy c
       WHERE c.provider = $2 AND EXISTS (SELECT 1 FROM template t WHERE t.id = c.template_id AND t.client_id = $1)`,
      [clientId, provider],
    );
    return rows;
  }

  /** Notes, before the provider is asked to make it, that it may stand there from now on. */
  async begin(templateId: string, provider: string): Promise<void> {
    await this.database.pool.query(
      'INSERT INTO template_copy (template_id, provider) VALUES ($1, $2) ON CONFLICT (template_id, provider) DO NOTHING',
      [templateId, provider],
    );
  }

  /** A copy with a version was pushed now; one without was only taken over. */
  async save(copy: SavedTemplateCopy, tx: Queryable = this.database.pool): Promise<void> {
    await tx.query(
      `INSERT INTO template_copy (template_id, provider, provider_template_id, provider_category_id, version,
         fingerprint, removed, pushed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $5::int IS NOT NULL THEN now() END)
       ON CONFLICT (template_id, provider) DO UPDATE
       SET provider_template_id = excluded.provider_template_id, provider_category_id = excluded.provider_category_id,
         version = excluded.version, fingerprint = excluded.fingerprint, removed = excluded.removed,
         pushed_at = coalesce(excluded.pushed_at, template_copy.pushed_at)`,
      [
        ...[copy.templateId, copy.provider, copy.providerTemplateId, copy.providerCategoryId, copy.version],
        ...[copy.fingerprint, copy.removed],
      ],
    );
  }

  async setRemoved(templateId: string, provider: string, removed: boolean): Promise<void> {
    await this.database.pool.query('UPDATE template_copy SET removed = $3 WHERE template_id = $1 AND provider = $2', [
      templateId,
      provider,
      removed,
    ]);
  }

  async forget(templateId: string, provider: string): Promise<void> {
    await this.database.pool.query('DELETE FROM template_copy WHERE template_id = $1 AND provider = $2', [
      templateId,
      provider,
    ]);
  }
}
