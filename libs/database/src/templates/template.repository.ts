import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import { likeText } from '../like-text.js';
import * as sql from './template.sql.js';

/** The part of a template that does not change with a version. */
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

/** The content of a template. */
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

export interface WantedTemplate {
  readonly clientId: string;
  readonly id: string;
  /** By default the newest. */
  readonly version?: number | undefined;
}

/** A client's templates with all their versions. */
@Injectable()
export class TemplateRepository {
  constructor(private readonly database: Database) {}

  /** Writes a template with its first version. */
  async insert(tx: Queryable, template: NewTemplate): Promise<void> {
    const { id, clientId, categoryId, name, description, enabled, by = null } = template;
    const prisma = await this.database.prismaOn(tx);
    await prisma.template.create({
      data: { id, clientId, categoryId, name, description, enabled, updatedBy: by },
      select: { id: true },
    });
    await insertVersion(prisma, { id, version: 1 }, template);
  }

  /** The newest version unless another is asked for; deleted ones too. */
  async find(
    clientId: string,
    id: string,
    { version, tx = this.database.pool }: FindOptions = {},
  ): Promise<TemplateRow | undefined> {
    const [found] = await this.findMany([{ clientId, id, version }], tx);
    return found;
  }

  /** @returns for each of them, in their order, what is there, with the newest or the wanted version. */
  async findMany(
    wanted: readonly WantedTemplate[],
    tx: Queryable = this.database.pool,
  ): Promise<readonly (TemplateRow | undefined)[]> {
    const { rows } = await tx.query<TemplateRow & { readonly nth: number }>(sql.FIND, [
      wanted.map(({ id }) => id),
      wanted.map(({ clientId }) => clientId),
      wanted.map(({ version }) => version ?? null),
    ]);
    const found = new Map(rows.map(({ nth, ...row }) => [nth, row]));
    return wanted.map((_, i) => found.get(i + 1));
  }

  /**
   * The newest version, locked until the transaction ends; deleted ones too. The lock is a statement of its own: a
   * locking read that also joins the version would, after waiting for another change, still have the old version in hand
   * and find no template at all.
   */
  async findLocked(tx: Queryable, clientId: string, id: string): Promise<TemplateRow | undefined> {
    await tx.query(sql.LOCK, [id, clientId]);
    return this.find(clientId, id, { tx });
  }

  /** Newest first, before (older than) an id. */
  async findPage(
    clientId: string,
    { categoryId, q, enabled, deleted }: TemplateFilter,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<TemplateSummary[]> {
    const { rows } = await this.database.pool.query<TemplateSummary>(sql.FIND_PAGE, [
      clientId,
      page.before ?? null,
      deleted,
      categoryId !== undefined,
      categoryId ?? null,
      enabled ?? null,
      q ? `%${likeText(q)}%` : null,
      page.limit,
    ]);
    return rows;
  }

  /** Templates that are not deleted with their newest content, oldest first, after an id: to walk through them all. */
  async findFullPage(clientId: string, page: { readonly after: string | undefined; readonly limit: number }) {
    const values = [clientId, page.after ?? null, page.limit];
    const { rows } = await this.database.pool.query<TemplateRow>(sql.FIND_FULL_PAGE, values);
    return rows;
  }

  /** Is this id free? Templates of all clients count. */
  async isFree(tx: Queryable, id: string): Promise<boolean> {
    const prisma = await this.database.prismaOn(tx);
    return (await prisma.template.findUnique({ where: { id }, select: { id: true } })) === null;
  }

  /** The id of the oldest live template with this name in this category. */
  async findByName(
    tx: Queryable,
    clientId: string,
    name: string,
    categoryId: string | null,
  ): Promise<string | undefined> {
    const prisma = await this.database.prismaOn(tx);
    const template = await prisma.template.findFirst({
      where: { clientId, name, categoryId, deletedAt: null },
      orderBy: { id: 'asc' },
      select: { id: true },
    });
    return template?.id;
  }

  async updateHead(tx: Queryable, head: TemplateHead & ChangedBy): Promise<void> {
    const { id, categoryId, name, description, enabled, by = null } = head;
    const prisma = await this.database.prismaOn(tx);
    const updatedAt = await this.database.timeOf(tx);
    await prisma.template.update({
      where: { id },
      data: { categoryId, name, description, enabled, updatedAt, updatedBy: by },
      select: { id: true },
    });
  }

  /** The caller holds the lock of the template. @returns the number of the new version. */
  async addVersion(tx: Queryable, id: string, content: TemplateContentRow & ChangedBy): Promise<number> {
    const prisma = await this.database.prismaOn(tx);
    const { version } = await prisma.template.update({
      where: { id },
      data: { version: { increment: 1 }, updatedAt: await this.database.timeOf(tx) },
      select: { version: true },
    });
    await insertVersion(prisma, { id, version }, content);
    return version;
  }

  /** A worker then does the same to the copies at accounts. One that is deleted already keeps its time. */
  async setDeleted(
    tx: Queryable,
    id: string,
    { deleted, by }: ChangedBy & { readonly deleted: boolean },
  ): Promise<void> {
    const prisma = await this.database.prismaOn(tx);
    const now = await this.database.timeOf(tx);
    await prisma.templateCopy.updateMany({ where: { templateId: id }, data: { retryAt: now } });
    if (deleted) await prisma.template.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: now } });
    await prisma.template.update({
      where: { id },
      data: { ...(!deleted && { deletedAt: null }), updatedAt: now, updatedBy: by ?? null },
      select: { id: true },
    });
  }
}

async function insertVersion(
  prisma: Prisma.TransactionClient,
  { id, version }: { readonly id: string; readonly version: number },
  content: TemplateContentRow & ChangedBy,
): Promise<void> {
  const { fromAddress, fromName, subject, html, text, attachmentIds, by = null } = content;
  await prisma.templateVersion.create({
    data: {
      templateId: id,
      version,
      fromAddress,
      fromName,
      subject,
      html,
      text,
      attachmentIds: [...attachmentIds],
      createdBy: by,
    },
    select: { version: true },
  });
}

interface FindOptions {
  readonly version?: number | undefined;
  readonly tx?: Queryable;
}
