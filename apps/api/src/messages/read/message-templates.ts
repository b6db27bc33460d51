import { decodeId, encodeId, type FieldError, type MessageTemplate } from '@gateway/core';
import type { TemplateRow } from '@gateway/database';
import type { TemplateLookups, TemplateOwners } from '@gateway/delivery';
import { isObject } from '../../http/fields/mailbox.js';
import { templateReference, type TemplateReference } from './message-template.js';

/** The fields that a message gets from its template. */
export interface AppliedTemplate {
  /** Its faults. */
  readonly faults: readonly FieldError[];
  /** Fields of the message, where it does not have its own. */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly source?: MessageTemplate;
}

/** Stands for a faulty template, so that its fault is reported and not the missing fields. */
const STAND_INS = { from: 'template@example.com', subject: '-', text: '-' };

const fault = (pointer: string, code: FieldError['code'], detail: string): AppliedTemplate => ({
  faults: [{ pointer, code, detail }],
  defaults: STAND_INS,
});

/** Looks up the templates that one client's messages name, each once. */
export class MessageTemplates {
  private readonly known = new Map<string, Promise<AppliedTemplate>>();

  constructor(
    private readonly templates: TemplateLookups,
    private readonly owners: TemplateOwners,
    private readonly clientId: string,
  ) {}

  /** @returns `undefined` for a message without template. */
  async for(body: unknown): Promise<AppliedTemplate | undefined> {
    if (!isObject(body) || body['template'] === undefined) return undefined;
    const { data: reference } = templateReference.safeParse(body['template']);
    // Faults of the reference itself are reported where the message is read.
    if (reference === undefined) return { faults: [], defaults: STAND_INS };
    const key = JSON.stringify(reference);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const applied = reference.kind === 'own' ? this.own(reference) : this.provided(reference);
    this.known.set(key, applied);
    return applied;
  }

  private async own({ id, version }: TemplateReference & { kind: 'own' }): Promise<AppliedTemplate> {
    const uuid = decodeId('template', id);
    const newest = uuid === undefined ? undefined : await this.find(uuid);
    if (newest === undefined || newest.deletedAt !== null) {
      return fault('/template/id', 'unknown_reference', 'there is no template with this id');
    }
    if (!newest.enabled) return fault('/template/id', 'not_allowed', 'the template is disabled');
    if (version === undefined || version === newest.version) return defaultsOf(newest);
    const row = await this.find(newest.id, version);
    if (row !== undefined) return defaultsOf(row);
    return fault('/template/version', 'unknown_reference', `it has ${newest.version} versions`);
  }

  private find(id: string, version?: number): Promise<TemplateRow | undefined> {
    return this.templates.find({ clientId: this.clientId, id, version });
  }

  /** Templates that another client has pushed are its own: sending them would reveal them. */
  private async provided({ provider, id }: TemplateReference & { kind: 'provider' }): Promise<AppliedTemplate> {
    if (await this.owners.isForeign(this.clientId, provider, id)) {
      return fault('/template/providerTemplateId', 'unknown_reference', 'there is no template of yours with this id');
    }
    return { faults: [], defaults: {}, source: { kind: 'provider', provider, id } };
  }
}

const defaultsOf = (row: TemplateRow): AppliedTemplate => ({
  faults: [],
  defaults: {
    ...(row.fromAddress !== null && {
      from: { address: row.fromAddress, ...(row.fromName !== null && { name: row.fromName }) },
    }),
    subject: row.subject,
    ...(row.html !== null && { html: row.html }),
    ...(row.text !== null && { text: row.text }),
    ...(row.attachmentIds.length > 0 && { attachments: row.attachmentIds.map((id) => encodeId('attachment', id)) }),
  },
  source: { kind: 'own', id: row.id, version: row.version },
});

/** A body of the message's own, html or text, takes the place of both of the template's. */
export function withTemplate(
  body: Readonly<Record<string, unknown>>,
  { defaults }: AppliedTemplate,
): Record<string, unknown> {
  const ownBody = body['html'] !== undefined || body['text'] !== undefined;
  const { html, text, ...rest } = defaults;
  const texts = ownBody ? {} : { ...(html !== undefined && { html }), ...(text !== undefined && { text }) };
  return { ...rest, ...texts, ...body };
}
