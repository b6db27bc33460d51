import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import type { Prisma } from '../generated/client.js';
import { columnsOf, pageOf } from '../columns.js';
import { messagePage, type MessageFilter } from './message-page.js';

const summary = {
  id: true,
  status: true,
  category: true,
  delivery: true,
  requestedProvider: true,
  provider: true,
  fromAddress: true,
  fromName: true,
  subject: true,
  metadata: true,
  tags: true,
  routing: true,
  recipientCount: true,
  suppressedCount: true,
  batchCount: true,
  counts: true,
  warnings: true,
  createdAt: true,
  sendAt: true,
  completedAt: true,
  erasedAt: true,
  redriveOf: true,
  templateId: true,
  templateVersion: true,
  providerTemplateId: true,
  audience: true,
} as const satisfies Prisma.MessageSelect;

const SUMMARY_COLUMNS = columnsOf(summary, 'm');

const detail = { ...summary, html: true, text: true, attachmentIds: true } as const satisfies Prisma.MessageSelect;

const batch = {
  id: true,
  parentId: true,
  provider: true,
  operation: true,
  status: true,
  positionFrom: true,
  positionTo: true,
  recipientCount: true,
  reason: true,
  reasonDetail: true,
  providerRequestId: true,
  nextAttemptAt: true,
  nextPollAt: true,
} as const satisfies Prisma.BatchSelect;

const attempt = {
  number: true,
  startedAt: true,
  finishedAt: true,
  outcome: true,
  httpStatus: true,
  providerCode: true,
  providerMessage: true,
  detail: true,
} as const satisfies Prisma.AttemptSelect;

export type MessageSummary = Prisma.MessageGetPayload<{ select: typeof summary }>;
export type AttemptDetail = Prisma.AttemptGetPayload<{ select: typeof attempt }>;
export type BatchDetail = Prisma.BatchGetPayload<{ select: typeof batch }> & {
  readonly attempts: readonly AttemptDetail[];
};

/** A whole message, with the number of its batches by status. */
export type MessageDetail = Prisma.MessageGetPayload<{ select: typeof detail }> & {
  readonly batches: Readonly<Record<string, number>>;
};

/** A batch and the parts it was planned into begin at the same position. */
export interface BatchPlace {
  readonly position: number;
  readonly id: string;
}

/** Before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** What has to be known of a message before anything of it is shown. */
export interface MessageBrief {
  readonly id: string;
  readonly erasedAt: Date | null;
}

/**
 * Messages and their batches as status endpoints show them; a client sees only its own. Dashboards ask all the time:
 * each question is one prepared statement, answered by keys, without the ORM in between.
 */
@Injectable()
export class MessageStateRepository {
  constructor(private readonly database: Database) {}

  async findById(clientId: string, id: string): Promise<MessageDetail | undefined> {
    const { rows } = await this.database.lookups.query<MessageDetail>({
      name: 'find-message',
      text: FIND_MESSAGE,
      values: [clientId, id],
    });
    return rows[0];
  }

  async findBrief(clientId: string, id: string): Promise<MessageBrief | undefined> {
    const { rows } = await this.database.lookups.query<MessageBrief>({
      name: 'find-message-brief',
      text: 'SELECT id, erased_at AS "erasedAt" FROM message WHERE id = $2 AND client_id = $1',
      values: [clientId, id],
    });
    return rows[0];
  }

  /** Newest first, before (older than) an id. */
  async findPage(
    clientId: string,
    filter: MessageFilter,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<MessageSummary[]> {
    const { where, values, filtered } = messagePage(clientId, filter, page.before);
    const text = `SELECT ${SUMMARY_COLUMNS} FROM message m WHERE ${where} ORDER BY m.id DESC`;
    // How to find what a filter asks for depends on its values. All of a client's stand in its index.
    const { rows } = filtered
      ? await this.database.pool.query<MessageSummary>(`${text} LIMIT ${page.limit}`, [...values])
      : await this.database.lookups.query<MessageSummary>({
          name: page.before === undefined ? 'find-messages' : 'find-messages-before',
          text: pageOf(text, `$${values.length + 1}`),
          values: [...values, page.limit],
        });
    return rows;
  }

  /**
   * Batches of a client's message in the order of their recipients, with their attempts; one that was planned anew comes
   * before its parts.
   */
  async findBatches(
    { clientId, messageId }: { readonly clientId: string; readonly messageId: string },
    page: { readonly after: BatchPlace | undefined; readonly limit: number },
  ): Promise<BatchDetail[]> {
    const { rows } = await this.database.lookups.query<BatchRowDetail>({
      name: 'find-batches',
      text: FIND_BATCHES,
      values: [messageId, page.after?.position ?? 0, page.limit, clientId, page.after?.id ?? FIRST_ID],
    });
    return rows.map((row) => ({ ...row, attempts: row.attempts.map(withDates) }));
  }
}

type BatchRowDetail = Omit<BatchDetail, 'attempts'> & { readonly attempts: readonly AttemptJson[] };

/** JSON has no dates. */
type AttemptJson = Omit<AttemptDetail, 'startedAt' | 'finishedAt'> & {
  readonly startedAt: string;
  readonly finishedAt: string | null;
};

const withDates = (row: AttemptJson): AttemptDetail => ({
  ...row,
  startedAt: new Date(row.startedAt),
  finishedAt: row.finishedAt === null ? null : new Date(row.finishedAt),
});

const FIND_BATCHES = pageOf(
  `SELECT ${columnsOf(batch, 'b')}, (
    SELECT coalesce(json_agg(attempt ORDER BY attempt.number), '[]')
    FROM (SELECT ${columnsOf(attempt, 'a')} FROM attempt a WHERE a.batch_id = b.id) AS attempt
  ) AS attempts
  FROM batch b
  WHERE b.message_id = $1 AND (b.position_from, b.id) > ($2, $5)
    AND EXISTS (SELECT FROM message WHERE id = $1 AND client_id = $4)
  ORDER BY b.position_from, b.id`,
  '$3',
);

const FIND_MESSAGE = `
  SELECT ${columnsOf(detail, 'm')}, (
    SELECT coalesce(jsonb_object_agg(status, n), '{}')
    FROM (SELECT status, count(*) AS n FROM batch WHERE message_id = m.id GROUP BY status) AS by_status
  ) AS batches
  FROM message m WHERE m.id = $2 AND m.client_id = $1`;
