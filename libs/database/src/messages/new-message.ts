import type { Category, Delivery, QuotaPolicy, Recipient, RecipientCounts } from '@gateway/core';
import type { Seal } from '../contents/seal.js';

export interface NewMessage {
  readonly id: string;
  readonly clientId: string;
  readonly category: Category;
  readonly delivery: Delivery;
  readonly requestedProvider: string;
  readonly provider: string;
  readonly fromAddress: string;
  readonly fromName: string | null;
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly variables: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly onQuota: QuotaPolicy;
  readonly allowSplit: boolean;
  readonly sendAt: Date | null;
  /** It waits for its release. */
  readonly hold: boolean;
  /** The key that must not release it. */
  readonly heldBy: string | null;
  readonly recipientCount: number;
  /** Told with the answer; the table gets it when the recipients are marked. */
  readonly suppressedCount: number;
  readonly batchCount: number;
  readonly counts: RecipientCounts;
  readonly routing: unknown;
  readonly warnings: readonly string[];
  readonly requestId: string | null;
  /** The key that sent it. */
  readonly createdBy: string | null;
  readonly attachmentIds: readonly string[];
  readonly templateId: string | null;
  readonly templateVersion: number | null;
  readonly providerTemplateId: string | null;
  /** An expression over groups; its recipients are found when the message is due. */
  readonly audience: unknown;
  /** Its status while it has no recipients, and the time at which to find them. */
  readonly expansion: 'held' | 'scheduled' | 'queued' | null;
  readonly expandAt: Date | null;
  readonly redriveOf: string | null;
  /** The route whose guard or shadow watches it. */
  readonly watchedRouteId: string | null;
  readonly createdAt: Date;
}

export interface NewBatch {
  readonly id: string;
  readonly positionFrom: number;
  readonly positionTo: number;
}

export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** The answer stored under a caller's Idempotency-Key; a repeated request gets it again. */
export interface KeptAnswer {
  readonly key: string;
  readonly requestHash: Buffer;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A message with all that is written beside it. */
export interface MessageRows {
  readonly message: NewMessage;
  /** Written only if the key is new; otherwise the whole message is left out. */
  readonly kept?: KeptAnswer;
  /** Those that were not copied before. */
  readonly recipients: readonly Recipient[];
  readonly batches: readonly NewBatch[];
  readonly events: readonly NewEvent[];
  /** The caller will put its batches into the queue. */
  readonly enqueuedAt: Date | null;
  /** Its only batch is for a provider's list. */
  readonly ofList: boolean;
  /** Its texts and variables are encrypted with it. */
  readonly seal?: Seal | undefined;
}
