import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import { likeText } from '../like-text.js';
import * as sql from './template-category.sql.js';

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

/** The copy of a category at a provider account. */
export interface TemplateCategoryCopyRow {
  readonly categoryId: string;
  readonly provider: string;
  readonly providerCategoryId: string;
  readonly name: string;
  /** Made by a push, so that it is removed with ours. */
  readonly made: boolean;
}

/** A category at an account that was deleted here. */
export interface TemplateCategoryRemovalRow {
  readonly provider: string;
  readonly providerCategoryId: string;
  readonly attempts: number;
}

const shown = {
  id: true,
  parentId: true,
  name: true,
  description: true,
  createdAt: true,
  updatedAt: true,
} as const satisfies Prisma.TemplateCategorySelect;

const copyShown = {
  categoryId: true,
  provider: true,
  providerCategoryId: true,
  name: true,
  made: true,
} as const satisfies Prisma.TemplateCategoryCopySelect;

/** A client's tree of template categories. */
@Injectable()
export class TemplateCategoryRepository {
  constructor(private readonly database: Database) {}

  /** Changes of one client's tree go one after the other, so that no two of them make a circle. */
  async lockTree(tx: Queryable, clientId: string): Promise<void> {
    await tx.query(sql.LOCK_TREE, [clientId]);
  }

  async insert(tx: Queryable, category: NewTemplateCategory): Promise<TemplateCategoryRow> {
    const { id, clientId, parentId, name, description } = category;
    const prisma = await this.database.prismaOn(tx);
    return prisma.templateCategory.create({ data: { id, clientId, parentId, name, description }, select: shown });
  }

  async find(
    clientId: string,
    id: string,
    tx: Queryable = this.database.pool,
  ): Promise<TemplateCategoryRow | undefined> {
    const prisma = await this.database.prismaOn(tx);
    const category = await prisma.templateCategory.findFirst({ where: { id, clientId }, select: shown });
    return category ?? undefined;
  }

  /** Keeps a category from being deleted until the transaction ends. @returns false when there is none. */
  async hold(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    return (await tx.query(sql.HOLD, [id, clientId])).rowCount === 1;
  }

  /** Keeps templates from moving into a category that is about to be deleted. @returns false when there is none. */
  async lock(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    return (await tx.query(sql.LOCK, [id, clientId])).rowCount === 1;
  }

  /** Newest first, before (older than) an id. */
  findPage(
    clientId: string,
    { parentId, q }: TemplateCategoryFilter,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<TemplateCategoryRow[]> {
    const text = { contains: likeText(q ?? ''), mode: 'insensitive' } as const;
    return this.database.prisma.templateCategory.findMany({
      where: {
        clientId,
        ...(page.before !== undefined && { id: { lt: page.before } }),
        ...(parentId !== undefined && { parentId }),
        ...(q && { OR: [{ name: text }, { description: text }] }),
      },
      orderBy: { id: 'desc' },
      take: page.limit,
      select: shown,
    });
  }

  /** Every category of the client, parents before their children. */
  async findAll(clientId: string, tx: Queryable = this.database.pool): Promise<TemplateCategoryRow[]> {
    return (await tx.query<TemplateCategoryRow>(sql.FIND_ALL, [clientId])).rows;
  }

  /** Is this id free? Categories of all clients count. */
  async isFree(tx: Queryable, id: string): Promise<boolean> {
    const prisma = await this.database.prismaOn(tx);
    return (await prisma.templateCategory.findUnique({ where: { id }, select: { id: true } })) === null;
  }

  /** A client's categories by their ids at an account. */
  async findByProvider(tx: Queryable, clientId: string, provider: string): Promise<TemplateCategoryCopyRow[]> {
    const prisma = await this.database.prismaOn(tx);
    return prisma.templateCategoryCopy.findMany({ where: { provider, category: { clientId } }, select: copyShown });
  }

  /** Ids at an account of categories that were made there for other clients' templates. */
  async findForeignIds(tx: Queryable, clientId: string, provider: string): Promise<string[]> {
    const prisma = await this.database.prismaOn(tx);
    const copies = await prisma.templateCategoryCopy.findMany({
      where: { provider, made: true, category: { clientId: { not: clientId } } },
      select: { providerCategoryId: true },
    });
    return copies.map(({ providerCategoryId }) => providerCategoryId);
  }

  /** A category and those above it, from the root down. */
  async findPath(id: string, tx: Queryable = this.database.pool): Promise<TemplateCategoryRow[]> {
    return (await tx.query<TemplateCategoryRow>(sql.FIND_PATH, [id])).rows;
  }

  /** Number of levels from this category down, itself counted. */
  async heightOf(id: string, tx: Queryable): Promise<number> {
    const { rows } = await tx.query<{ height: number }>(sql.HEIGHT_OF, [id]);
    return rows[0]?.height ?? 0;
  }

  async update(
    tx: Queryable,
    category: Pick<TemplateCategoryRow, 'id' | 'parentId' | 'name' | 'description'>,
  ): Promise<TemplateCategoryRow | undefined> {
    const { id, parentId, name, description } = category;
    const prisma = await this.database.prismaOn(tx);
    const rows = await prisma.templateCategory.updateManyAndReturn({
      where: { id },
      data: { parentId, name, description, updatedAt: await this.database.timeOf(tx) },
      select: shown,
    });
    return rows[0];
  }

  /** Has it no subcategory and no template but deleted ones? */
  async isEmpty(tx: Queryable, id: string): Promise<boolean> {
    const prisma = await this.database.prismaOn(tx);
    const child = await prisma.templateCategory.findFirst({ where: { parentId: id }, select: { id: true } });
    if (child !== null) return false;
    const live = { categoryId: id, deletedAt: null };
    return (await prisma.template.findFirst({ where: live, select: { id: true } })) === null;
  }

  /**
   * Removes a category that the caller has locked. Its deleted templates are restored at the root. A worker removes its
   * copies at accounts.
   */
  async remove(tx: Queryable, id: string): Promise<void> {
    const prisma = await this.database.prismaOn(tx);
    const made = await prisma.templateCategoryCopy.findMany({
      where: { categoryId: id, made: true },
      select: { provider: true, providerCategoryId: true },
    });
    await prisma.templateCategoryRemoval.createMany({ data: made, skipDuplicates: true });
    await prisma.templateCategory.deleteMany({ where: { id } });
  }

  /** Categories to remove at accounts, for this worker; they are due again after a while unless `settleRemoval`. */
  async takeRemovals(
    providers: readonly string[],
    againMs: number,
    limit: number,
  ): Promise<TemplateCategoryRemovalRow[]> {
    // It is kept if another category here uses it by now.
    await this.database.pool.query(sql.FORGET_REPLACED_REMOVALS);
    const values = [providers, againMs, limit];
    return (await this.database.pool.query<TemplateCategoryRemovalRow>(sql.TAKE_REMOVALS, values)).rows;
  }

  async settleRemoval({ provider, providerCategoryId }: TemplateCategoryRemovalRow): Promise<void> {
    await this.database.prisma.templateCategoryRemoval.deleteMany({ where: { provider, providerCategoryId } });
  }

  findCopies(categoryIds: readonly string[]): Promise<TemplateCategoryCopyRow[]> {
    return this.database.prisma.templateCategoryCopy.findMany({
      where: { categoryId: { in: [...categoryIds] } },
      select: copyShown,
    });
  }

  async saveCopy(copy: TemplateCategoryCopyRow, tx: Queryable = this.database.pool): Promise<void> {
    const { categoryId, provider, providerCategoryId, name, made } = copy;
    const prisma = await this.database.prismaOn(tx);
    await prisma.templateCategoryCopy.upsert({
      where: { categoryId_provider: { categoryId, provider } },
      create: { categoryId, provider, providerCategoryId, name, made },
      update: { providerCategoryId, name, made },
      select: { categoryId: true },
    });
  }

  async removeCopy(categoryId: string, provider: string): Promise<void> {
    await this.database.prisma.templateCategoryCopy.deleteMany({ where: { categoryId, provider } });
  }
}
