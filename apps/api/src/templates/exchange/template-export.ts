import { Injectable } from '@nestjs/common';
import { TemplateCategoryRepository, TemplateRepository } from '@gateway/database';
import { exportCategory, exportTemplate } from '../template.presenter.js';
import { FORMAT_VERSION } from './template-file.schema.js';

/** Their texts are long, so only so many are in memory at once. */
const PAGE = 50;

/** Writes all of a client's categories and templates as JSON, piece by piece. */
@Injectable()
export class TemplateExport {
  constructor(
    private readonly categories: TemplateCategoryRepository,
    private readonly templates: TemplateRepository,
  ) {}

  async *write(clientId: string): AsyncGenerator<string> {
    const categories = (await this.categories.findAll(clientId)).map(exportCategory);
    yield `{"version":${FORMAT_VERSION},"categories":${JSON.stringify(categories)},"templates":[`;
    let after: string | undefined;
    for (let first = true; ; first = false) {
      const page = await this.templates.findFullPage(clientId, { after, limit: PAGE });
      const last = page.at(-1);
      if (last === undefined) break;
      yield (first ? '' : ',') + page.map((row) => JSON.stringify(exportTemplate(row))).join(',');
      after = last.id;
    }
    yield ']}';
  }
}
