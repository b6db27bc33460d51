import { Injectable } from '@nestjs/common';
import { FieldErrors, GatewayProblem } from '@gateway/core';
import { Database, type Queryable, TemplateCategoryRepository, type TemplateCategoryRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';

export interface CategoryDraft {
  readonly name: string;
  readonly parentId: string | null;
  readonly description: string | null;
}

/** Deep enough for any order, and a bound for what walks up and down the tree. */
const MAX_DEPTH = 10;

/** Changes to a client's tree of template categories. */
@Injectable()
export class TemplateCategoriesService {
  constructor(
    private readonly database: Database,
    private readonly categories: TemplateCategoryRepository,
  ) {}

  /** @throws GatewayProblem `validation_failed` for an unknown parent, or one that is too deep. */
  async create(tx: Queryable, clientId: string, draft: CategoryDraft, id = newUuid()): Promise<TemplateCategoryRow> {
    await this.categories.lockTree(tx, clientId);
    if (draft.parentId !== null) await this.checkParent(tx, clientId, { id, parentId: draft.parentId, height: 1 });
    return this.categories.insert(tx, { ...draft, id, clientId });
  }

  /** @returns `undefined` when the category does not exist. @throws GatewayProblem as `create`, and for a circle. */
  update(clientId: string, id: string, changes: Partial<CategoryDraft>): Promise<TemplateCategoryRow | undefined> {
    return this.database.repeatable(async (tx) => {
      await this.categories.lockTree(tx, clientId);
      const before = await this.categories.find(clientId, id, tx);
      if (before === undefined) return undefined;
      const after = { ...before, ...changes };
      if (after.parentId !== null && after.parentId !== before.parentId) {
        const height = await this.categories.heightOf(id, tx);
        await this.checkParent(tx, clientId, { id, parentId: after.parentId, height });
      }
      return this.categories.update(tx, after);
    });
  }

  /** @returns false when the category does not exist. @throws GatewayProblem `not_empty` */
  remove(clientId: string, id: string): Promise<boolean> {
    return this.database.repeatable(async (tx) => {
      await this.categories.lockTree(tx, clientId);
      if (!(await this.categories.lock(tx, clientId, id))) return false;
      if (!(await this.categories.isEmpty(tx, id))) {
        throw new GatewayProblem('not_empty', 'The category holds templates or categories; move or delete them first.');
      }
      await this.categories.remove(tx, id);
      return true;
    });
  }

  private async checkParent(
    tx: Queryable,
    clientId: string,
    place: { readonly id: string; readonly parentId: string; readonly height: number },
  ): Promise<void> {
    const errors = new FieldErrors();
    if ((await this.categories.find(clientId, place.parentId, tx)) === undefined) {
      errors.add('/parentId', 'unknown_reference', 'there is no category with this id');
      return errors.throwIfAny();
    }
    const path = await this.categories.findPath(place.parentId, tx);
    if (path.some(({ id }) => id === place.id)) {
      errors.add('/parentId', 'not_allowed', 'a category cannot be below itself');
    } else if (path.length + place.height > MAX_DEPTH) {
      errors.add('/parentId', 'not_allowed', `categories are at most ${MAX_DEPTH} deep`);
    }
    errors.throwIfAny();
  }
}
