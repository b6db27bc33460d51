export const categories = ['authentication', 'transactional', 'marketing'] as const;
/** Chooses the lane, the scope of suppression and the rules for advertisements. */
export type Category = (typeof categories)[number];

export const deliveries = ['individual', 'shared'] as const;
/** `individual`: each recipient gets a mail of their own; `shared`: one mail whose `to` and `cc` recipients are visible. */
export type Delivery = (typeof deliveries)[number];

export const recipientTypes = ['to', 'cc', 'bcc'] as const;
export type RecipientType = (typeof recipientTypes)[number];

export const quotaPolicies = ['defer', 'reject', 'failover'] as const;
export type QuotaPolicy = (typeof quotaPolicies)[number];

/** Values as text: numbers and booleans are written as JavaScript writes them. */
export type Variables = Readonly<Record<string, string>>;

/** The texts of a mail, in the neutral syntax. At least one of `html` and `text` is present. */
export interface Content {
  readonly subject: string;
  readonly html?: string;
  readonly text?: string;
}

/** The position of a value in a request, for errors. */
export interface Place {
  readonly pointer: string;
  /** Of NDJSON and CSV, counted from 1. */
  readonly line?: number | undefined;
  /** One of several mailboxes in a string, from 1. */
  readonly part?: { readonly number: number };
}

/** One recipient; `position` counts from 0 in the order that the caller gave. */
export interface Recipient {
  /** Where the caller gave it, while it is being accepted. */
  readonly place?: Place;
  /** Whether `address` and `name` are members of their own there. */
  readonly hasMembers?: boolean;
  readonly position: number;
  readonly address: string;
  readonly name?: string;
  readonly type: RecipientType;
  readonly variables?: Variables;
}
