import { columnsOf, pageOf } from '../columns.js';
import type { Prisma } from '../generated/client.js';

/** The columns of a message that lists show. */
export const summary = {
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
  releasedAt: true,
  erasedAt: true,
  redriveOf: true,
  templateId: true,
  templateVersion: true,
  providerTemplateId: true,
  audience: true,
  contentKey: true,
} as const satisfies Prisma.MessageSelect;

const SUMMARY_COLUMNS = columnsOf(summary, 'm');

/** The columns that a message's own page shows. */
export const detail = {
  ...summary,
  html: true,
  text: true,
  attachmentIds: true,
} as const satisfies Prisma.MessageSelect;

/** The columns of a batch that are shown. */
export const batch = {
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

/** The columns of an attempt that are shown. */
export const attempt = {
  number: true,
  startedAt: true,
  finishedAt: true,
  outcome: true,
  httpStatus: true,
  providerCode: true,
  providerMessage: true,
  detail: true,
} as const satisfies Prisma.AttemptSelect;

/** Finds messages for a page of a list; `where` is `messagePage`'s. */
export const findSummaries = (where: string): string =>
  `SELECT ${SUMMARY_COLUMNS} FROM message m WHERE ${where} ORDER BY m.id DESC`;

/** Finds a page among a bounded number of messages, which an index finds; it ends when the page is full. */
export const findSummariesAmong = (page: { readonly found: string; readonly where: string; readonly most: number }) =>
  `SELECT ${SUMMARY_COLUMNS} FROM (SELECT * FROM message m WHERE ${page.found} ORDER BY m.id DESC LIMIT ${page.most}) AS m
   WHERE ${page.where} ORDER BY m.id DESC`;

/** Finds the last of those messages, if there may be more behind it. */
export const findLastAmong = (page: { readonly found: string; readonly most: number }): string =>
  `SELECT m.id, m.created_at AS "createdAt" FROM message m WHERE ${page.found} ORDER BY m.id DESC OFFSET ${page.most - 1} LIMIT 1`;

/** Finds whether a message is there and erased, before anything of it is shown. */
export const FIND_BRIEF = 'SELECT id, erased_at AS "erasedAt" FROM message WHERE id = $2 AND client_id = $1';

/** Finds a page of the batches of a message with their attempts, in one look-up by key. */
export const FIND_BATCHES = pageOf(
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

/** Finds a message with the number of its batches by status and account, in one look-up by key. */
export const FIND_MESSAGE = `
  SELECT ${columnsOf(detail, 'm')}, (
    SELECT coalesce(jsonb_agg(alike), '[]')
    FROM (
      SELECT status, provider, count(*) AS batches, sum(follower_count) AS followers
      FROM batch WHERE message_id = m.id GROUP BY status, provider
    ) AS alike
  ) AS batches
  FROM message m WHERE m.id = $2 AND m.client_id = $1`;

/**
 * Finds where the recipients of messages are queued, by account. By the message alone: PostgreSQL 15 would read the
 * index of all queued batches for it.
 */
export const FIND_QUEUED = `
  SELECT m.id AS "messageId", b.provider, b.recipients FROM unnest($1::uuid[]) AS m (id)
  CROSS JOIN LATERAL (
    SELECT provider, (sum(follower_count) FILTER (WHERE status = 'queued'))::int AS recipients
    FROM batch WHERE message_id = m.id GROUP BY provider
  ) AS b WHERE b.recipients > 0`;

/** Finds the subjects of those messages that are not erased: a repeated first answer has it. */
export const FIND_SUBJECTS = `
  SELECT id, category, subject, content_key AS "contentKey" FROM message WHERE id = ANY ($1) AND erased_at IS NULL`;

/** Finds of each message the deferred batch that is tried first, and why it is deferred. */
export const FIND_DEFERRED = `
  SELECT m.id AS "messageId", b.provider, b.reason, b.reason_detail AS detail, b.due_at AS since, b.next_attempt_at AS until
  FROM unnest($1::uuid[]) AS m (id) CROSS JOIN LATERAL (
    SELECT * FROM (SELECT * FROM batch WHERE message_id = m.id OFFSET 0) AS own
    WHERE own.status = 'deferred' ORDER BY own.next_attempt_at LIMIT 1
  ) AS b`;

/** Finds messages by their ids, for a page of a search. */
export const FIND_SUMMARIES_BY_ID = `SELECT ${SUMMARY_COLUMNS} FROM message m WHERE m.id = ANY ($1::uuid[]) ORDER BY m.id DESC`;

/** Finds the address of the first recipient of each of these messages, by key; of one without recipients nothing. */
export const FIND_FIRST_ADDRESSES = `
  SELECT m.id, r.address FROM unnest($1::uuid[]) AS m (id)
  CROSS JOIN LATERAL (SELECT address FROM recipient WHERE message_id = m.id ORDER BY position LIMIT 1) AS r`;
