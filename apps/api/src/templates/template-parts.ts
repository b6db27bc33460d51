import type { AdministeredProvider } from '@gateway/core';
import {
  AttachmentRepository,
  TemplateCategoryRepository,
  TemplateCopyRepository,
  TemplateRepository,
  type Database,
} from '@gateway/database';
import {
  CategoryCopies,
  ImportTemplatesService,
  PushTemplateService,
  TakeOverTemplatesService,
  TemplateArchivesService,
  TemplateCategoriesService,
  TemplatesService,
} from '@gateway/delivery';
import { TemplateExport } from './template-export.js';

/** What the calls of templates and their categories need, for Nest's container. */
export function templateParts(
  database: Database,
  providers: readonly AdministeredProvider[],
  timeoutMs: number,
): object[] {
  const templateRows = new TemplateRepository(database);
  const categoryRows = new TemplateCategoryRepository(database);
  const copies = new TemplateCopyRepository(database);
  const attachments = new AttachmentRepository(database);
  const templates = new TemplatesService(database, templateRows, categoryRows, attachments);
  const categories = new TemplateCategoriesService(database, categoryRows);
  const categoryCopies = new CategoryCopies(categoryRows);
  const shared = { templates, templateRows, categories, categoryRows, copies, providers, timeoutMs };
  return [
    templateRows,
    categoryRows,
    templates,
    categories,
    new PushTemplateService({ ...shared, templates: templateRows, categoryCopies, attachments }),
    new ImportTemplatesService(shared),
    new TakeOverTemplatesService(shared),
    new TemplateArchivesService(providers, timeoutMs),
    new TemplateExport(categoryRows, templateRows),
  ];
}
