import type { StoredFile } from '../../../state/file-store.js';

export type YesNo = 'Y' | 'N';

/** Users who created and last changed an object, and when (epoch ms). */
interface Trace {
  readonly createUser: string | null;
  readonly createdAt: number;
  readonly updateUser: string | null;
  readonly updatedAt: number;
}

export interface NhnCategory extends Trace {
  readonly categoryId: number;
  /** 0 for the root. */
  readonly categoryParentId: number;
  /** 0 for the root. */
  readonly depth: number;
  readonly categoryName: string;
  readonly categoryDesc: string | null;
  readonly useYn: YesNo;
}

export interface NhnTemplate extends Trace {
  readonly templateId: string;
  readonly categoryId: number;
  readonly templateName: string;
  readonly templateDesc: string | null;
  readonly useYn: YesNo;
  /** Y once deleted: every call treats it as absent, but it is kept. */
  readonly delYn: YesNo;
  readonly sendMailAddress: string;
  readonly title: string;
  readonly templateType: 'DEFAULT' | 'FREEMARKER';
  readonly body: string;
  readonly files: readonly StoredFile[];
}

/** Categories and templates of one NHN app key; the root category is there from the start and stays. */
export class NhnTemplates {
  readonly #categories = new Map<number, NhnCategory>();
  readonly #templates = new Map<string, NhnTemplate>();

  constructor(readonly root: NhnCategory) {
    this.putCategory(root);
  }

  category(categoryId: number): NhnCategory | undefined {
    return this.#categories.get(categoryId);
  }

  putCategory(category: NhnCategory): void {
    this.#categories.set(category.categoryId, category);
  }

  removeCategory(categoryId: number): void {
    this.#categories.delete(categoryId);
  }

  categories(): NhnCategory[] {
    return [...this.#categories.values()];
  }

  /** The template with this id, deleted or not. */
  template(templateId: string): NhnTemplate | undefined {
    return this.#templates.get(templateId);
  }

  putTemplate(template: NhnTemplate): void {
    this.#templates.set(template.templateId, template);
  }

  /** All templates, deleted ones too, in the order of creation. */
  templates(): NhnTemplate[] {
    return [...this.#templates.values()];
  }
}

/** The category that every app key begins with (nhn.md §5.5). */
export const rootCategory = (categoryId: number, now: number): NhnCategory => ({
  categoryId,
  categoryParentId: 0,
  depth: 0,
  categoryName: 'Category',
  categoryDesc: 'Top Category',
  useYn: 'Y',
  createUser: null,
  createdAt: now,
  updateUser: null,
  updatedAt: now,
});
