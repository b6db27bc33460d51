import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import * as sql from './template-copy.sql.js';

/** The copy of a template at a provider account. */
export interface TemplateCopyRow {
  readonly templateId: string;
  readonly provider: string;
  /** `null` while it is being created: whether the provider has it is not known yet. */
  readonly providerTemplateId: string | null;
  readonly providerCategoryId: string | null;
  /** The version that was pushed; `null` when it was only taken over from there. */
  readonly version: number | null;
  /** The fingerprint of the content when it was last seen there. */
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

const shown = {
  templateId: true,
  provider: true,
  providerTemplateId: true,
  providerCategoryId: true,
  version: true,
  fingerprint: true,
  removed: true,
  pushedAt: true,
} as const satisfies Prisma.TemplateCopySelect;

/** The copies of templates at provider accounts. */
@Injectable()
export class TemplateCopyRepository {
  constructor(private readonly database: Database) {}

  /** A client's copies at an account, deleted templates too. */
  async findByProvider(tx: Queryable, clientId: string, provider: string): Promise<TemplateCopyRow[]> {
    const prisma = await this.database.prismaOn(tx);
    return prisma.templateCopy.findMany({ where: { provider, template: { clientId } }, select: shown });
  }

  /**
   * Takes the right to change a template at an account, and notes that it may be there from now on.
   * @returns the copy as it was, `began` when there was none; `undefined` while another process changes it.
   */
  async claim(templateId: string, provider: string, leaseMs: number): Promise<ClaimedTemplateCopy | undefined> {
    const values = [templateId, provider, leaseMs];
    return (await this.database.pool.query<ClaimedTemplateCopy>(sql.CLAIM, values)).rows[0];
  }

  /** Releases the claim, unless another process has taken it meanwhile. */
  async release({ templateId, provider, busyUntil }: ClaimedTemplateCopy): Promise<void> {
    await this.database.prisma.templateCopy.updateMany({
      where: { templateId, provider, busyUntil },
      data: { busyUntil: null },
    });
  }

  /** Is it another template's? */
  async isTaken(provider: string, providerTemplateId: string, templateId: string): Promise<boolean> {
    const other = await this.database.prisma.templateCopy.findFirst({
      where: { provider, providerTemplateId, templateId: { not: templateId } },
      select: { templateId: true },
    });
    return other !== null;
  }

  /**
   * Templates that other clients have pushed to an account. While a push is not answered, the id there is not known;
   * the name identifies the template then.
   */
  async findForeign(tx: Queryable, clientId: string, provider: string): Promise<ForeignTemplate[]> {
    return (await tx.query<ForeignTemplate>(sql.FIND_FOREIGN, [clientId, provider])).rows;
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
      text: sql.IS_FOREIGN,
      values: [clientId, asked.provider, asked.ids, asked.madeOf],
    });
    return rows[0]?.foreign === true;
  }

  /** Copies whose template was deleted or restored, for this worker; due again after a while unless `settle`d. */
  async takeDue(providers: readonly string[], againMs: number, limit: number): Promise<DueTemplateCopy[]> {
    return (await this.database.pool.query<DueTemplateCopy>(sql.TAKE_DUE, [providers, againMs, limit])).rows;
  }

  /** Marks the copy as done, unless the template was deleted or restored again. */
  async settle({ templateId, provider, retryAt }: DueTemplateCopy): Promise<void> {
    await this.database.prisma.templateCopy.updateMany({
      where: { templateId, provider, retryAt },
      data: { retryAt: null },
    });
  }

  /** A copy with a version was pushed now; one without was only taken over. */
  async save(copy: SavedTemplateCopy, tx: Queryable = this.database.pool): Promise<void> {
    const { templateId, provider, providerTemplateId, providerCategoryId, version, fingerprint, removed } = copy;
    const data = {
      providerTemplateId,
      providerCategoryId,
      version,
      fingerprint,
      removed,
      ...(version !== null && { pushedAt: await this.database.timeOf(tx) }),
    };
    const prisma = await this.database.prismaOn(tx);
    await prisma.templateCopy.upsert({
      where: { templateId_provider: { templateId, provider } },
      create: { templateId, provider, ...data },
      update: data,
      select: { templateId: true },
    });
  }

  async setRemoved(templateId: string, provider: string): Promise<void> {
    await this.database.prisma.templateCopy.updateMany({ where: { templateId, provider }, data: { removed: true } });
  }

  async forget(templateId: string, provider: string): Promise<void> {
    await this.database.prisma.templateCopy.deleteMany({ where: { templateId, provider } });
  }
}
