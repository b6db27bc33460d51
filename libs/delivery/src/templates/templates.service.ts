import { Injectable } from '@nestjs/common';
import { FieldErrors, type Content, type Mailbox } from '@gateway/core';
import {
  AttachmentRepository,
  Database,
  type Queryable,
  TemplateCategoryRepository,
  type TemplateContentRow,
  type TemplateHead,
  TemplateRepository,
  type TemplateRow,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';

/** A template as a caller gives it, validated. */
export interface TemplateDraft {
  readonly name: string;
  readonly categoryId: string | null;
  readonly description: string | null;
  readonly enabled: boolean;
  readonly from: Mailbox | null;
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly attachmentIds: readonly string[];
  /** The key that writes it. */
  readonly by?: string | undefined;
}

/** Changes to a client's templates. Its texts are versioned; its name, category and switch are not. */
@Injectable()
export class TemplatesService {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplateRepository,
    private readonly categories: TemplateCategoryRepository,
    private readonly attachments: AttachmentRepository,
  ) {}

  /** @throws GatewayProblem `validation_failed` for a reference that is unknown. */
  async create(tx: Queryable, clientId: string, draft: TemplateDraft, id = newUuid()): Promise<TemplateRow> {
    await this.checkReferences(tx, clientId, draft);
    await this.templates.insert(tx, { id, clientId, ...headOf(draft), ...contentOf(draft), by: draft.by });
    return this.mustFind(tx, clientId, id);
  }

  /**
   * Creates a new version when the texts change.
   * @returns `undefined` when the template does not exist.
   * @throws GatewayProblem `validation_failed` for an unknown reference, or when no body would be left.
   */
  update(clientId: string, id: string, changes: Partial<TemplateDraft>): Promise<TemplateRow | undefined> {
    return this.database.repeatable((tx) => this.updateIn(tx, clientId, id, changes));
  }

  private async updateIn(
    tx: Queryable,
    clientId: string,
    id: string,
    changes: Partial<TemplateDraft>,
  ): Promise<TemplateRow | undefined> {
    const before = await this.findLive(clientId, id, tx);
    if (before === undefined) return undefined;
    await this.checkReferences(tx, clientId, changes);
    const draft = { ...draftOf(before), ...changes };
    const content = contentOf(draft);
    if (content.html === null && content.text === null) {
      const errors = new FieldErrors();
      errors.add('/html', 'required', 'html or text is required');
      errors.throwIfAny();
    }
    const { by } = changes;
    await this.templates.updateHead(tx, { id, ...headOf(draft), by });
    if (!sameContent(before, content)) await this.templates.addVersion(tx, id, { ...content, by });
    return this.mustFind(tx, clientId, id);
  }

  /** Changes it to the draft. @returns whether anything changed; `undefined` when the template does not exist. */
  async replace(tx: Queryable, clientId: string, id: string, draft: TemplateDraft): Promise<boolean | undefined> {
    const before = await this.findLive(clientId, id, tx);
    if (before === undefined) return undefined;
    if (sameContent(before, contentOf(draft)) && sameHead(before, draft)) return false;
    await this.updateIn(tx, clientId, id, draft);
    return true;
  }

  /** Deleting twice does no harm. @returns false when there never was such a template. */
  async remove(clientId: string, id: string, by: string): Promise<boolean> {
    return (await this.setDeleted(clientId, id, { deleted: true, by })) !== undefined;
  }

  /** @returns `undefined` when there never was such a template. */
  restore(clientId: string, id: string, by: string): Promise<TemplateRow | undefined> {
    return this.setDeleted(clientId, id, { deleted: false, by });
  }

  private setDeleted(
    clientId: string,
    id: string,
    change: { readonly deleted: boolean; readonly by: string },
  ): Promise<TemplateRow | undefined> {
    return this.database.repeatable(async (tx) => {
      const found = await this.templates.findLocked(tx, clientId, id);
      if (found === undefined) return undefined;
      await this.templates.setDeleted(tx, id, change);
      return this.mustFind(tx, clientId, id);
    });
  }

  private async findLive(clientId: string, id: string, tx: Queryable): Promise<TemplateRow | undefined> {
    const row = await this.templates.findLocked(tx, clientId, id);
    return row?.deletedAt === null ? row : undefined;
  }

  private async mustFind(tx: Queryable, clientId: string, id: string): Promise<TemplateRow> {
    const row = await this.templates.find(clientId, id, { tx });
    if (row === undefined) throw new Error('a template that was written is not there');
    return row;
  }

  /** @throws GatewayProblem `validation_failed` for a reference that is unknown. */
  async checkReferences(tx: Queryable, clientId: string, draft: Partial<TemplateDraft>): Promise<void> {
    const errors = new FieldErrors();
    const { categoryId } = draft;
    if (typeof categoryId === 'string' && !(await this.categories.hold(tx, clientId, categoryId))) {
      errors.add('/categoryId', 'unknown_reference', 'there is no category with this id');
    }
    const { attachmentIds = [] } = draft;
    const files = attachmentIds.length === 0 ? [] : await this.attachments.findMany(clientId, attachmentIds, tx);
    const known = new Set(files.map(({ id }) => id));
    attachmentIds.forEach((id, i) => {
      if (!known.has(id)) errors.add(`/attachments/${i}`, 'unknown_reference', 'no attachment has this id');
    });
    errors.throwIfAny();
  }
}

/** The texts of a template as a message would have them. */
export const textsOf = ({ subject, html, text }: Pick<TemplateContentRow, 'subject' | 'html' | 'text'>): Content => ({
  subject,
  ...(html !== null && { html }),
  ...(text !== null && { text }),
});

const headOf = ({ name, categoryId, description, enabled }: TemplateDraft): Omit<TemplateHead, 'id'> => ({
  name,
  categoryId,
  description,
  enabled,
});

const contentOf = ({ from, subject, html, text, attachmentIds }: TemplateDraft): TemplateContentRow => ({
  fromAddress: from?.address ?? null,
  fromName: from?.name ?? null,
  subject,
  html,
  text,
  attachmentIds,
});

const draftOf = (row: TemplateRow): TemplateDraft => ({
  name: row.name,
  categoryId: row.categoryId,
  description: row.description,
  enabled: row.enabled,
  from:
    row.fromAddress === null
      ? null
      : { address: row.fromAddress, ...(row.fromName !== null && { name: row.fromName }) },
  subject: row.subject,
  html: row.html,
  text: row.text,
  attachmentIds: row.attachmentIds,
});

const sameHead = (a: Omit<TemplateHead, 'id'>, b: Omit<TemplateHead, 'id'>): boolean =>
  a.name === b.name && a.categoryId === b.categoryId && a.description === b.description && a.enabled === b.enabled;

const sameContent = (a: TemplateContentRow, b: TemplateContentRow): boolean =>
  a.fromAddress === b.fromAddress &&
  a.fromName === b.fromName &&
  a.subject === b.subject &&
  a.html === b.html &&
  a.text === b.text &&
  a.attachmentIds.join() === b.attachmentIds.join();
