import type { Category, Delivery, QuotaPolicy, Recipient, RecipientCounts } from '@gateway/core';
import type { PoolClient } from 'pg';
import type { Queryable } from '../database.js';
import { copyCell, copyRows, type Pages } from '../copy.js';
import { partitionFor } from '../partition.js';

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
  readonly recipientCount: number;
  /** Told with the answer; the table gets it when the recipients are marked. */
  readonly suppressedCount: number;
  readonly batchCount: number;
  readonly counts: RecipientCounts;
  readonly routing: unknown;
  readonly warnings: readonly string[];
  readonly requestId: string | null;
  readonly attachmentIds: readonly string[];
  readonly templateId: string | null;
  readonly templateVersion: number | null;
  readonly providerTemplateId: string | null;
  /** An expression over groups; its recipients are found when the message is due. */
  readonly audience: unknown;
  /** Its status while it has no recipients, and when they are to be found. */
  readonly expansion: 'scheduled' | 'queued' | null;
  readonly expandAt: Date | null;
  readonly redriveOf: string | null;
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

/** Streams the recipients of a message into the table; the message itself follows in the same transaction. */
export async function copyRecipients(client: PoolClient, messageId: string, pages: Pages<Recipient>): Promise<number> {
  const table = await partitionFor(client, messageId);
  return copyRows(client, `COPY ${table} (message_id, position, address, name, type, variables) FROM STDIN`, {
    pages,
    line: ({ position, address, name, type, variables }) => {
      const values = variables === undefined ? '\\N' : copyCell(JSON.stringify(variables));
      return `${messageId}\t${position}\t${copyCell(address)}\t${copyCell(name)}\t${type}\t${values}`;
    },
  });
}

const INSERT_MESSAGE = `
WITH new_message AS (
  INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, from_name,
    subject, html, text, variables, headers, metadata, tags, on_quota, allow_split, send_at, recipient_count,
    batch_count, counts, routing, warnings, request_id, created_at, attachment_ids, template_id, template_version,
    provider_template_id, audience, redrive_of, expansion, expand_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $39, $40, $41, $42, $43, $44, $45, $46)
), new_batch AS (
  INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
    follower_count, due_at, next_attempt_at, enqueued_at, created_at, of_list)
  SELECT planned.id, $1, $6, $3::category, $26::batch_status, planned.first, planned.last,
    planned.last - planned.first + 1, planned.last - planned.first + 1, coalesce($18, $25), coalesce($18, $25), $27, $25, $47
  FROM unnest($28::uuid[], $29::int[], $30::int[]) AS planned (id, first, last)
), new_recipient AS (
  INSERT INTO recipient (message_id, position, address, name, type, variables)
  SELECT $1, r.position, r.address, r.name, r.type, r.variables::json
  FROM unnest($34::int[], $35::text[], $36::text[], $37::recipient_type[], $38::text[])
    AS r (position, address, name, type, variables)
)
INSERT INTO event (id, client_id, message_id, type, data, at)
SELECT happened.id, $2, $1, happened.type, happened.data::json, $25
FROM unnest($31::uuid[], $32::text[], $33::text[]) AS happened (id, type, data)`;

/** Writes a message with its batches and first events in one statement. `enqueuedAt`: the caller will enqueue them. */
export async function insertMessage(
  client: Queryable,
  message: NewMessage,
  parts: {
    /** Those that were not copied before. */
    readonly recipients: readonly Recipient[];
    readonly batches: readonly NewBatch[];
    readonly events: readonly NewEvent[];
    readonly enqueuedAt: Date | null;
    /** Its only batch goes to a provider's list. */
    readonly ofList: boolean;
  },
): Promise<void> {
  const m = message;
  await client.query({
    name: 'insert-message',
    text: INSERT_MESSAGE,
    values: [
      ...[m.id, m.clientId, m.category, m.delivery, m.requestedProvider, m.provider, m.fromAddress, m.fromName],
      ...[m.subject, m.html, m.text, JSON.stringify(m.variables), JSON.stringify(m.headers)],
      ...[JSON.stringify(m.metadata), m.tags, m.onQuota, m.allowSplit, m.sendAt, m.recipientCount, m.batchCount],
      ...[JSON.stringify(m.counts), JSON.stringify(m.routing), m.warnings, m.requestId, m.createdAt],
      ...[m.sendAt === null ? 'queued' : 'scheduled', parts.enqueuedAt],
      ...[parts.batches.map((b) => b.id), parts.batches.map((b) => b.positionFrom)],
      ...[parts.batches.map((b) => b.positionTo), parts.events.map((e) => e.id), parts.events.map((e) => e.type)],
      parts.events.map((e) => JSON.stringify(e.data)),
      ...recipientColumns(parts.recipients),
      ...[m.attachmentIds, m.templateId, m.templateVersion, m.providerTemplateId],
      ...[m.audience === null ? null : JSON.stringify(m.audience), m.redriveOf],
      ...[m.expansion, m.expandAt, parts.ofList],
    ],
  });
}

const recipientColumns = (recipients: readonly Recipient[]): readonly (readonly (string | number | null)[])[] => [
  recipients.map((r) => r.position),
  recipients.map((r) => r.address),
  recipients.map((r) => r.name ?? null),
  recipients.map((r) => r.type),
  recipients.map((r) => (r.variables === undefined ? null : JSON.stringify(r.variables))),
];
