import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TemplateCategoryRepository, TemplateRepository, type Database } from '@gateway/database';
import { TemplateCategoriesService, TemplatesService, type TemplateDraft } from '@gateway/delivery';
import { EXAMPLE_IDS, EXAMPLE_UUIDS } from '../openapi/example-ids.js';
import { renewBefore } from './sandbox-renewal.js';
import { newTemplate } from '../templates/template.openapi.js';

const ABSENT = {
  categoryId: null,
  description: null,
  enabled: true,
  from: null,
  html: null,
  text: null,
  attachmentIds: [],
} as const;

/** The templates and categories that the examples of a sandbox speak of. */
class SandboxTemplates {
  private readonly categories: TemplateCategoriesService;
  private readonly foundCategories: TemplateCategoryRepository;
  private readonly templates: TemplatesService;
  private readonly foundTemplates: TemplateRepository;

  constructor(
    app: NestFastifyApplication,
    private readonly database: Database,
    private readonly clientId: string,
  ) {
    this.categories = app.get(TemplateCategoriesService);
    this.foundCategories = app.get(TemplateCategoryRepository);
    this.templates = app.get(TemplatesService);
    this.foundTemplates = app.get(TemplateRepository);
  }

  async prepare(): Promise<void> {
    await this.category(EXAMPLE_UUIDS.templateCategory, 'orders');
    await this.renewEmptyCategory();
    await this.template(EXAMPLE_UUIDS.template, { ...newTemplate, categoryId: EXAMPLE_UUIDS.templateCategory });
    const retired = { name: 'retired', subject: 'No longer sent', text: 'Deleted, and may come back.' };
    await this.template(EXAMPLE_UUIDS.deletedTemplate, retired);
  }

  /** Deleting the example works each time it is pressed. */
  renewBeforeDelete(app: NestFastifyApplication): void {
    const call = { clientId: this.clientId, method: 'DELETE', route: '/v1/template-categories/:id', parameter: 'id' };
    renewBefore(app, { ...call, example: EXAMPLE_IDS.emptyCategory }, () => this.renewEmptyCategory());
  }

  private renewEmptyCategory(): Promise<void> {
    return this.category(EXAMPLE_UUIDS.emptyCategory, 'nothing-in-here');
  }

  private async category(id: string, name: string): Promise<void> {
    if ((await this.foundCategories.find(this.clientId, id)) !== undefined) return;
    const draft = { name, parentId: null, description: null };
    await this.database.transaction((tx) => this.categories.create(tx, this.clientId, draft, id));
  }

  private async template(id: string, given: Partial<TemplateDraft> & Pick<TemplateDraft, 'name' | 'subject'>) {
    if ((await this.foundTemplates.find(this.clientId, id)) !== undefined) return;
    await this.database.transaction((tx) => this.templates.create(tx, this.clientId, { ...ABSENT, ...given }, id));
  }
}

export async function prepareTemplates(
  app: NestFastifyApplication,
  database: Database,
  clientId: string,
): Promise<void> {
  const examples = new SandboxTemplates(app, database, clientId);
  examples.renewBeforeDelete(app);
  await examples.prepare();
}
