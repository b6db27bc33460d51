import { Injectable } from '@nestjs/common';
import {
  type Queryable,
  TemplateCategoryRepository,
  type TemplateCategoryRow,
  TemplateRepository,
  type TemplateRow,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { ImportTally, type Imported, type ImportFaults, type ImportReport } from './import-report.js';
import { type CategoryDraft, TemplateCategoriesService } from './template-categories.service.js';
import { type TemplateDraft, TemplatesService } from './templates.service.js';

/** A category of an export; ids are those of the gateway that made it. */
export interface CategoryEntry extends CategoryDraft {
  readonly pointer: string;
  readonly id: string;
}

/** A template of an export. `draft.categoryId` is an id of the export. */
export interface TemplateEntry {
  readonly pointer: string;
  readonly id: string | undefined;
  readonly draft: TemplateDraft;
}

/** Takes in what a gateway has exported: the same again changes nothing. */
@Injectable()
export class ImportTemplatesService {
  constructor(
    private readonly templates: TemplatesService,
    private readonly templateRows: TemplateRepository,
    private readonly categories: TemplateCategoriesService,
    private readonly categoryRows: TemplateCategoryRepository,
  ) {}

  /** @param faults of entries that could not even be read. */
  async execute(
    tx: Queryable,
    clientId: string,
    entries: { readonly categories: readonly CategoryEntry[]; readonly templates: readonly TemplateEntry[] },
    faults: ImportFaults,
  ): Promise<ImportReport> {
    const tally = new ImportTally();
    tally.failAll(faults);
    await this.categoryRows.lockTree(tx, clientId);
    const categories = await this.importCategories(tx, clientId, entries.categories, tally);
    for (const { pointer, id, draft } of entries.templates) {
      const categoryId = draft.categoryId === null ? null : (categories.get(draft.categoryId) ?? draft.categoryId);
      await tally.entry({ pointer, name: draft.name }, () =>
        this.importTemplate(tx, clientId, id, { ...draft, categoryId }),
      );
    }
    return tally.report;
  }

  /** @returns our ids by those of the export. */
  private async importCategories(
    tx: Queryable,
    clientId: string,
    entries: readonly CategoryEntry[],
    tally: ImportTally,
  ): Promise<ReadonlyMap<string, string>> {
    const ours = new Map<string, string>();
    const there = new KnownCategories(await this.categoryRows.findAll(clientId, tx));
    for (const entry of parentsFirst(entries)) {
      const parentId = entry.parentId === null ? null : (ours.get(entry.parentId) ?? entry.parentId);
      const found = there.find({ ...entry, parentId });
      if (found !== undefined) {
        ours.set(entry.id, found.id);
        continue;
      }
      const place = { pointer: entry.pointer, name: entry.name };
      // Looked for here, so that a long chain of strangers costs no query each.
      if (parentId !== null && !there.has(parentId)) {
        tally.fail({ ...place, ...unknownParent, pointer: `${entry.pointer}/parentId` });
        continue;
      }
      await tally.entry(place, async () => {
        const id = (await this.categoryRows.isFree(tx, entry.id)) ? entry.id : newUuid();
        const { name, description } = entry;
        there.add(await this.categories.create(tx, clientId, { name, description, parentId }, id));
        ours.set(entry.id, id);
        return 'uncounted';
      });
    }
    return ours;
  }

  private async importTemplate(
    tx: Queryable,
    clientId: string,
    id: string | undefined,
    draft: TemplateDraft,
  ): Promise<Imported> {
    const { templates, templateRows } = this;
    const byId = id === undefined ? undefined : await templateRows.find(clientId, id, { tx });
    if (byId !== undefined) return this.replaceTemplate(tx, clientId, byId, draft);
    const there = await templateRows.findByName(tx, clientId, draft.name, draft.categoryId);
    if (there !== undefined) {
      return (await templates.replace(tx, clientId, there, draft)) ? 'updated' : 'skipped';
    }
    // Another client of this gateway may have one with this id.
    const free = id !== undefined && (await templateRows.isFree(tx, id));
    await templates.create(tx, clientId, draft, free ? id : newUuid());
    return 'imported';
  }

  /** Restores it if it was deleted. */
  private async replaceTemplate(
    tx: Queryable,
    clientId: string,
    { id, deletedAt }: TemplateRow,
    draft: TemplateDraft,
  ): Promise<Imported> {
    const { templates, templateRows } = this;
    await templates.checkReferences(tx, clientId, draft);
    if (deletedAt !== null) await templateRows.setDeleted(tx, id, { deleted: false, by: draft.by });
    const changed = await templates.replace(tx, clientId, id, draft);
    return changed || deletedAt !== null ? 'updated' : 'skipped';
  }
}

const unknownParent = { code: 'unknown_reference', detail: 'there is no category with this id' } as const;

type Place = Pick<TemplateCategoryRow, 'name' | 'parentId'>;

/** A client's categories, found by id or by name and place. */
class KnownCategories {
  private readonly byId = new Map<string, TemplateCategoryRow>();
  private readonly byPlace = new Map<string, TemplateCategoryRow>();

  constructor(rows: readonly TemplateCategoryRow[]) {
    for (const row of rows) this.add(row);
  }

  add(row: TemplateCategoryRow): void {
    this.byId.set(row.id, row);
    if (!this.byPlace.has(placeOf(row))) this.byPlace.set(placeOf(row), row);
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  find(entry: Place & { readonly id: string }): TemplateCategoryRow | undefined {
    return this.byId.get(entry.id) ?? this.byPlace.get(placeOf(entry));
  }
}

const placeOf = ({ name, parentId }: Place): string => `${parentId ?? ''} ${name}`;

/** Parents first, in any order of the input; categories that refer to each other in a cycle last. */
function parentsFirst(entries: readonly CategoryEntry[]): readonly CategoryEntry[] {
  const ids = new Set(entries.map(({ id }) => id));
  const below = Map.groupBy(entries, ({ parentId }) => (parentId !== null && ids.has(parentId) ? parentId : ROOT));
  const ordered = new Set(below.get(ROOT));
  for (const { id } of ordered) for (const child of below.get(id) ?? []) ordered.add(child);
  return [...ordered, ...entries.filter((entry) => !ordered.has(entry))];
}

const ROOT = '';
