import { Inject, Injectable } from '@nestjs/common';
import { encodeId, type ProviderCategory, type ProviderTemplate } from '@gateway/core';
import {
  type ForeignTemplate,
  type Queryable,
  TemplateCategoryRepository,
  TemplateCopyRepository,
  type TemplateCopyRow,
} from '@gateway/database';
import { CONFIG, newUuid } from '@gateway/platform';
import { administer } from '../accounts/administer.js';
import { ImportTally, type ImportFault, type ImportPlace, type ImportReport, type Imported } from './import-report.js';
import { accountOf } from './provider-part.js';
import { TemplateCategoriesService } from './template-categories.service.js';
import { type TemplateDraft, TemplatesService } from './templates.service.js';
import { AccountStores } from '../shared/account-stores.js';
import { ProviderDirectory } from '../shared/provider-directory.js';
import type { Timing } from '../shared/timing.js';

/** How what a provider has becomes ours; throws GatewayProblem `validation_failed` for what cannot. */
export interface Adoption {
  draftOf(template: ProviderTemplate): TemplateDraft;
  /** A name of the provider's as ours may be. */
  nameOf(name: string): string;
  descriptionOf(description: string | null): string | null;
}

/** The templates and categories at an account, read before anything is written. */
export interface StandingTemplates {
  /** Where the account's copies are kept. */
  readonly store: string;
  readonly categories: readonly ProviderCategory[];
  readonly templates: readonly ProviderTemplate[];
}

const AT_ONCE = 4;
/** Time limit of the import, as a multiple of that of one call. */
const CALLS_OF_A_TAKE_OVER = 8;

/** Copies the templates and categories of a provider into the caller's own. */
@Injectable()
export class TakeOverTemplatesService {
  constructor(
    private readonly templates: TemplatesService,
    private readonly categories: TemplateCategoriesService,
    private readonly categoryRows: TemplateCategoryRepository,
    private readonly copies: TemplateCopyRepository,
    private readonly providers: ProviderDirectory,
    private readonly stores: AccountStores,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /** @throws GatewayProblem for an account that is unknown, keeps no templates, refuses or does not answer. */
  async read(provider: string): Promise<StandingTemplates> {
    const { part } = accountOf(this.providers.all, provider, '/from');
    const withinMs = this.timing.providerTimeoutMs * CALLS_OF_A_TAKE_OVER;
    const store = await this.stores.of(provider);
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
      return { store, categories, templates };
    });
  }

  async write(tx: Queryable, clientId: string, standing: StandingTemplates, adoption: Adoption): Promise<ImportReport> {
    const { store: provider, templates } = standing;
    const { copies, categoryRows } = this;
    await categoryRows.lockTree(tx, clientId);
    const tally = new ImportTally();
    const categories = await this.takeCategories(tx, clientId, standing, { adoption, tally });
    const known = new Map((await copies.findByProvider(tx, clientId, provider)).map((c) => [c.providerTemplateId, c]));
    const isForeign = foreignTemplates(await copies.findForeign(tx, clientId, provider));
    for (const template of templates.filter((each) => !isForeign(each))) {
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
    { store: provider, categories }: StandingTemplates,
    { adoption, tally }: { readonly adoption: Adoption; readonly tally: ImportTally },
  ): Promise<ReadonlyMap<string, string>> {
    const { categoryRows } = this;
    const copies = await categoryRows.findByProvider(tx, clientId, provider);
    const ours = new Map(copies.map((copy) => [copy.providerCategoryId, copy.categoryId]));
    const there = await categoryRows.findAll(clientId, tx);
    const foreign = new Set(await categoryRows.findForeignIds(tx, clientId, provider));
    for (const { id, name: given, parentId: parentThere, ...category } of categories) {
      if (ours.has(id) || foreign.has(id)) continue;
      const [name, parentId] = [adoption.nameOf(given), ours.get(parentThere ?? '') ?? null];
      const description = adoption.descriptionOf(category.description);
      await tally.entry({ pointer: '/category', name: given }, async () => {
        let found = there.find((row) => row.name === name && row.parentId === parentId);
        if (found === undefined) {
          found = await this.categories.create(tx, clientId, { name, description, parentId });
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
      await this.templates.create(tx, clientId, draft, id);
      await this.remember(tx, take, id);
      return 'imported';
    }
    // Templates with known content, and templates that were deleted here on purpose, stay as they are.
    if (copy.fingerprint === template.fingerprint) return 'skipped';
    const changed = await this.templates.replace(tx, clientId, copy.templateId, draft);
    if (changed === undefined) return 'skipped';
    await this.remember(tx, take, copy.templateId);
    return changed ? 'updated' : 'skipped';
  }

  private remember(tx: Queryable, { provider, template, copy }: Take, templateId: string): Promise<void> {
    const { id, categoryId, fingerprint } = template;
    const version = copy?.version ?? null;
    const place = { providerTemplateId: id, providerCategoryId: categoryId ?? null };
    return this.copies.save({ templateId, provider, ...place, version, fingerprint, removed: false }, tx);
  }
}

/** An account is the whole gateway's, what a client has pushed to it is that client's own. */
function foreignTemplates(foreign: readonly ForeignTemplate[]): (template: ProviderTemplate) => boolean {
  const ids = new Set(
    foreign.map(({ providerTemplateId, templateId }) => providerTemplateId ?? encodeId('template', templateId)),
  );
  const unanswered = foreign.filter(({ providerTemplateId }) => providerTemplateId === null);
  const names = new Set(unanswered.map(({ name }) => lettersOf(name)).filter((letters) => letters !== ''));
  return ({ id, name }) => ids.has(id) || names.has(lettersOf(name));
}

/** The part of a name that does not depend on how a vendor treats blanks and signs. */
const lettersOf = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

const untranslated = ({ faults }: ProviderTemplate, place: ImportPlace): readonly ImportFault[] =>
  faults.map(({ field, detail }) => ({ ...place, pointer: `/${field}`, code: 'invalid_template', detail }));

interface Take {
  readonly clientId: string;
  readonly provider: string;
  readonly template: ProviderTemplate;
  readonly draft: TemplateDraft;
  readonly copy: TemplateCopyRow | undefined;
}

/** The list gives its category, with the same ids as the categories. */
function placed({ categoryId: _, ...template }: ProviderTemplate, categoryId: string | undefined): ProviderTemplate {
  return categoryId === undefined ? template : { ...template, categoryId };
}
