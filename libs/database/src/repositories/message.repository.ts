import type { Reason, Recipient, RecipientStatus } from '@gateway/core';
import type { Database, Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import { toRecipient, type RecipientRow } from './rows.js';

export interface RedriveFilter {
  readonly statuses: readonly RecipientStatus[];
  /** Also those that bounced for a reason that may pass. */
  readonly softBounced: boolean;
  readonly reasons: readonly Reason[] | undefined;
}

/** A whole message, to be sent once more. */
export type RedriveRow = Prisma.MessageGetPayload<object>;

const REDRIVEN = `
  FROM recipient r
  LEFT JOIN LATERAL (
    SELECT status, reason FROM batch
    WHERE message_id = r.message_id AND position_from <= r.position AND status <> 'replanned'
    ORDER BY position_from DESC LIMIT 1
  ) b ON true
  WHERE r.message_id = $1
    AND (coalesce(r.status, inherited_status(b.status)) = ANY ($2::recipient_status[])
      OR ($3 AND r.status = 'bounced' AND r.bounce_type = 'soft'))
    AND ($4::text[] IS NULL OR coalesce(r.reason, CASE WHEN r.status IS NULL THEN b.reason END) = ANY ($4))`;

const redriveValues = (messageId: string, { statuses, softBounced, reasons }: RedriveFilter): unknown[] => [
  messageId,
  statuses,
  softBounced,
  reasons ?? null,
];

/** What is done with messages as a whole: cancelled, sent once more. */
export class MessageRepository {
  constructor(private readonly database: Database) {}

  findWhole(clientId: string, id: string): Promise<RedriveRow | null> {
    return this.database.prisma.message.findFirst({ where: { id, clientId } });
  }

  /** Asked anew, not as it was read before. */
  async isErased(id: string): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ erased: boolean }>(
      'SELECT erased_at IS NOT NULL AS erased FROM message WHERE id = $1',
      [id],
    );
    return rows[0]?.erased !== false;
  }

  async countForRedrive(messageId: string, filter: RedriveFilter): Promise<number> {
    const { rows } = await this.database.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count ${REDRIVEN}`,
      redriveValues(messageId, filter),
    );
    return rows[0]?.count ?? 0;
  }

  /** Recipients that a redrive is for, in order, after a position. */
  async findForRedrive(
    messageId: string,
    filter: RedriveFilter,
    page: { readonly after: number; readonly limit: number },
  ): Promise<Recipient[]> {
    const { rows } = await this.database.pool.query<RecipientRow>(
      `SELECT r.position, r.address, r.name, r.type, r.variables ${REDRIVEN} AND r.position > $5
       ORDER BY r.position LIMIT $6`,
      [...redriveValues(messageId, filter), page.after, page.limit],
    );
    return rows.map(toRecipient);
  }

  /** Cancels a message that has no recipients yet. @returns false when it has, or will never have. */
  async cancelWaiting(tx: Queryable, messageId: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      `UPDATE message SET expansion = 'cancelled', expand_at = NULL WHERE id = $1 AND expand_at IS NOT NULL`,
      [messageId],
    );
    return rowCount === 1;
  }

  /**
   * Cancels what no provider has accepted and nobody is posting.
   * @returns recipients cancelled, and recipients for which it is too late.
   */
  async cancel(tx: Queryable, messageId: string): Promise<{ cancelled: number; tooLate: number; batchIds: string[] }> {
    const { rows } = await tx.query<{ id: string; recipients: number }>(
      `WITH waiting AS (
         SELECT id FROM batch WHERE message_id = $1 AND status IN ('scheduled', 'queued', 'deferred')
         ORDER BY id FOR UPDATE
       )
       UPDATE batch b SET status = 'cancelled', settled_at = now(), reason = 'cancelled_by_caller'
       FROM waiting WHERE b.id = waiting.id RETURNING b.id, b.follower_count AS recipients`,
      [messageId],
    );
    const { rows: late } = await tx.query<{ recipients: string }>(
      `SELECT coalesce(sum(recipient_count), 0) AS recipients FROM batch
       WHERE message_id = $1 AND status NOT IN ('cancelled', 'replanned', 'failed', 'expired')`,
      [messageId],
    );
    return {
      cancelled: rows.reduce((sum, row) => sum + row.recipients, 0),
      tooLate: Number(late[0]?.recipients ?? 0),
      batchIds: rows.map((row) => row.id),
    };
  }
}
