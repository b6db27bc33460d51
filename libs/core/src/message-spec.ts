import type { ListAudience, ResolvedAudience } from './audience.js';
import type { Mailbox } from './mailbox/address.js';
import type { Category, Content, Delivery, QuotaPolicy, Variables } from './message.js';
import type { ParsedTexts } from './substitution/parsed-texts.js';

/** Source of a message's texts: a template of the gateway, or one that only a provider has. */
export type MessageTemplate =
  | { readonly kind: 'own'; readonly id: string; readonly version: number }
  | { readonly kind: 'provider'; readonly provider: string; readonly id: string };

/** Everything of a message but its recipients, validated and normalised. */
export interface MessageSpec {
  readonly category: Category;
  readonly delivery: Delivery;
  readonly from: Mailbox;
  /** With a provider's own template: only the texts that replace its texts; an empty subject means none. */
  readonly content: Content;
  /** The same texts, parsed. */
  readonly parsed: ParsedTexts;
  readonly template?: MessageTemplate;
  /** Instead of recipients: they are found when the message is due. */
  readonly audience?: ResolvedAudience;
  /** Lists at a provider, instead of recipients: they are known when the provider reports them. */
  readonly list?: ListAudience;
  /** Defaults for all recipients; a recipient's own win. */
  readonly variables: Variables;
  readonly headers: Readonly<Record<string, string>>;
  /** Files of the client, as UUIDs, in the order in which the mail shows them. */
  readonly attachments: readonly string[];
  readonly sendAt?: Date;
  /** Not sent until it is released. */
  readonly hold: boolean;
  /** `auto` or the name of an account. */
  readonly provider: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly onQuota: QuotaPolicy;
  readonly dedupe: boolean;
  readonly allowSplit: boolean;
}
