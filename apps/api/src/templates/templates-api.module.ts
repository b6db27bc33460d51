import { TemplatesModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { PushTemplateController } from './push-template.controller.js';
import { ExportTemplatesController } from './exchange/export-templates.controller.js';
import { ImportTemplatesController } from './exchange/import-templates.controller.js';
import { TemplatesController } from './templates.controller.js';
import { TemplateCategoriesController } from './template-categories.controller.js';
import { TemplateExport } from './exchange/template-export.js';

/** Templates, their categories, and the files that carry them. */
@Module({
  imports: [TemplatesModule],
  controllers: [
    PushTemplateController,
    ExportTemplatesController,
    ImportTemplatesController,
    TemplatesController,
    TemplateCategoriesController,
  ],
  providers: [TemplateExport],
})
export class TemplatesApiModule {}
