import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';

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

export interface ClaimedTemplateCopy extends TemplateCopyRow {
  readonly busyUntil: Date;
  readonly began: boolean;
}

export interface ForeignTemplate {
  readonly templateId: string;
  /** `null`: not known yet. */
  readonly providerTemplateId: string | null;
  readonly name: string;
}

export interface DueTemplateCopy {
  readonly templateId: string;
  readonly provider: string;
  readonly providerTemplateId: string | null;
  readonly version: number | null;
  readonly removed: boolean;
  readonly retryAt: Date;
  readonly clientId: string;
  readonly deleted: boolean;
}

export type SavedTemplateCopy = Omit<TemplateCopyRow, 'pushedAt'>;

const columns = `template_id AS "templateId", provider, provider_template_id AS "providerTemplateId",
  provider_category_id AS "providerCategoryId", version, fingerprint, removed, pushed_at AS "pushedAt"`;

/** What of the templates stands at which provider account. */
@Injectable()
export class TemplateCopyRepository {
  constructor(private readonly database: Database) {}

  /** A client's copies at an account, deleted templates too. */
  async findByProvider(tx: Queryable, clientId: string, provider: string): Promise<TemplateCopyRow[]> {
    const { rows } = await tx.query<TemplateCopyRow>(
      `SELECT ${columns} FROM template_copy c
       WHERE c.provider = $2 AND EXISTS (SELECT 1 FROM template t WHERE t.id = c.template_id AND t.client_id = $1)`,
      [clientId, provider],
    );
    return rows;
  }

  /**
   * Takes the right to change a template at an account, and notes that it may stand there from now on.
   * @returns the copy as it was, `began` when there was none; `undefined` while somebody else changes it.
   */
  async claim(templateId: string, provider: string, leaseMs: number): Promise<ClaimedTemplateCopy | undefined> {
    const { rows } = await this.database.pool.query<ClaimedTemplateCopy>(
      `INSERT INTO template_copy AS c (template_id, provider, busy_until)
       VALUES ($1, $2, now() + $3 * interval '1 ms')
       ON CONFLICT (template_id, provider) DO UPDATE SET busy_until = excluded.busy_until
       WHERE c.busy_until IS NULL OR c.busy_until < now()
       RETURNING ${columns}, busy_until AS "busyUntil", xmax = 0 AS began`,
      [templateId, provider, leaseMs],
    );
    return rows[0];
  }

  /** Gives the right back, unless somebody else has got it meanwhile. */
  async release({ templateId, provider, busyUntil }: ClaimedTemplateCopy): Promise<void> {
    await this.database.pool.query(
      'UPDATE template_copy SET busy_until = NULL WHERE template_id = $1 AND provider = $2 AND busy_until = $3',
      [templateId, provider, busyUntil],
    );
  }

  /** Is it another template's? */
  async isTaken(provider: string, providerTemplateId: string, templateId: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      'SELECT FROM template_copy WHERE provider = $1 AND provider_template_id = $2 AND template_id <> $3 LIMIT 1',
      [provider, providerTemplateId, templateId],
    );
    return rowCount !== 0;
  }

  /**
   * What other clients have pushed to an account. Where the answer to a push has not come, its id there is not known yet;
   * then the name tells.
   */
  async findForeign(tx: Queryable, clientId: string, provider: string): Promise<ForeignTemplate[]> {
    const { rows } = await tx.query<ForeignTemplate>(
      `SELECT c.template_id AS "templateId", c.provider_template_id AS "providerTemplateId", t.name
       FROM template_copy c JOIN template t ON t.id = c.template_id
       WHERE c.provider = $2 AND t.client_id <> $1 AND (c.version IS NOT NULL OR c.provider_template_id IS NULL)`,
      [clientId, provider],
    );
    return rows;
  }

  /**
   * Has another client pushed a template under one of these ids?
   * @param ids in lower case. @param madeOf templates whose own ids they are: the answer to a push may still be missing.
   */
  async isForeign(
    clientId: string,
    asked: { readonly provider: string; readonly ids: readonly string[]; readonly madeOf: readonly string[] },
  ): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ foreign: boolean }>({
      name: 'is-foreign-template',
      text: `SELECT EXISTS (
          SELECT FROM template_copy c JOIN template t ON t.id = c.template_id
          WHERE c.provider = $2 AND lower(c.provider_template_id) = ANY ($3) AND c.version IS NOT NULL
            AND t.client_id <> $1
        ) OR EXISTS (SELECT FROM template WHERE id = ANY ($4::uuid[]) AND client_id <> $1) AS foreign`,
      values: [clientId, asked.provider, asked.ids, asked.madeOf],
    });
    return rows[0]?.foreign === true;
  }

  /** Copies whose template was deleted or restored, for this worker; they come back after a while unless `settle`d. */
  async takeDue(providers: readonly string[], againMs: number, limit: number): Promise<DueTemplateCopy[]> {
    const { rows } = await this.database.pool.query<DueTemplateCopy>(
      `UPDATE template_copy c SET retry_at = now() + $2 * interval '1 ms'
       FROM template t
       WHERE t.id = c.template_id AND (c.template_id, c.provider) IN (
         SELECT template_id, provider FROM template_copy
         WHERE retry_at <= now() AND provider = ANY ($1) AND (busy_until IS NULL OR busy_until < now())
         ORDER BY retry_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING c.template_id AS "templateId", c.provider, c.provider_template_id AS "providerTemplateId", c.version,
         c.removed, c.retry_at AS "retryAt", t.client_id AS "clientId", t.deleted_at IS NOT NULL AS deleted`,
      [providers, againMs, limit],
    );
    return rows;
  }

  /** Nothing more is to be done, unless the template was deleted or restored again. */
  async settle({ templateId, provider, retryAt }: DueTemplateCopy): Promise<void> {
    await this.database.pool.query(
      'UPDATE template_copy SET retry_at = NULL WHERE template_id = $1 AND provider = $2 AND retry_at = $3',
      [templateId, provider, retryAt],
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

  async setRemoved(templateId: string, provider: string): Promise<void> {
    await this.database.pool.query('UPDATE template_copy SET removed = true WHERE template_id = $1 AND provider = $2', [
      templateId,
      provider,
    ]);
  }

  async forget(templateId: string, provider: string): Promise<void> {
    await this.database.pool.query('DELETE FROM template_copy WHERE template_id = $1 AND provider = $2', [
      templateId,
      provider,
    ]);
  }
}
