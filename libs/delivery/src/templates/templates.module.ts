import { Module } from '@nestjs/common';
import { TemplatesService } from './templates.service.js';
import { TemplateCategoriesService } from './template-categories.service.js';
import { CategoryCopies } from './category-copies.js';
import { PushTemplateService } from './push-template.service.js';
import { KeepTemplateCopiesService } from './keep-template-copies.service.js';
import { ImportTemplatesService } from './import-templates.service.js';
import { TakeOverTemplatesService } from './take-over-templates.service.js';
import { TemplateArchivesService } from './template-archives.service.js';
import { TemplateLookups } from './template-lookups.js';
import { TemplateOwners } from './template-owners.js';

const services = [
  TemplatesService,
  TemplateCategoriesService,
  CategoryCopies,
  PushTemplateService,
  KeepTemplateCopiesService,
  ImportTemplatesService,
  TakeOverTemplatesService,
  TemplateArchivesService,
  TemplateLookups,
  TemplateOwners,
];

/** Templates, their categories, and their copies at accounts. */
@Module({ providers: services, exports: services })
export class TemplatesModule {}
