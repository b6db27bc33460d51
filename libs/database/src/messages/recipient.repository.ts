import { Injectable } from '@nestjs/common';
import type { RecipientStatus } from '@gateway/core';
import { Database } from '../database.js';
import { pageOf } from '../columns.js';
import type { RecipientStateRow } from '../batches/rows.js';

const columns = `
  r.message_id AS "messageId", r.position, r.address, r.name, r.type,
  coalesce(r.status, inherited_status(b.status)) AS status,
  coalesce(r.reason, CASE WHEN r.status IS NULL THEN b.reason END) AS reason, r.bounce_type AS "bounceType",
  b.provider, b.provider_request_id AS "requestId", r.mail_id AS "mailId",
  CASE WHEN r.status IS NULL THEN b.provider_code ELSE r.provider_code END AS "providerCode",
  CASE WHEN r.status IS NULL THEN b.provider_message ELSE r.provider_message END AS "providerMessage", coalesce(r.updated_at, b.submitted_at, b.created_at) AS "updatedAt",
  r.delivered_at AS "deliveredAt", r.opened_at AS "openedAt"`;

/**
 * The batch that a recipient belongs to, found by its position; batches that were planned anew don't count. Who was
 * rejected while an audience was expanded belongs to none.
 */
const joinBatch = `
  LEFT JOIN LATERAL (
    SELECT * FROM batch
    WHERE message_id = r.message_id AND position_from <= r.position AND status <> 'replanned'
    ORDER BY position_from DESC LIMIT 1
  ) b ON b.position_to >= r.position`;

export interface RecipientFilter {
  readonly status?: RecipientStatus;
  readonly address?: string;
}

/** Reads of single recipients for status endpoints: a page each, by key. */
@Injectable()
export class RecipientRepository {
  constructor(private readonly database: Database) {}

  /** Recipients of a client's message after a position, in order; none of an erased one. */
  async findByMessage(
    { clientId, messageId }: { readonly clientId: string; readonly messageId: string },
    filter: RecipientFilter,
    page: { readonly after: number; readonly limit: number },
  ): Promise<RecipientStateRow[]> {
    // Where hardly anybody has the wanted status, that is the whole message.
    const pool = filter.status === undefined ? this.database.lookups : this.database.pool;
    const { rows } = await pool.query<RecipientStateRow>({
      // Two plans: one address is looked up, many recipients are read in order.
      name: filter.address === undefined ? 'find-recipients' : 'find-recipient-of-address',
      text: pageOf(
        `SELECT ${columns} FROM recipient r ${joinBatch}
             WHERE r.message_id = $1 AND r.position > $2
               AND EXISTS (SELECT FROM message WHERE id = $1 AND client_id = $6 AND erased_at IS NULL)
               AND ($3::recipient_status IS NULL OR coalesce(r.status, inherited_status(b.status)) = $3)
               AND ${filter.address === undefined ? '$4::text IS NULL' : 'lower(r.address) = lower($4)'}
             ORDER BY r.position`,
        '$5',
      ),
      values: [messageId, page.after, filter.status ?? null, filter.address ?? null, page.limit, clientId],
    });
    return rows;
  }

  /** Everything that a client has sent to an address, newest message first. */
  async findByAddress(
    clientId: string,
    address: string,
    page: {
      readonly before: { readonly messageId: string; readonly position: number } | undefined;
      readonly limit: number;
    },
  ): Promise<RecipientStateRow[]> {
    const { rows } = await this.database.lookups.query<RecipientStateRow>({
      name: 'find-mail-to-address',
      text: `SELECT ${columns}
             FROM recipient r
             -- The limit has it begin with the address, whatever the planner believes: a client has many messages.
             CROSS JOIN LATERAL (
               SELECT FROM message WHERE id = r.message_id AND client_id = $1 AND erased_at IS NULL LIMIT 1
             ) AS m
             ${joinBatch}
             WHERE lower(r.address) = lower($2) AND (r.message_id, r.position) < ($3, $4)
             -- The sum keeps it from reading all recipients in the order of their key, where few were there when it planned.
             ORDER BY r.message_id DESC, r.position + 0 DESC LIMIT $5`,
      values: [clientId, address, page.before?.messageId ?? LAST_ID, page.before?.position ?? 0, page.limit],
    });
    return rows;
  }
}

/** Behind every id. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
