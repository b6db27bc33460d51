import type { AdministeredProvider, ProviderCategory, ProviderTemplate } from '@gateway/core';
import type { Queryable, TemplateCategoryRepository, TemplateCopyRepository, TemplateCopyRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { administer } from '../administration/administer.js';
import { ImportTally, type ImportFault, type ImportPlace, type ImportReport, type Imported } from './import-report.js';
import { accountOf } from './provider-part.js';
import type { TemplateCategoriesService } from './template-categories.service.js';
import type { TemplateDraft, TemplatesService } from './templates.service.js';

/** How what a provider has becomes ours; throws GatewayProblem `validation_failed` for what can not. */
export interface Adoption {
  draftOf(template: ProviderTemplate): TemplateDraft;
  /** A name of the provider's as ours may be. */
  nameOf(name: string): string;
  descriptionOf(description: string | null): string | null;
}

/** What stands at an account, read before anything is written. */
export interface StandingTemplates {
  readonly provider: string;
  readonly categories: readonly ProviderCategory[];
  readonly templates: readonly ProviderTemplate[];
}

const AT_ONCE = 4;
/** So much longer than one call it may take. */
const CALLS_OF_A_TAKE_OVER = 8;

/** Takes over the templates and categories that stand at a provider, into the caller's own. */
export class TakeOverTemplatesService {
  constructor(
    private readonly deps: {
      readonly templates: TemplatesService;
      readonly categories: TemplateCategoriesService;
      readonly categoryRows: TemplateCategoryRepository;
      readonly copies: TemplateCopyRepository;
      readonly providers: readonly AdministeredProvider[];
      readonly timeoutMs: number;
    },
  ) {}

  /** @throws GatewayProblem for an account that is unknown, keeps no templates, refuses or does not answer. */
  read(provider: string): Promise<StandingTemplates> {
    const { part } = accountOf(this.deps.providers, provider, '/from');
    const withinMs = this.deps.timeoutMs * CALLS_OF_A_TAKE_OVER;
    return administer({ account: provider, withinMs }, async (signal) => {
      const { categories, templates: listed } = await part.list(signal);
      const templates: ProviderTemplate[] = [];
      for (let i = 0; i < listed.length; i += AT_ONCE) {
        const page = listed.slice(i, i + AT_ONCE);
        const found = await Promise.all(page.map(({ id }) => part.get(id, signal)));
        page.forEach(({ categoryId }, n) => {
          const template = found[n];
          if (template !== undefined) templates.push(placed(template, categoryId));
        });
      }
      return { provider, categories, templates };
    });
  }

  async write(tx: Queryable, clientId: string, standing: StandingTemplates, adoption: Adoption): Promise<ImportReport> {
    const { provider, templates } = standing;
    const { copies, categoryRows } = this.deps;
    await categoryRows.lockTree(tx, clientId);
    const tally = new ImportTally();
    const categories = await this.takeCategories(tx, clientId, standing, { adoption, tally });
    const known = new Map((await copies.findByProvider(tx, clientId, provider)).map((c) => [c.providerTemplateId, c]));
    // An account is the whole gateway's, what a client has pushed to it is that client's own.
    const foreign = new Set(await copies.findForeignIds(tx, clientId, provider));
    for (const template of templates.filter(({ id }) => !foreign.has(id))) {
      const place = { pointer: '', name: template.name, providerTemplateId: template.id };
      if (template.faults.length > 0) {
        tally.fail(...untranslated(template, place));
        continue;
      }
      await tally.entry(place, () => {
        const categoryId = categories.get(template.categoryId ?? '') ?? null;
        const draft = { ...adoption.draftOf(template), categoryId };
        return this.takeTemplate(tx, { clientId, provider, template, draft, copy: known.get(template.id) });
      });
    }
    return tally.report;
  }

  /** @returns our ids by the provider's. */
  private async takeCategories(
    tx: Queryable,
    clientId: string,
    { provider, categories }: StandingTemplates,
    { adoption, tally }: { readonly adoption: Adoption; readonly tally: ImportTally },
  ): Promise<ReadonlyMap<string, string>> {
    const { categoryRows } = this.deps;
    const copies = await categoryRows.findByProvider(tx, clientId, provider);
    const ours = new Map(copies.map((copy) => [copy.providerCategoryId, copy.categoryId]));
    const there = await categoryRows.findAll(clientId, tx);
    for (const { id, name: given, parentId: parentThere, ...category } of categories) {
      if (ours.has(id)) continue;
      const [name, parentId] = [adoption.nameOf(given), ours.get(parentThere ?? '') ?? null];
      const description = adoption.descriptionOf(category.description);
      await tally.entry({ pointer: '/category', name: given }, async () => {
        let found = there.find((row) => row.name === name && row.parentId === parentId);
        if (found === undefined) {
          found = await this.deps.categories.create(tx, clientId, { name, description, parentId });
          there.push(found);
        }
        ours.set(id, found.id);
        await categoryRows.saveCopy({ categoryId: found.id, provider, providerCategoryId: id, name, made: false }, tx);
        return 'uncounted';
      });
    }
    return ours;
  }

  private async takeTemplate(tx: Queryable, take: Take): Promise<Imported> {
    const { clientId, draft, copy, template } = take;
    if (copy === undefined) {
      const id = newUuid();
      await this.deps.templates.create(tx, clientId, draft, id);
      await this.remember(tx, take, id);
      return 'imported';
    }
    // What we know it to say, and what was deleted here on purpose, is left alone.
    if (copy.fingerprint === template.fingerprint) return 'skipped';
    const changed = await this.deps.templates.replace(tx, clientId, copy.templateId, draft);
    if (changed === undefined) return 'skipped';
    await this.remember(tx, take, copy.templateId);
    return changed ? 'updated' : 'skipped';
  }

  private remember(tx: Queryable, { provider, template, copy }: Take, templateId: string): Promise<void> {
    const { id, categoryId, fingerprint } = template;
    const version = copy?.version ?? null;
    const place = { providerTemplateId: id, providerCategoryId: categoryId ?? null };
    return this.deps.copies.save({ templateId, provider, ...place, version, fingerprint, removed: false }, tx);
  }
}

const untranslated = ({ faults }: ProviderTemplate, place: ImportPlace): readonly ImportFault[] =>
  faults.map(({ field, detail }) => ({ ...place, pointer: `/${field}`, code: 'invalid_template', detail }));

interface Take {
  readonly clientId: string;
  readonly provider: string;
  readonly template: ProviderTemplate;
  readonly draft: TemplateDraft;
  readonly copy: TemplateCopyRow | undefined;
}

/** Where it stands is told by the list, in the same words as the categories. */
function placed({ categoryId: _, ...template }: ProviderTemplate, categoryId: string | undefined): ProviderTemplate {
  return categoryId === undefined ? template : { ...template, categoryId };
}
