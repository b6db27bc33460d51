import type { MessageSpec, Recipient } from '@gateway/core';
import type { NewMessage, Queryable } from '@gateway/database';
import type { Waiting } from '../../accounts/waiting.js';
import type { FirstAnswer, IdempotentRequest } from '../../shared/idempotency.service.js';
import type { SenderLimits } from './sender-limits.js';

/** A validated request to send. `recipients` may be a stream of pages; it is read once. */
export interface AcceptCommand {
  /** A new one unless given. */
  readonly id?: string;
  readonly clientId: string;
  /** The key that the caller used; none: the gateway itself sends. */
  readonly keyId?: string | undefined;
  /** Another key must release what this key sends. */
  readonly needsRelease?: boolean;
  /** Limits of that key. */
  readonly limits?: SenderLimits | undefined;
  readonly requestId: string;
  readonly spec: MessageSpec;
  readonly recipients: readonly Recipient[] | AsyncIterable<readonly Recipient[]>;
  readonly idempotency: IdempotentRequest | undefined;
  /** The message whose failed recipients these are. */
  readonly redriveOf?: string;
  /** Runs in the transaction before the recipients are read; the transaction is rolled back if it throws. */
  readonly before?: (tx: Queryable) => Promise<void>;
}

/** How the accepted message is answered; stored with the caller's Idempotency-Key. `waiting`: why it does not go now. */
export type Present = (message: NewMessage, waiting: Waiting | undefined) => FirstAnswer;

/** Up to this many recipients are written with the message in one statement; more are streamed with COPY. */
const INLINE_RECIPIENTS = 200;

export type InlineCommand<T extends AcceptCommand = AcceptCommand> = T & { readonly recipients: readonly Recipient[] };

/** Can it be written with others in one statement? */
export const isInline = <T extends AcceptCommand>(command: T): command is InlineCommand<T> =>
  Symbol.iterator in command.recipients &&
  command.recipients.length <= INLINE_RECIPIENTS &&
  command.before === undefined;
