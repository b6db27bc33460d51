import type { Mailbox } from '../mailbox/address.js';
import type { Content } from '../message.js';
import type { OutboundFile } from './attachments.js';

/** A template to be written to a provider. Texts are in the neutral syntax; the adapter translates them. */
export interface OutboundTemplate {
  /** Public id, e.g. `tpl_…`: unique, for providers that want to be given an id. */
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly enabled: boolean;
  readonly from: Mailbox;
  readonly content: Content;
  /** The category's id there; absent: at the root. */
  readonly categoryId?: string;
  /** Files that were uploaded for it. */
  readonly fileIds: readonly string[];
}

/** A template at a provider. */
export interface StandingTemplate {
  readonly id: string;
  /** Of what it says there: another one means that somebody changed it. */
  readonly fingerprint: string;
}

export interface ProviderCategory {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Absent: at the root. */
  readonly parentId?: string;
}

export interface ListedTemplate {
  readonly id: string;
  readonly name: string;
  readonly categoryId?: string;
}

/** Something in a provider's template that the neutral syntax has no words for. */
export interface TranslationFault {
  readonly field: 'subject' | 'html';
  readonly detail: string;
}

/** A provider's template, its texts in the neutral syntax such that a mail says the same. */
export interface ProviderTemplate extends ListedTemplate, StandingTemplate {
  readonly description: string | null;
  readonly enabled: boolean;
  readonly from: Mailbox;
  readonly subject: string;
  readonly html: string;
  /** Not empty: `subject` and `html` are not what the provider would send. */
  readonly faults: readonly TranslationFault[];
}

/** A backup of all templates in the provider's own format, which only the provider reads. */
export interface TemplateArchives {
  /** Requests a backup, which the provider prepares. @returns the id of the request. */
  request(signal: AbortSignal): Promise<string>;
  stateOf(id: string, signal: AbortSignal): Promise<'pending' | 'ready' | 'gone'>;
  read(id: string, signal: AbortSignal): Promise<Buffer>;
  /** Adds what an archive holds. @returns how many templates were added. */
  put(archive: Buffer, signal: AbortSignal): Promise<number>;
}

/**
 * An optional part of a provider: its own templates and their categories. None of these calls sends mail.
 *
 * Every call throws `ProviderRefusedError` for a definite no, and `ProviderUnavailableError` when there was no usable answer;
 * a change may have happened then.
 */
export interface ProviderTemplates {
  /** Why the provider cannot keep it, as sentences for the caller; empty if it can. No I/O. */
  obstaclesTo(template: Pick<OutboundTemplate, 'content'>): readonly string[];
  /** The parts of the template that the provider cannot keep. No I/O. */
  lossesOf(template: OutboundTemplate): readonly string[];
  /** Creating it twice is refused or harmless. */
  create(template: OutboundTemplate, signal: AbortSignal): Promise<StandingTemplate>;
  /** @param before the category in which it is now. */
  update(
    id: string,
    template: OutboundTemplate,
    before: { readonly categoryId?: string },
    signal: AbortSignal,
  ): Promise<StandingTemplate>;
  /** A missing template counts as removed. */
  remove(id: string, signal: AbortSignal): Promise<void>;
  /** Undoes a removal. Absent: a removed template has to be created again. */
  restore?(id: string, signal: AbortSignal): Promise<void>;
  /** Looks for a template whose creation was never answered. */
  find(template: OutboundTemplate, signal: AbortSignal): Promise<string | undefined>;
  /** Uploads a file for templates. Absent: templates have no files there. */
  upload?(file: OutboundFile, signal: AbortSignal): Promise<string>;

  /** @returns the new category's id. */
  createCategory(category: Omit<ProviderCategory, 'id'>, signal: AbortSignal): Promise<string>;
  renameCategory(category: Omit<ProviderCategory, 'parentId'>, signal: AbortSignal): Promise<void>;
  /** A missing template counts as removed. */
  removeCategory(id: string, signal: AbortSignal): Promise<void>;
  /** Is it still there? */
  hasCategory(id: string, signal: AbortSignal): Promise<boolean>;
  /** A name of ours as the provider takes it. */
  categoryName(name: string): string;

  /** Everything at the provider, parents before their children. */
  list(signal: AbortSignal): Promise<{
    readonly categories: readonly ProviderCategory[];
    readonly templates: readonly ListedTemplate[];
  }>;
  /** @returns `undefined` for one that is gone. */
  get(id: string, signal: AbortSignal): Promise<ProviderTemplate | undefined>;

  readonly archives?: TemplateArchives;
}
