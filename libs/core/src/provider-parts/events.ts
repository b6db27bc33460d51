import type { FoundRequest } from './find.js';
import type { RecipientReport } from './recipient-report.js';

/** An HTTP request by which a provider reports to the gateway, as it was received. */
export interface Push {
  /** Names in lower case; a header that was sent twice has its values joined with `, `. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The bytes of the body, unchanged: signatures are made over them. */
  readonly body: Buffer;
}

/** A state of one recipient from a push. It names its request by id, by marker or by both. */
export interface PushedReport {
  readonly request?: FoundRequest;
  /** The marker of the attempt, where the provider returns it. With `request` beside it, a push can settle a doubt. */
  readonly marker?: string;
  readonly report: RecipientReport;
}

/** The requests and batches that a push without proof of its origin names. */
export interface PushHint {
  readonly requestId?: string;
  /** Public id of the batch (`bat_…`), where the provider returns it. With it a doubtful request is looked up sooner. */
  readonly batchId?: string;
}

export type PushReading =
  /** The push proves that it comes from the provider, e.g. by a signature over its body: its reports are applied. */
  | { readonly authentic: true; readonly reports: readonly PushedReport[] }
  /** Anyone could have written it: the gateway asks sooner about what it names, and believes nothing else of it. */
  | { readonly authentic: false; readonly hints: readonly PushHint[] };

/** Pushes that an account receives. */
export interface ProviderEvents {
  /**
   * Translates a push. No I/O.
   * @throws UnreadablePushError when it cannot be understood or claims an authenticity that it does not have.
   */
  read(push: Push): PushReading;
}

/** A push that is answered with a refusal; the message says why and is shown to the caller. */
export class UnreadablePushError extends Error {
  override readonly name = 'UnreadablePushError';
}
