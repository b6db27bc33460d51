import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';

/** One row of the timeline. `data.positions` (by status) makes one row stand for many recipients. */
export interface EventRow {
  readonly id: string;
  readonly clientId: string;
  readonly messageId: string;
  readonly batchId: string | null;
  readonly type: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

export type NewEventRow = Omit<EventRow, 'at' | 'clientId'>;

@Injectable()
export class EventRepository {
  constructor(private readonly database: Database) {}

  /** Writes events in the transaction of what they tell. The client is taken from the message. */
  async insert(tx: Queryable, events: readonly NewEventRow[]): Promise<void> {
    if (events.length === 0) return;
    await tx.query(
      `INSERT INTO event (id, client_id, message_id, batch_id, type, data)
       SELECT e.id, m.client_id, e.message_id, e.batch_id, e.type, e.data::json
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS e (id, message_id, batch_id, type, data)
       JOIN message m ON m.id = e.message_id AND m.id = ANY ($2::uuid[])`,
      [
        events.map((e) => e.id),
        events.map((e) => e.messageId),
        events.map((e) => e.batchId),
        events.map((e) => e.type),
        events.map((e) => JSON.stringify(e.data)),
      ],
    );
  }

  /** Events of a message, oldest first, after (and with `inclusive` from) an event id. */
  async findByMessage(messageId: string, from: string | undefined, limit: number): Promise<EventRow[]> {
    const { rows } = await this.database.pool.query<EventRow>(
      `SELECT id, client_id AS "clientId", message_id AS "messageId", batch_id AS "batchId", type, at, data FROM event
       WHERE message_id = $1 AND id >= $2 ORDER BY id LIMIT $3`,
      [messageId, from ?? '00000000-0000-0000-0000-000000000000', limit],
    );
    return rows;
  }

  /**
   * Events of a client, oldest first, from an event id. The page ends before the first event of the last second: a
   * transaction that is still under way could put an earlier one before it, and ids are made by several processes, so an
   * event that is older by its time can have the later id. A reader who went past either would never see it. Events of
   * erased messages are left out, even if their rows are still there.
   */
  async findByClient(clientId: string, from: string | undefined, limit: number): Promise<EventRow[]> {
    const { rows } = await this.database.pool.query<EventRow & { readonly recent: boolean }>(
      `SELECT id, client_id AS "clientId", message_id AS "messageId", batch_id AS "batchId", type, at, data,
         at >= now() - interval '1 s' AS recent
       FROM event e
       WHERE client_id = $1 AND id >= $2
         AND NOT EXISTS (SELECT FROM message m WHERE m.id = e.message_id AND m.erased_at IS NOT NULL)
       ORDER BY id LIMIT $3`,
      [clientId, from ?? '00000000-0000-0000-0000-000000000000', limit],
    );
    const first = rows.findIndex(({ recent }) => recent);
    return first < 0 ? rows : rows.slice(0, first);
  }

  /** Recipients by position, for events about them. */
  async findRecipients(messageId: string, positions: readonly number[]): Promise<Map<number, EventRecipient>> {
    const { rows } = await this.database.pool.query<EventRecipient & { position: number }>(
      `SELECT position, address, status, reason, provider_code AS code, provider_message AS message FROM recipient
       WHERE message_id = $1 AND position = ANY ($2)`,
      [messageId, positions],
    );
    return new Map(rows.map((row) => [row.position, row]));
  }
}

export interface EventRecipient {
  readonly address: string;
  readonly status: string | null;
  readonly reason: string | null;
  /** The provider's own words. */
  readonly code: string | null;
  readonly message: string | null;
}
