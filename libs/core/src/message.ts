import type { Mailbox } from './address.js';
import type { ListAudience, ResolvedAudience } from './audience.js';

export const categories = ['authentication', 'transactional', 'marketing'] as const;
/** Chooses the lane, the scope of suppression and the rules for advertisements. */
export type Category = (typeof categories)[number];

export const deliveries = ['individual', 'shared'] as const;
/** `individual`: a mail for each recipient, who sees only themselves; `shared`: one mail, `to` and `cc` visible. */
export type Delivery = (typeof deliveries)[number];

export const recipientTypes = ['to', 'cc', 'bcc'] as const;
export type RecipientType = (typeof recipientTypes)[number];

export const quotaPolicies = ['defer', 'reject', 'failover'] as const;
export type QuotaPolicy = (typeof quotaPolicies)[number];

/** Values as text: numbers and booleans are written as JavaScript writes them. */
export type Variables = Readonly<Record<string, string>>;

/** What the recipient reads, in the neutral syntax. At least one of `html` and `text` is there. */
export interface Content {
  readonly subject: string;
  readonly html?: string;
  readonly text?: string;
}

/** Where a message's texts come from: one of our templates, or one that stands at a provider only. */
export type MessageTemplate =
  | { readonly kind: 'own'; readonly id: string; readonly version: number }
  | { readonly kind: 'provider'; readonly provider: string; readonly id: string };

/** Everything of a message but its recipients, validated and normalised. */
export interface MessageSpec {
  readonly category: Category;
  readonly delivery: Delivery;
  readonly from: Mailbox;
  /** With a provider's own template: only what takes the place of its texts; an empty subject is none. */
  readonly content: Content;
  readonly template?: MessageTemplate;
  /** Whom it goes to, when there are no recipients: found when it is due. */
  readonly audience?: ResolvedAudience;
  /** Lists of a provider's own, when it goes to neither: its recipients are known once the provider tells them. */
  readonly list?: ListAudience;
  /** Defaults for all recipients; a recipient's own win. */
  readonly variables: Variables;
  readonly headers: Readonly<Record<string, string>>;
  /** Files of the client, as UUIDs, in the order in which the mail shows them. */
  readonly attachments: readonly string[];
  readonly sendAt?: Date;
  /** `auto` or the name of an account. */
  readonly provider: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly onQuota: QuotaPolicy;
  readonly dedupe: boolean;
  readonly allowSplit: boolean;
}

/** One recipient; `position` counts from 0 in the order that the caller gave. */
export interface Recipient {
  readonly position: number;
  readonly address: string;
  readonly name?: string;
  readonly type: RecipientType;
  readonly variables?: Variables;
}
