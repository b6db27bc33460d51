import {
  ProviderRefusedError,
  type OutboundFile,
  type OutboundTemplate,
  type ProviderCategory,
  type ProviderTemplate,
  type ProviderTemplates,
  type StandingTemplate,
} from '@gateway/core';
import { type z } from 'zod';
import { collectFile } from '../../shared/templates/collect-file.js';
import { fingerprintOf } from '../../shared/templates/fingerprint.js';
import { lossesOf } from '../../shared/templates/losses.js';
import { writeNeutral } from '../../shared/templates/neutral-text.js';
import { PAGE_SIZE, type NhnApi } from '../nhn.api.js';
import { manage } from '../nhn.manage.js';
import { readNhnText, writeNhnTexts, type TemplateType } from './nhn.template-text.js';
import {
  categoryPageSchema,
  categoryIdSchema,
  nothing,
  templatePageSchema,
  templateSchema,
  uploadedSchema,
  type NhnCategory,
  type NhnTemplate,
} from './nhn.template-wire.js';

const ROOT_PARENT = '0';
/** An id is taken for good if the one who had it was deleted: whether it can be used again is not documented (§5.6). */
const MOST_TRIES = 5;
const ALREADY_EXISTS = '-2101';

/** NHN's own templates and categories (nhn.md §5.5, §5.6). */
export class NhnTemplates implements ProviderTemplates {
  constructor(private readonly api: NhnApi) {}

  readonly categoryName = (name: string): string => name;

  obstaclesTo({ content }: Pick<OutboundTemplate, 'content'>): readonly string[] {
    return writeNhnTexts(content).obstacles;
  }

  lossesOf(template: OutboundTemplate): readonly string[] {
    return lossesOf(template, { files: true, senderName: false });
  }

  /** A template that already has our id is ours: the call that created it was not answered. */
  async create(template: OutboundTemplate, signal: AbortSignal): Promise<StandingTemplate> {
    const categoryId = Number(template.categoryId ?? (await this.rootId(signal)));
    for (let attempt = 1; ; attempt += 1) {
      const templateId = attempt === 1 ? template.id : `${template.id}_${attempt}`;
      const body = { categoryId, templateId, ...bodyOf(template) };
      try {
        await manage(this.api, { method: 'POST', call: 'templates', body }, nothing, signal);
        return standing(templateId, template);
      } catch (error) {
        if (!isTaken(error) || attempt === MOST_TRIES) throw error;
        if ((await this.get(templateId, signal)) !== undefined) return this.update(templateId, template, {}, signal);
      }
    }
  }

  /** The category of a template cannot be changed there (§5.6). */
  async update(
    id: string,
    template: OutboundTemplate,
    _before: unknown,
    signal: AbortSignal,
  ): Promise<StandingTemplate> {
    await manage(this.api, { method: 'PUT', call: pathOf(id), body: bodyOf(template) }, nothing, signal);
    return standing(id, template);
  }

  remove(id: string, signal: AbortSignal): Promise<void> {
    return removed(manage(this.api, { method: 'DELETE', call: pathOf(id) }, nothing, signal));
  }

  async find({ id }: OutboundTemplate, signal: AbortSignal): Promise<string | undefined> {
    return (await this.get(id, signal))?.id;
  }

  async upload(file: OutboundFile, signal: AbortSignal): Promise<string> {
    const body = { fileName: file.name, fileBody: (await collectFile(file)).toString('base64') };
    const call = { method: 'POST', call: 'templates/attachfile/binaryUpload', body } as const;
    return (await manage(this.api, call, uploadedSchema, signal)).data.fileId;
  }

  async createCategory(category: Omit<ProviderCategory, 'id'>, signal: AbortSignal): Promise<string> {
    const { name, description, parentId } = category;
    const body = {
      categoryName: name,
      ...(description !== null && { categoryDesc: description }),
      ...(parentId !== undefined && { categoryParentId: Number(parentId) }),
      useYn: 'Y',
    };
    return (await manage(this.api, { method: 'POST', call: 'categories', body }, categoryIdSchema, signal)).data
      .categoryId;
  }

  async renameCategory({ id, name, description }: Omit<ProviderCategory, 'parentId'>, signal: AbortSignal) {
    const body = { categoryName: name, categoryDesc: description ?? '' };
    await manage(this.api, { method: 'PUT', call: categoryPath(id), body }, nothing, signal);
  }

  removeCategory(id: string, signal: AbortSignal): Promise<void> {
    return removed(manage(this.api, { method: 'DELETE', call: categoryPath(id) }, nothing, signal));
  }

  async hasCategory(id: string, signal: AbortSignal): Promise<boolean> {
    const call = { method: 'GET', call: categoryPath(id) } as const;
    return (await orGone(manage(this.api, call, categoryIdSchema, signal))) !== undefined;
  }

  async list(signal: AbortSignal) {
    const all = await this.all('categories', categoryPageSchema, signal);
    const rootId = rootOf(all);
    const rows = await this.all('templates', templatePageSchema, signal);
    return {
      categories: inOrder(all, rootId),
      templates: rows
        .filter(({ delYn }) => delYn !== true)
        .map(({ templateId, templateName, categoryId }) => ({
          id: templateId,
          name: templateName,
          ...(categoryId !== rootId && { categoryId }),
        })),
    };
  }

  async get(id: string, signal: AbortSignal): Promise<ProviderTemplate | undefined> {
    const answer = await orGone(manage(this.api, { method: 'GET', call: pathOf(id) }, templateSchema, signal));
    return answer === undefined || answer.data.delYn === true ? undefined : translated(answer.data);
  }

  private async rootId(signal: AbortSignal): Promise<string> {
    return rootOf(await this.all('categories', categoryPageSchema, signal)) ?? ROOT_PARENT;
  }

  private async all<T>(
    what: 'categories' | 'templates',
    schema: z.ZodType<{ totalCount?: number | null | undefined; data?: T[] | null | undefined }>,
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    const rows: T[] = [];
    for (let page = 1; ; page += 1) {
      const call = `${what}?pageNum=${page}&pageSize=${PAGE_SIZE}`;
      const { data, totalCount } = await manage(this.api, { method: 'GET', call }, schema, signal);
      rows.push(...(data ?? []));
      if (!data?.length || rows.length >= (totalCount ?? 0)) return rows;
    }
  }
}

const pathOf = (id: string): string => `templates/${encodeURIComponent(id)}`;
const categoryPath = (id: string): string => `categories/${encodeURIComponent(id)}`;

const isTaken = (error: unknown): boolean =>
  error instanceof ProviderRefusedError && error.provider.code === ALREADY_EXISTS;

function bodyOf(template: OutboundTemplate): object {
  const { subject, body, templateType } = writeNhnTexts(template.content);
  return {
    templateName: template.name,
    templateDesc: template.description ?? '',
    useYn: template.enabled ? 'Y' : 'N',
    sendMailAddress: template.from.address,
    title: subject,
    templateType,
    body,
    attachFileIdList: template.fileIds.map(Number),
  };
}

async function orGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderRefusedError && error.notFound) return undefined;
    throw error;
  }
}

const removed = async (answer: Promise<unknown>): Promise<void> => void (await orGone(answer));

function standing(id: string, { content, from }: OutboundTemplate): StandingTemplate {
  const { subject, body, templateType } = writeNhnTexts(content);
  return { id, fingerprint: fingerprintOf([subject, body, templateType, from.address]) };
}

function translated(template: NhnTemplate): ProviderTemplate {
  const type: TemplateType = template.templateType === 'FREEMARKER' ? 'FREEMARKER' : 'DEFAULT';
  const { templateId: id, title, body, sendMailAddress } = template;
  const subject = writeNeutral(readNhnText(title, type), 'subject');
  const html = writeNeutral(readNhnText(body, type), 'html');
  return {
    id,
    fingerprint: fingerprintOf([title, body, type, sendMailAddress]),
    name: template.templateName,
    description: template.templateDesc || null,
    enabled: template.useYn !== false,
    categoryId: template.categoryId,
    from: { address: sendMailAddress },
    subject: subject.text,
    html: html.text,
    faults: [...subject.faults, ...html.faults],
  };
}

const rootOf = (categories: readonly NhnCategory[]): string | undefined =>
  categories.find(({ categoryParentId }) => categoryParentId === ROOT_PARENT)?.categoryId;

/** Without the root, parents before their children. */
function inOrder(all: readonly NhnCategory[], rootId: string | undefined): readonly ProviderCategory[] {
  const below = Map.groupBy(all, ({ categoryParentId }) => categoryParentId);
  const ordered: ProviderCategory[] = [];
  const walk = (id: string): void => {
    for (const { categoryId, categoryName, categoryDesc } of below.get(id) ?? []) {
      const parent = id === rootId ? {} : { parentId: id };
      ordered.push({ id: categoryId, name: categoryName, description: categoryDesc || null, ...parent });
      walk(categoryId);
    }
  };
  if (rootId !== undefined) walk(rootId);
  return ordered;
}
