import type { Mailbox } from './mailbox/address.js';
import type { ProviderAttachments, ProviderFile } from './provider-parts/attachments.js';
import type { ListTarget, ProviderAudience } from './provider-parts/audience.js';
import type { ProviderBounceBlock } from './provider-parts/bounce-block.js';
import type { Category, Delivery, Recipient, Variables } from './message.js';
import type { ProviderWords } from './problem.js';
import type { ProviderStatistics } from './provider-parts/statistics.js';
import type { RefusalScope } from './provider-parts/refusal-scope.js';
import type { ProviderSuppressions } from './provider-parts/suppressions.js';
import type { ProviderTemplates } from './provider-parts/templates.js';
import type { BounceType, Reason, ReportedStatus } from './recipient-status.js';
import type { ParsedContent } from './substitution/parts.js';
import type { Dialect } from './substitution/dialect.js';

/**
 * The port between the gateway and a mail provider. An adapter translates: it does not decide, retry, wait, store or
 * log. No word of a vendor passes this file, except verbatim in `ProviderWords` for people to read.
 */
export interface EmailProvider {
  /** Name of the account, unique in the gateway, e.g. `ncp`. */
  readonly name: string;
  /** Which vendor and which generation of its API, e.g. `ncp` `v1`. */
  readonly kind: string;
  readonly version: string;
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
  /** Templates of the provider's own. */
  readonly templates?: ProviderTemplates;
  /** Lists of the provider's own. */
  readonly audience?: ProviderAudience;

  /** The exact request that `send` would make, secrets masked. No I/O. */
  render(batch: OutboundBatch): RenderedRequest;

  /**
   * Posts one batch, once. Resolves with what the vendor documents as a verdict.
   * @throws UnconfirmedError for everything else: the request may have been taken.
   */
  send(batch: OutboundBatch, signal: AbortSignal): Promise<SendOutcome>;

  /**
   * Looks for a request that was posted but never answered.
   * @returns the request, or `undefined` when the provider lists none (which may only mean: not yet).
   * @throws ProviderUnavailableError when the provider can't be asked.
   */
  find(query: FindQuery, signal: AbortSignal): Promise<FoundRequest | undefined>;

  /**
   * Asks what became of a request: cheap counters first, recipients only if something moved since `cursor`. Yields
   * pages of recipients that have something to tell; returns how it stands.
   * @throws ProviderUnavailableError when the provider can't be asked or its answer can't be understood.
   */
  poll(request: TrackedRequest, signal: AbortSignal): AsyncGenerator<readonly RecipientReport[], PollResult, void>;

  /** Files for mails; an account without it takes none. */
  readonly attachments?: ProviderAttachments;

  /** The provider's own list of people who want no advertisements. */
  readonly suppressions?: ProviderSuppressions;

  /** The provider's own figures. */
  readonly statistics?: ProviderStatistics;

  /** How long the provider itself keeps from addresses that bounced. */
  readonly bounceBlock?: ProviderBounceBlock;
}

/** A provider without what moves mail: what the api talks to (ADR 12). */
export type AdministeredProvider = Omit<EmailProvider, 'send' | 'find' | 'poll' | 'attachments'>;

/** The declared abilities and limits of an account, for routing and `/v1/providers`. Sizes in bytes unless named otherwise. */
export interface Capabilities {
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
    /** The gateway's own bound for one request's recipients; vendors document none. */
    readonly requestBytes: number;
    /** Recipients a month, if the account has a quota. */
    readonly recipientsPerMonth?: number;
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
    readonly deliveryReceipts: boolean;
    /** Can an unconfirmed request be looked up by an exact marker in every category? */
    readonly findByMarker: boolean;
  };
  /** Lower-case names that the vendor refuses; only where `customHeaders`. */
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
  /** Characters that no file name may have. */
  readonly fileNames?: { readonly excludedCharacters: string };
  /** Form of the ids of templates at the account. */
  readonly templateIds?:
    | { readonly form: 'number' }
    | { readonly form: 'text'; readonly longest: number; readonly excludedCharacters: string };
}

/** One batch with everything that a request needs. `recipients` is at most `recipientsPerRequest` long. */
export interface OutboundBatch {
  /** Public id, e.g. `bat_…`; the same over all attempts. */
  readonly batchId: string;
  /** Unique for this attempt, comes back from the provider where it can. */
  readonly marker: string;
  readonly category: Category;
  readonly delivery: Delivery;
  readonly from: Mailbox;
  readonly content: ParsedContent;
  /**
   * The account's own template, by its id there. An empty subject or body is then that of the template; every variable
   * goes out as it is, under its own name.
   */
  readonly providerTemplateId?: string;
  readonly variables: Variables;
  readonly headers: Readonly<Record<string, string>>;
  /** Files that the account has already. */
  readonly attachments: readonly Pick<ProviderFile, 'fileId'>[];
  /** None when it goes to `list`. */
  readonly recipients: readonly Recipient[];
  /** Lists of the account's own, instead of recipients. */
  readonly list?: ListTarget;
}

export interface RenderedRequest {
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type SendOutcome = Accepted | Refused;

export interface Accepted {
  readonly outcome: 'accepted';
  /** The provider's id, kept verbatim. */
  readonly requestId: string;
  /** The vendor's name of the call, e.g. `eachMail`. */
  readonly operation: string;
  readonly httpStatus: number;
  /** Recipients that were refused one by one while the request as a whole was taken. */
  readonly refusedRecipients: readonly RecipientReport[];
}

/** A definite no: the provider says, in a way its documents define, that it has not taken the request. */
export interface Refused {
  readonly outcome: 'refused';
  readonly operation: string;
  readonly reason: Reason;
  readonly scope: RefusalScope;
  readonly retryAfterMs?: number;
  readonly provider: ProviderWords;
  /** The provider has ended the service that the batch needs. */
  readonly retired?: true;
  /** It is, or may be, because the provider has lost a file of the batch. */
  readonly files?: 'gone' | 'perhaps_gone';
  /**
   * A refusal of the whole request (scope `batch`) that may be about one of its recipients, whom the answer does not
   * name. The batch is then halved until that recipient is alone. Absent: the fault is in the request itself.
   */
  readonly culprit?: 'perhaps_recipient';
  /** Verdicts on single recipients, when the provider gave them with its no. */
  readonly refusedRecipients: readonly RecipientReport[];
}

/** The request may have been taken: timeout, reset, an answer that is no verdict. Never post again on this. */
export class UnconfirmedError extends Error {
  override readonly name = 'UnconfirmedError';
  constructor(
    message: string,
    readonly provider: ProviderWords = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** A question to the provider got no usable answer; asking again later is harmless. */
export class ProviderUnavailableError extends Error {
  override readonly name = 'ProviderUnavailableError';
  constructor(
    message: string,
    readonly provider: ProviderWords = {},
    readonly retryAfterMs?: number,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The known facts about a request whose answer never arrived. */
export interface FindQuery {
  readonly batchId: string;
  /** Markers of all attempts that may have arrived. */
  readonly markers: readonly string[];
  readonly category: Category;
  readonly delivery: Delivery;
  readonly sender: string;
  /** `undefined`: it was sent to a list of unknown length. */
  readonly recipientCount: number | undefined;
  /** The first recipient with the subject as that recipient reads it: identity where no marker comes back. */
  readonly first: { readonly address: string; readonly subject: string };
  /** Where it went instead of to recipients; then `first` has no address. */
  readonly list?: ListTarget;
  /** From the start of the first unconfirmed attempt to now. */
  readonly window: { readonly from: Date; readonly to: Date };
  /** Requests that belong to other batches already are no candidates. */
  isAdopted(requestId: string): Promise<boolean>;
}

export interface FoundRequest {
  readonly requestId: string;
  readonly operation: string;
}

/** A request that the provider has accepted. */
export interface TrackedRequest {
  readonly requestId: string;
  readonly operation: string;
  readonly category: Category;
  readonly delivery: Delivery;
  /** Of those that are known; see `ofList`. */
  readonly recipientCount: number;
  /** It went to a list: its recipients become known by being reported, all of them, whatever their state. */
  readonly ofList: boolean;
  readonly acceptedAt: Date;
  /** The cursor of the last poll; `undefined` for the first. Opaque JSON of the adapter. */
  readonly cursor: unknown;
}

/** A provider's report about one recipient, in the gateway's terms. Matched to the recipient by address. */
export interface RecipientReport {
  readonly address: string;
  /** Absent when the provider's state is unknown or says nothing new; then only `opened` or the codes matter. */
  readonly status?: ReportedStatus;
  readonly reason?: Reason;
  readonly bounceType?: BounceType;
  readonly mailId?: string;
  readonly code?: string;
  readonly message?: string;
  readonly deliveredAt?: Date;
  readonly openedAt?: Date;
  /** A state that the vendor's documents do not list; kept as an event. */
  readonly unknownStatus?: string;
}

export interface PollResult {
  /** The provider expects no more changes to this request. */
  readonly done: boolean;
  /** Has the provider begun to send? Followers of the batch are then `sending`, else `submitted`. */
  readonly begun: boolean;
  /** Did the counters move since the cursor? Then the next poll comes sooner. */
  readonly moved: boolean;
  /** Recipients with a final word at the provider, for progress; of `recipientCount`. */
  readonly finished: number;
  /** Of a request to a list: has everybody been reported who gets it? */
  readonly listed?: boolean;
  /** Of a request to a list: it came to nothing for those who have no state of their own. */
  readonly ended?: 'failed' | 'cancelled';
  readonly cursor: unknown;
}
