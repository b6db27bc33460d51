/**
 * How it is found out whether a request whose answer never came was taken:
 * - `lookup`: the provider is asked for the request by its marker (`find`).
 * - `repeat`: the same request is posted again with its marker as idempotency key. The provider answers as it would have
 *   the first time and sends nothing twice.
 * - `events`: a push about the request shows that it was taken.
 * - `none`: not at all. Such a batch stays `unconfirmed`, is never sent again and expires.
 */
export type DoubtSettlement = 'lookup' | 'repeat' | 'events' | 'none';

/** How the states of recipients are learnt: `poll`, the provider is asked; `push`, it calls the gateway. */
export type Tracking = 'poll' | 'push';

/** Recipients that an account may send to in a calendar period. */
export interface Quota {
  readonly recipients: number;
  readonly per: 'day' | 'month';
  /** Where the period begins at midnight, e.g. `Asia/Seoul`. */
  readonly timeZone: string;
}

/** The declared abilities and limits of an account, for routing and `/v1/providers`. Sizes in bytes unless named otherwise. */
export interface Capabilities {
  readonly doubt: DoubtSettlement;
  /**
   * Milliseconds from the first post for which the provider remembers an idempotency key; with `doubt: 'repeat'` only,
   * and required there. Later the same request would be taken as a new one.
   */
  readonly idempotencyKeyMs?: number;
  readonly tracking: readonly Tracking[];
  /** Days after which the vendor deletes its own record of a mail; absent: its documents do not say. */
  readonly historyDays?: number;
  readonly limits: {
    /** Recipients of one individual request. */
    readonly recipientsPerRequest: number;
    /** Recipients of one shared mail: to, cc and bcc together. */
    readonly recipientsPerSharedMail: number;
    readonly subjectBytes: number;
    readonly bodyBytes: number;
    readonly senderNameBytes: number;
    readonly senderAddressLength: number;
    readonly recipientAddressLength: number;
    readonly recipientNameLength: number;
    /** The longest value of a custom header; 0 where there are none. */
    readonly headerValueBytes: number;
    /** The gateway's own bound for one request's recipients; vendors document none. */
    readonly requestBytes: number;
    /** Absent: the account has no quota. */
    readonly quota?: Quota;
    /** Pace of the account, over all workers; absent: as fast as it goes. */
    readonly requestsPerSecond?: number;
    readonly recipientsPerSecond?: number;
    readonly attachmentCount: number;
    readonly attachmentBytes: number;
    readonly attachmentTotalBytes: number;
  };
  readonly features: {
    readonly customHeaders: boolean;
    readonly unsubscribeUrl: boolean;
    readonly openTracking: boolean;
    /** Can an unconfirmed request be looked up by an exact marker in every category? */
    readonly findByMarker: boolean;
  };
  /** Lower-case names that the account refuses; only where `customHeaders`. */
  readonly forbiddenHeaders: readonly string[];
  readonly rules: AccountRules;
}

/** Rules of the vendor's documents besides sizes. They are checked when a message is accepted, not learnt at dispatch. */
export interface AccountRules {
  /** The unit of `limits.recipientNameLength`. */
  readonly recipientNameUnit: 'bytes' | 'characters';
  /** Lower-case domains whose senders are refused, those below them too. */
  readonly excludedSenderDomains: readonly string[];
  /** Lower-case name of the header that chooses the envelope sender: an address of the sender's own root domain. */
  readonly envelopeFromHeader?: string;
  /**
   * Records that a sender domain needs so that its mail through the vendor is trusted, where the vendor documents them:
   * domains for its SPF record to include, and selectors under which the vendor's DKIM keys stand.
   */
  readonly senderAuthentication?: {
    readonly spfDomains: readonly string[];
    readonly dkimSelectors: readonly string[];
  };
  /** Characters that no file name may have. */
  readonly fileNames?: { readonly excludedCharacters: string };
  /** Why it takes no attachments, where `limits.attachmentCount` is 0: a clause for callers. */
  readonly withoutAttachments?: string;
  /** False: an advertisement can only be individual mail. Absent: both ways. */
  readonly sharedAdvertisements?: false;
  /** Form of the ids of templates at the account. */
  readonly templateIds?:
    | { readonly form: 'number' }
    | { readonly form: 'text'; readonly longest: number; readonly excludedCharacters: string };
}
