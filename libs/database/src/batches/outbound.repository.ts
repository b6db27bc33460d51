import { Injectable } from '@nestjs/common';
import type { Recipient } from '@gateway/core';
import { Database } from '../database.js';
import { toRecipient, type BatchRow, type MessageContentRow, type RecipientRow } from './rows.js';

export type PositionRange = Pick<BatchRow, 'messageId' | 'positionFrom' | 'positionTo'>;

/** Batches of fewer recipients than this are read together. */
export const FEW_FOLLOWERS = 100;
/** Rows of a larger one that are read, and made into recipients, at a time: a login code waits no longer than for that. */
const PIECE = 500;

/** Reads what a batch sends: its message's content, and the recipients still waiting for it. */
@Injectable()
export class OutboundRepository {
  constructor(private readonly database: Database) {}

  /** The content that every batch of these messages carries, in the order of the ids. */
  async findContents(ids: readonly string[]): Promise<readonly (MessageContentRow | undefined)[]> {
    const { rows } = await this.database.pool.query<MessageContentRow>({
      name: 'find-contents',
      text: `SELECT id, client_id AS "clientId", category, delivery, from_address AS "fromAddress",
         from_name AS "fromName", subject, html, text, variables, headers, attachment_ids AS "attachmentIds",
         provider_template_id AS "providerTemplateId", audience, created_at AS "createdAt",
         requested_provider AS "requestedProvider", on_quota AS "onQuota", allow_split AS "allowSplit", routing
       FROM message WHERE id = ANY ($1)`,
      values: [ids],
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id));
  }

  /** The recipients of a batch that still follow it, in order: in pieces, so that other batches have their turn. */
  async findManyFollowers({ messageId, positionFrom, positionTo }: PositionRange): Promise<readonly Recipient[]> {
    const all: Recipient[] = [];
    for (let from = positionFrom; from <= positionTo; from += PIECE) {
      const { rows } = await this.database.pool.query<RecipientRow>({
        name: 'find-followers',
        text: `SELECT position, address, name, type, variables FROM recipient
               WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NULL ORDER BY position`,
        values: [messageId, from, Math.min(positionTo, from + PIECE - 1)],
      });
      for (const row of rows) all.push(toRecipient(row));
    }
    return all;
  }

  /** The same of several batches of fewer than `FEW_FOLLOWERS`, in their order. */
  async findFewFollowers(ranges: readonly PositionRange[]): Promise<readonly (readonly Recipient[])[]> {
    const { rows } = await this.database.pool.query<RecipientRow & { nth: number }>({
      name: 'find-few-followers',
      // The limit makes it look up each range by the key, whatever the planner believes.
      text: `SELECT b.nth::int, r.* FROM unnest($1::uuid[], $2::int[], $3::int[]) WITH ORDINALITY AS b (id, first, last, nth)
             CROSS JOIN LATERAL (
               SELECT position, address, name, type, variables FROM recipient
               WHERE message_id = b.id AND position BETWEEN b.first AND b.last AND status IS NULL
               ORDER BY position LIMIT ${FEW_FOLLOWERS}
             ) AS r ORDER BY b.nth, r.position`,
      values: [
        ranges.map(({ messageId }) => messageId),
        ranges.map(({ positionFrom }) => positionFrom),
        ranges.map(({ positionTo }) => positionTo),
      ],
    });
    const byRange = Map.groupBy(rows, ({ nth }) => nth);
    return ranges.map((_, i) => (byRange.get(i + 1) ?? []).map(toRecipient));
  }

  /** The first of a batch's recipients that still follow it: the first ones may be suppressed or refused. */
  async findFirstFollower(batch: PositionRange): Promise<Recipient | undefined> {
    const { rows } = await this.database.pool.query<RecipientRow>(
      `SELECT position, address, name, type, variables FROM recipient
       WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NULL ORDER BY position LIMIT 1`,
      [batch.messageId, batch.positionFrom, batch.positionTo],
    );
    const [row] = rows;
    return row && toRecipient(row);
  }
}
