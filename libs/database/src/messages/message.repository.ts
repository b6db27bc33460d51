import { Injectable } from '@nestjs/common';
import type { Reason, Recipient, RecipientStatus } from '@gateway/core';
import { keyLock } from '../advisory-locks.js';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import { toRecipient, type RecipientRow } from '../batches/rows.js';
import { UNSENT } from '../batches/status-lists.js';

export interface RedriveFilter {
  readonly statuses: readonly RecipientStatus[];
  /** Also those that bounced for a reason that may pass. */
  readonly softBounced: boolean;
  readonly reasons: readonly Reason[] | undefined;
}

/** A whole message, to be sent once more. */
export type RedriveRow = Prisma.MessageGetPayload<object>;

/** Neither has the mail, nor may still get it: a redrive that ended like this may be repeated. */
const WITHOUT_MAIL = "'failed', 'rejected', 'expired', 'bounced', 'cancelled', 'suppressed', 'unsubscribed'";

const batchOf = (recipient: string): string => `LEFT JOIN LATERAL (
    SELECT status, reason FROM batch
    WHERE message_id = ${recipient}.message_id AND position_from <= ${recipient}.position AND status <> 'replanned'
    ORDER BY position_from DESC LIMIT 1
  )`;

const REDRIVEN = `
  FROM recipient r
  ${batchOf('r')} b ON true
  WHERE r.message_id = $1
    AND (coalesce(r.status, inherited_status(b.status)) = ANY ($2::recipient_status[])
      OR ($3 AND r.status = 'bounced' AND r.bounce_type = 'soft'))
    AND ($4::text[] IS NULL OR coalesce(r.reason, CASE WHEN r.status IS NULL THEN b.reason END) = ANY ($4))
    -- Another redrive has the recipient: it is under way, or it has succeeded.
    AND NOT EXISTS (
      SELECT FROM recipient x
      ${batchOf('x')} xb ON true
      WHERE x.message_id = ANY ($5::uuid[]) AND lower(x.address) = lower(r.address)
        AND coalesce(x.status, inherited_status(xb.status)) NOT IN (${WITHOUT_MAIL}))`;

/** A message and those that it is a redrive of, up to the first one. */
const ORIGINS = `
  origin AS (
    SELECT id, redrive_of FROM message WHERE id = $1
    UNION ALL
    SELECT m.id, m.redrive_of FROM message m JOIN origin ON m.id = origin.redrive_of
  )`;

/** What is done with messages as a whole: cancelled, sent once more. */
@Injectable()
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

  /**
   * Redrives of a message, of its redrives and of what it is itself a redrive of are made one after the other.
   * @returns false while another transaction is making one. It is not waited for: a connection would be held meanwhile.
   */
  async lockRedrives(tx: Queryable, messageId: string): Promise<boolean> {
    const { rows } = await tx.query<{ locked: boolean }>(
      `WITH RECURSIVE ${ORIGINS}, first AS (SELECT id FROM origin ORDER BY id LIMIT 1)
       SELECT pg_try_advisory_xact_lock(${keyLock('redrives', 'id::text')}) AS locked FROM first`,
      [messageId],
    );
    return rows[0]?.locked === true;
  }

  async countForRedrive(messageId: string, filter: RedriveFilter): Promise<number> {
    const { rows } = await this.database.pool.query<{ count: number }>(`SELECT count(*)::int AS count ${REDRIVEN}`, [
      ...[messageId, filter.statuses, filter.softBounced, filter.reasons ?? null],
      await this.findOtherRedrives(messageId),
    ]);
    return rows[0]?.count ?? 0;
  }

  /** Redrives of the message, and of what it is itself a redrive of, at any depth; not those that it came from. */
  async findOtherRedrives(messageId: string): Promise<readonly string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      `WITH RECURSIVE ${ORIGINS}, family AS (
         SELECT id FROM (SELECT id FROM origin ORDER BY id LIMIT 1) AS first
         UNION ALL
         SELECT m.id FROM message m JOIN family ON m.redrive_of = family.id
       )
       SELECT id FROM family WHERE id NOT IN (SELECT id FROM origin)`,
      [messageId],
    );
    return rows.map(({ id }) => id);
  }

  /** Recipients that a redrive is for, in order, after a position. */
  async findForRedrive(
    messageId: string,
    filter: RedriveFilter & { readonly otherRedrives: readonly string[] },
    page: { readonly after: number; readonly limit: number },
  ): Promise<Recipient[]> {
    // The transaction that writes the new message holds a connection of the other pool.
    const { rows } = await this.database.lookups.query<RecipientRow>(
      `SELECT r.position, r.address, r.name, r.type, r.variables ${REDRIVEN} AND r.position > $6
       ORDER BY r.position LIMIT $7`,
      [
        ...[messageId, filter.statuses, filter.softBounced, filter.reasons ?? null, filter.otherRedrives],
        ...[page.after, page.limit],
      ],
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

  /** Recipients whose mail a provider has, or may have. */
  async countTooLate(tx: Queryable, messageId: string): Promise<number> {
    const { rows } = await tx.query<{ recipients: string }>(
      `SELECT coalesce(sum(recipient_count), 0) AS recipients FROM batch
       WHERE message_id = $1 AND status NOT IN ${UNSENT}`,
      [messageId],
    );
    return Number(rows[0]?.recipients ?? 0);
  }
}
