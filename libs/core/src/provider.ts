import type { Mailbox } from './mailbox/address.js';
import type { ProviderAttachments, ProviderFile } from './provider-parts/attachments.js';
import type { ListTarget, ProviderAudience } from './provider-parts/audience.js';
import type { ProviderBounceBlock } from './provider-parts/bounce-block.js';
import type { Capabilities } from './provider-parts/capabilities.js';
import type { ProviderCheck } from './provider-parts/check.js';
import type { ProviderEvents } from './provider-parts/events.js';
import type { FindQuery, FoundRequest } from './provider-parts/find.js';
import type { PollResult, TrackedRequest } from './provider-parts/poll.js';
import type { RecipientReport } from './provider-parts/recipient-report.js';
import type { Category, Delivery, Recipient, Variables } from './message.js';
import type { ProviderWords } from './problem.js';
import type { ProviderStatistics } from './provider-parts/statistics.js';
import type { RefusalScope } from './provider-parts/refusal-scope.js';
import type { ProviderSuppressions } from './provider-parts/suppressions.js';
import type { ProviderTemplates } from './provider-parts/templates.js';
import type { ProviderUpdates } from './provider-parts/updates.js';
import type { Reason } from './recipient-status.js';
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
  /** Generations of the API through which parts go, where that is another than `version`. */
  readonly partVersions?: Readonly<Partial<Record<ProviderPart, string>>>;
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
  /**
   * Key of the vendor's project that keeps this account's templates, lists and opt-outs. Accounts with the same key share
   * them. Opaque, no secret. Absent: nothing is known to be shared.
   */
  readonly project?: string;
  /** Templates of the provider's own. */
  readonly templates?: ProviderTemplates;
  /** Lists of the provider's own. */
  readonly audience?: ProviderAudience;

  /** The exact request that `send` would make, secrets masked. No I/O. */
  render(batch: OutboundBatch): RenderedRequest;

  /**
   * Posts one batch, once. Resolves with what the vendor documents as a verdict. With `doubt: 'repeat'` the same batch
   * with the same marker may be posted again after a doubt. A verdict on the content (scope `batch` or `message`) is
   * then one on all posts with this marker, and whatever else the provider says about a repeat is none.
   * @throws UnconfirmedError for everything else: the request may have been taken.
   */
  send(batch: OutboundBatch, signal: AbortSignal): Promise<SendOutcome>;

  /**
   * Looks for a request that was posted but never answered. Present exactly with `doubt: 'lookup'`.
   * @returns the request, or `undefined` when the provider lists none (which may only mean: not yet).
   * @throws MarkerUnreadableError when the account does not give markers back. It then counts as `doubt: 'none'` until
   * a request is found by its marker.
   * @throws ProviderUnavailableError when the provider can't be asked.
   */
  find?(query: FindQuery, signal: AbortSignal): Promise<FoundRequest | undefined>;

  /**
   * Asks what became of a request: cheap counters first, recipients only if something moved since `cursor`. Yields
   * pages of recipients that have something to tell; returns how it stands. Present exactly if `tracking` has `poll`.
   * @throws ProviderUnavailableError when the provider can't be asked or its answer can't be understood.
   */
  poll?(request: TrackedRequest, signal: AbortSignal): AsyncGenerator<readonly RecipientReport[], PollResult, void>;

  /** One list of the news of all requests; with `poll` only, which becomes rarer by it. */
  readonly updates?: ProviderUpdates;

  /** Reports that the provider pushes. Present exactly if `tracking` has `push`. */
  readonly events?: ProviderEvents;

  /** Files for mails; an account without it takes none. */
  readonly attachments?: ProviderAttachments;

  /** The provider's own list of people who want no advertisements. */
  readonly suppressions?: ProviderSuppressions;

  /** The provider's own figures. */
  readonly statistics?: ProviderStatistics;

  /** How long the provider itself keeps from addresses that bounced. */
  readonly bounceBlock?: ProviderBounceBlock;

  /** How it is found out whether the settings work. */
  readonly check?: ProviderCheck;
}

/** Optional services of a provider. */
export type ProviderPart = 'attachments' | 'templates' | 'audience' | 'suppressions' | 'statistics' | 'bounceBlock';

/** A provider without what moves mail: what the api talks to (ADR 12). */
export type AdministeredProvider = Omit<EmailProvider, 'send' | 'find' | 'poll' | 'updates' | 'attachments'>;

/** One batch with everything that a request needs. `recipients` is at most `recipientsPerRequest` long. */
export interface OutboundBatch {
  /** Public id, e.g. `bat_…`; the same over all attempts. */
  readonly batchId: string;
  /** Unique for this attempt, comes back from the provider where it can. The idempotency key where there is one. */
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
  /**
   * Recipients that were not taken for a reason that passes; they are sent to again later, in requests of their own.
   * Of individual mail only: one shared mail is never sent in parts, so there such a recipient is refused for good.
   */
  readonly postponedRecipients?: readonly PostponedRecipient[];
  /** The provider's id of the mail to each recipient that was taken, where it gives one. */
  readonly recipientIds?: readonly RecipientId[];
}

/** A recipient that the provider may take later. Matched by address. */
export interface PostponedRecipient {
  readonly address: string;
  readonly reason: Reason;
  /** The provider's code and words, for people. */
  readonly code?: string;
  readonly message?: string;
  /** The earliest moment at which the provider wants to be asked again, in milliseconds from now. */
  readonly retryAfterMs?: number;
}

/** Matched by address. */
export interface RecipientId {
  readonly address: string;
  readonly mailId: string;
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

/** Something that may be the request was found, but the account does not give its marker back: no one can tell. */
export class MarkerUnreadableError extends ProviderUnavailableError {}
