import type { ProviderCategory } from '@gateway/core';
import type { TemplateCategoryCopyRow, TemplateCategoryRepository, TemplateCategoryRow } from '@gateway/database';
import type { TemplateAccount } from './provider-part.js';

/** Categories as they stand at accounts: made when a template needs them, renamed with ours. */
export class CategoryCopies {
  constructor(private readonly categories: TemplateCategoryRepository) {}

  /** Makes the path to a category at the account, as far as it is missing. @returns the category's id there. */
  async ensurePath(
    categoryId: string | null,
    account: TemplateAccount,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (categoryId === null) return undefined;
    const path = await this.categories.findPath(categoryId);
    const copies = await this.categories.findCopies(path.map(({ id }) => id));
    const known = new Map(copies.filter((c) => c.provider === account.name).map((copy) => [copy.categoryId, copy]));
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

  /** What has gone at the account is to be made anew; the others stay known, and by whom they were made. */
  async forgetGone(categoryId: string | null, account: TemplateAccount, signal: AbortSignal): Promise<void> {
    if (categoryId === null) return;
    const path = await this.categories.findPath(categoryId);
    const copies = await this.categories.findCopies(path.map(({ id }) => id));
    for (const copy of copies.filter(({ provider }) => provider === account.name)) {
      const stands = await account.part.hasCategory(copy.providerCategoryId, signal);
      if (!stands) await this.categories.removeCopy(copy.categoryId, account.name);
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
    await this.categories.saveCopy({ categoryId: id, provider: account.name, providerCategoryId, name, made });
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
