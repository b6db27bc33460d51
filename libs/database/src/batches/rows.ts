import type {
  BatchStatus,
  Category,
  Delivery,
  ProviderWords,
  QuotaPolicy,
  Reason,
  Recipient,
  RecipientCounts,
  RecipientStatus,
  RecipientType,
  RouteRecord,
} from '@gateway/core';

import type { KeptVariables, VariablesReader } from '../contents/message-contents.js';

/** A batch as the worker sees it. Times are `Date`, ids canonical UUIDs. */
export interface BatchRow {
  readonly id: string;
  readonly messageId: string;
  readonly provider: string;
  readonly category: Category;
  readonly status: BatchStatus;
  readonly positionFrom: number;
  readonly positionTo: number;
  readonly recipientCount: number;
  readonly followerCount: number;
  /** Its recipients with a status of their own, by status. */
  readonly counts: RecipientCounts;
  readonly leaseToken: number;
  readonly attemptCount: number;
  readonly lookupCount: number;
  readonly pollCount: number;
  readonly pollFailures: number;
  readonly pollCursor: unknown;
  readonly operation: string | null;
  readonly providerRequestId: string | null;
  readonly dueAt: Date;
  readonly submittedAt: Date | null;
  readonly settledAt: Date | null;
  /** How often its worker was lost, or could not even begin. */
  readonly lossCount: number;
  /** Its place in the account's pace, once it has one. */
  readonly pacedAt: Date | null;
  /** Accounts that it had before. */
  readonly leftProviders: readonly string[];
  /** To a provider's list: its recipients are inserted as they are reported; `listed`: all have been. */
  readonly ofList: boolean;
  readonly listed: boolean;
  /** Where it is a part of a batch that was refused as a whole: the first batch. */
  readonly halvedFrom: string | null;
}

/** An account's batches of one category; they have a dispatch queue of their own. */
export interface Lane {
  readonly provider: string;
  readonly category: Category;
}

/** A batch for which a job should be in the queue. */
export type DueBatch = Pick<BatchRow, 'id' | 'messageId' | 'provider' | 'category' | 'positionFrom' | 'positionTo'>;

/** A batch whose worker is gone, and its new state. */
export interface LostBatch extends DueBatch {
  readonly status: 'queued' | 'unconfirmed';
  readonly lossCount: number;
}

export const dueColumns = `b.id, b.message_id AS "messageId", b.provider, b.category,
  b.position_from AS "positionFrom", b.position_to AS "positionTo"`;

export const batchColumns = `
  b.id, b.message_id AS "messageId", b.provider, b.category, b.status, b.position_from AS "positionFrom",
  b.position_to AS "positionTo", b.recipient_count AS "recipientCount", b.follower_count AS "followerCount", b.counts,
  b.lease_token AS "leaseToken", b.attempt_count AS "attemptCount", b.lookup_count AS "lookupCount",
  b.poll_count AS "pollCount", b.poll_failures AS "pollFailures", b.poll_cursor AS "pollCursor", b.operation,
  b.provider_request_id AS "providerRequestId", b.due_at AS "dueAt", b.submitted_at AS "submittedAt",
  b.settled_at AS "settledAt", b.loss_count AS "lossCount", b.paced_at AS "pacedAt",
  b.left_providers AS "leftProviders", b.of_list AS "ofList", b.listed,
  b.halved_from AS "halvedFrom"`;

/** A worker's right to write the result of a batch: it fails once another worker has claimed the batch. */
export interface Lease {
  readonly batchId: string;
  readonly token: number;
}

/** Why a batch waits or has failed. Its recipients show it, with the provider's own words. */
export interface WhyNot {
  readonly reason: Reason;
  readonly detail: string;
  readonly provider?: ProviderWords | undefined;
}

/** The parts of a message that go out with each of its batches. */
export interface MessageContentRow {
  readonly id: string;
  readonly clientId: string;
  readonly category: Category;
  readonly delivery: Delivery;
  readonly fromAddress: string;
  readonly fromName: string | null;
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly variables: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly attachmentIds: readonly string[];
  /** The account's own template that it is made of. */
  readonly providerTemplateId: string | null;
  /** Its audience, if the caller gave no recipients. */
  readonly audience: unknown;
  readonly createdAt: Date;
  /** `auto`, or the account that the caller wants and no other. */
  readonly requestedProvider: string;
  readonly onQuota: QuotaPolicy;
  readonly allowSplit: boolean;
  /** The decision of accept time: which accounts are able. */
  readonly routing: RouteRecord;
}

export interface RecipientRow extends KeptVariables {
  readonly messageId: string;
  readonly address: string;
  readonly name: string | null;
  readonly type: RecipientType;
}

/** The columns of a recipient that is sent to. Only encrypted values need the key of their message. */
export const recipientColumns = (alias: string): string => `
  ${alias}.message_id AS "messageId", ${alias}.position, ${alias}.address, ${alias}.name, ${alias}.type, ${alias}.variables,
  CASE WHEN json_typeof(${alias}.variables) = 'string'
    THEN (SELECT content_key FROM message WHERE id = ${alias}.message_id) END AS "contentKey"`;

/** @throws ContentLockedError when its values are encrypted, and the key is missing. */
export function toRecipient(row: RecipientRow, reader: VariablesReader): Recipient {
  const variables = reader.read(row.messageId, row);
  return {
    position: row.position,
    address: row.address,
    type: row.type,
    ...(row.name !== null && { name: row.name }),
    ...(variables && { variables }),
  };
}

/** One recipient as status endpoints show it; `status` is its own or the one of its batch. */
export interface RecipientStateRow {
  readonly messageId: string;
  readonly position: number;
  readonly address: string;
  readonly name: string | null;
  readonly type: RecipientType;
  readonly status: RecipientStatus;
  /** It is queued at an account that sends nothing now, so `status` is `deferred`; the account knows the reason. */
  readonly stopped: boolean;
  readonly reason: string | null;
  readonly bounceType: string | null;
  readonly provider: string | null;
  readonly requestId: string | null;
  readonly mailId: string | null;
  readonly providerCode: string | null;
  readonly providerMessage: string | null;
  readonly updatedAt: Date;
  readonly deliveredAt: Date | null;
  readonly openedAt: Date | null;
}
