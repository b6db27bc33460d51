import type { BatchStatus, MessageStatus, RecipientStatus } from '@gateway/core';

/** The gateway's answers as a caller reads them (docs/api.md#answers). */
export interface MessageView {
  readonly id: string;
  readonly status: MessageStatus;
  readonly category: string;
  readonly delivery: string;
  readonly provider: string;
  readonly routing: {
    readonly provider: string;
    readonly candidates: readonly { readonly provider: string; readonly able: boolean; readonly reasons: string[] }[];
    readonly failovers: readonly unknown[];
    readonly route?: { readonly id?: string; readonly name: string; readonly version: number } | null;
  };
  readonly recipientCount: number;
  readonly suppressedCount: number;
  readonly batchCount: number;
  readonly counts: Readonly<Record<RecipientStatus, number>>;
  readonly waiting: {
    readonly account: string;
    readonly reason: string;
    readonly detail: string;
    readonly since: string | null;
    readonly until: string | null;
  } | null;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly erasedAt: string | null;
  readonly createdAt: string;
  readonly sendAt: string | null;
  readonly warnings: readonly string[];
}

export interface RecipientView {
  readonly messageId: string;
  readonly position: number;
  readonly address: string;
  readonly name: string | null;
  readonly type: string;
  readonly status: RecipientStatus;
  readonly final: boolean;
  readonly reason: string | null;
  readonly bounceType: string | null;
  readonly provider: Readonly<Record<'name' | 'requestId' | 'mailId' | 'code' | 'message', string | null>>;
  readonly updatedAt: string;
  readonly deliveredAt: string | null;
  readonly openedAt: string | null;
}

export interface BatchView {
  readonly id: string;
  readonly parentId: string | null;
  readonly provider: string;
  readonly operation: string | null;
  readonly status: BatchStatus;
  readonly positionFrom: number;
  readonly positionTo: number;
  readonly recipientCount: number;
  readonly reason: string | null;
  readonly attempts: readonly {
    readonly outcome: string | null;
    readonly httpStatus: number | null;
    readonly providerCode: string | null;
    readonly providerMessage: string | null;
    readonly startedAt: string;
    readonly finishedAt: string | null;
  }[];
  readonly providerRequestId: string | null;
  readonly nextAttemptAt: string | null;
  readonly nextPollAt: string | null;
}

export interface EventView {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly messageId: string;
  readonly batchId?: string;
  readonly position?: number;
  readonly address?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface AttachmentView {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly contentType: string;
  readonly createdAt: string;
}

export interface PageView<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface ProblemView {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
  readonly errorCount?: number;
}
