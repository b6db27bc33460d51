import { Injectable } from '@nestjs/common';
import { TemplateRepository, type TemplateRow, type WantedTemplate } from '@gateway/database';
import { Coalescer } from '../shared/coalescer.js';

/** Finds the templates that messages name. Messages of the same moment name the same few, and each is read once. */
@Injectable()
export class TemplateLookups {
  private readonly lookups = new Coalescer((wanted: readonly WantedTemplate[]) => this.findTogether(wanted), {
    atOnce: 2,
    most: 100,
  });

  constructor(private readonly templates: TemplateRepository) {}

  /** With its newest version, or the wanted one; a deleted one, too. */
  find(wanted: WantedTemplate): Promise<TemplateRow | undefined> {
    return this.lookups.run(wanted);
  }

  private async findTogether(wanted: readonly WantedTemplate[]): Promise<readonly (TemplateRow | undefined)[]> {
    const different = new Map(wanted.map((each) => [nameOf(each), each]));
    const rows = await this.templates.findMany([...different.values()]);
    const found = new Map([...different.keys()].map((name, i) => [name, rows[i]]));
    return wanted.map((each) => found.get(nameOf(each)));
  }
}

const nameOf = ({ clientId, id, version }: WantedTemplate): string => `${clientId} ${id} ${version ?? 'newest'}`;
