import type { Category, Delivery, QuotaPolicy, Recipient, RecipientCounts } from '@gateway/core';
import type { Queryable } from '../database.js';

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
  /** The key that sent it. */
  readonly createdBy: string | null;
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

/** A message with all that is written beside it. */
export interface MessageRows {
  readonly message: NewMessage;
  /** Those that were not copied before. */
  readonly recipients: readonly Recipient[];
  readonly batches: readonly NewBatch[];
  readonly events: readonly NewEvent[];
  /** The caller will put its batches into the queue. */
  readonly enqueuedAt: Date | null;
  /** Its only batch goes to a provider's list. */
  readonly ofList: boolean;
}

// Rows travel as JSON: one parameter a table, however many rows, and one plan for all numbers of them.
const INSERT_MESSAGES = `
WITH given AS (
  SELECT * FROM json_to_recordset($1) AS m (id uuid, client_id uuid, category category, delivery delivery,
    requested_provider text, provider text, from_address text, from_name text, subject text, html text, text text,
    variables json, headers json, metadata jsonb, tags text[], on_quota text, allow_split boolean, send_at timestamptz,
    recipient_count integer, batch_count integer, counts jsonb, routing json, warnings text[], request_id text,
    created_at timestamptz, attachment_ids uuid[], template_id uuid, template_version integer, provider_template_id text,
    audience json, redrive_of uuid, expansion message_status, expand_at timestamptz, status batch_status,
    enqueued_at timestamptz, of_list boolean, created_by uuid)
), new_message AS (
  INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, from_name,
    subject, html, text, variables, headers, metadata, tags, on_quota, allow_split, send_at, recipient_count,
    batch_count, counts, routing, warnings, request_id, created_at, attachment_ids, template_id, template_version,
    provider_template_id, audience, redrive_of, created_by, expansion, expand_at)
  SELECT id, client_id, category, delivery, requested_provider, provider, from_address, from_name,
    subject, html, text, variables, headers, metadata, tags, on_quota, allow_split, send_at, recipient_count,
    batch_count, counts, routing, warnings, request_id, created_at, attachment_ids, template_id, template_version,
    provider_template_id, audience, redrive_of, created_by, expansion,
    CASE WHEN send_at IS NULL AND expand_at > now() THEN now() ELSE expand_at END
  FROM given
), new_batch AS (
  INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
    follower_count, due_at, next_attempt_at, enqueued_at, created_at, of_list)
  SELECT b.id, m.id, m.provider, m.category, m.status, b.first, b.last, b.last - b.first + 1, b.last - b.first + 1,
    -- What has no time is due now, and a job for it is there now, whoever is right about the time.
    coalesce(m.send_at, least(m.created_at, now())), coalesce(m.send_at, least(m.created_at, now())),
    CASE WHEN m.enqueued_at > now() THEN now() ELSE m.enqueued_at END, m.created_at, m.of_list
  FROM json_to_recordset($2) AS b (id uuid, message_id uuid, first integer, last integer)
  JOIN given m ON m.id = b.message_id
), new_recipient AS (
  INSERT INTO recipient (message_id, position, address, name, type, variables)
  SELECT message_id, position, address, name, type, variables
  FROM json_to_recordset($3) AS r (message_id uuid, position integer, address text, name text, type recipient_type,
    variables json)
)
INSERT INTO event (id, client_id, message_id, type, data, at)
SELECT e.id, m.client_id, m.id, e.type, e.data, m.created_at
FROM json_to_recordset($4) AS e (id uuid, message_id uuid, type text, data json) JOIN given m ON m.id = e.message_id`;

/** Writes messages with their batches and first events in one statement. */
export async function insertMessages(client: Queryable, rows: readonly MessageRows[]): Promise<void> {
  const of = <T, R extends object>(pick: (row: MessageRows) => readonly T[], toJson: (entry: T) => R): string =>
    JSON.stringify(rows.flatMap((row) => pick(row).map((entry) => ({ message_id: row.message.id, ...toJson(entry) }))));
  await client.query({
    name: 'insert-messages',
    text: INSERT_MESSAGES,
    values: [
      JSON.stringify(rows.map(messageJson)),
      of(
        ({ batches }) => batches,
        ({ id, positionFrom, positionTo }) => ({ id, first: positionFrom, last: positionTo }),
      ),
      of(({ recipients }) => recipients, recipientJson),
      of(
        ({ events }) => events,
        ({ id, type, data }) => ({ id, type, data }),
      ),
    ],
  });
}

const recipientJson = ({ position, address, name, type, variables }: Recipient) => ({
  ...{ position, address, name, type, variables },
});

const messageJson = ({ message: m, enqueuedAt, ofList }: MessageRows) => ({
  ...{ id: m.id, client_id: m.clientId, category: m.category, delivery: m.delivery },
  ...{ requested_provider: m.requestedProvider, provider: m.provider },
  ...{ from_address: m.fromAddress, from_name: m.fromName, subject: m.subject, html: m.html, text: m.text },
  ...{ variables: m.variables, headers: m.headers, metadata: m.metadata, tags: m.tags, on_quota: m.onQuota },
  ...{ allow_split: m.allowSplit, send_at: m.sendAt, recipient_count: m.recipientCount, batch_count: m.batchCount },
  ...{ counts: m.counts, routing: m.routing, warnings: m.warnings, request_id: m.requestId, created_at: m.createdAt },
  ...{ attachment_ids: m.attachmentIds, template_id: m.templateId, template_version: m.templateVersion },
  ...{ provider_template_id: m.providerTemplateId, audience: m.audience, redrive_of: m.redriveOf },
  ...{ expansion: m.expansion, expand_at: m.expandAt, status: m.sendAt === null ? 'queued' : 'scheduled' },
  ...{ enqueued_at: enqueuedAt, of_list: ofList, created_by: m.createdBy },
});
