import { Injectable } from '@nestjs/common';
import type { ProviderCategory } from '@gateway/core';
import { type TemplateCategoryCopyRow, TemplateCategoryRepository, type TemplateCategoryRow } from '@gateway/database';
import type { TemplateAccount } from './provider-part.js';

/** Categories at accounts: created when a template needs them, renamed with the gateway's. */
@Injectable()
export class CategoryCopies {
  constructor(private readonly categories: TemplateCategoryRepository) {}

  /** Creates the missing part of a category's path at the account. @returns the category's id there. */
  async ensurePath(
    categoryId: string | null,
    account: TemplateAccount,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (categoryId === null) return undefined;
    const path = await this.categories.findPath(categoryId);
    const copies = await this.categories.findCopies(path.map(({ id }) => id));
    const known = new Map(copies.filter((c) => c.provider === account.store).map((copy) => [copy.categoryId, copy]));
    let standing: readonly ProviderCategory[] | undefined;
    let parentId: string | undefined;
    for (const category of path) {
      const copy = known.get(category.id);
      if (copy === undefined) {
        standing ??= (await account.part.list(signal)).categories;
        parentId = await this.make(category, { parentId, standing }, account, signal);
        continue;
      }
      parentId = copy.providerCategoryId;
      if (copy.name !== category.name) await this.rename(category, copy, account, signal);
    }
    return parentId;
  }

  /** Missing categories are created again; the others, and their creators, stay known. */
  async forgetGone(categoryId: string | null, account: TemplateAccount, signal: AbortSignal): Promise<void> {
    if (categoryId === null) return;
    const path = await this.categories.findPath(categoryId);
    const copies = await this.categories.findCopies(path.map(({ id }) => id));
    for (const copy of copies.filter(({ provider }) => provider === account.store)) {
      const stands = await account.part.hasCategory(copy.providerCategoryId, signal);
      if (!stands) await this.categories.removeCopy(copy.categoryId, account.store);
    }
  }

  /** One of the same name at the same place is taken for ours: making it may have been left unanswered. */
  private async make(
    { id, name, description }: TemplateCategoryRow,
    at: { readonly parentId: string | undefined; readonly standing: readonly ProviderCategory[] },
    account: TemplateAccount,
    signal: AbortSignal,
  ): Promise<string> {
    const { part } = account;
    const there = at.standing.find((c) => c.name === part.categoryName(name) && c.parentId === at.parentId);
    const place = at.parentId === undefined ? {} : { parentId: at.parentId };
    const providerCategoryId = there?.id ?? (await part.createCategory({ name, description, ...place }, signal));
    const made = there === undefined;
    await this.categories.saveCopy({ categoryId: id, provider: account.store, providerCategoryId, name, made });
    return providerCategoryId;
  }

  private async rename(
    { name, description }: TemplateCategoryRow,
    copy: TemplateCategoryCopyRow,
    { part }: TemplateAccount,
    signal: AbortSignal,
  ): Promise<void> {
    await part.renameCategory({ id: copy.providerCategoryId, name, description }, signal);
    await this.categories.saveCopy({ ...copy, name });
  }
}
