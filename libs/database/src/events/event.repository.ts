import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import * as sql from './event.sql.js';

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

/** Before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class EventRepository {
  constructor(private readonly database: Database) {}

  /** Writes events in the transaction of the change that they report. The client is taken from the message. */
  async insert(tx: Queryable, events: readonly NewEventRow[]): Promise<void> {
    if (events.length === 0) return;
    await tx.query(sql.INSERT, [
      events.map((e) => e.id),
      events.map((e) => e.messageId),
      events.map((e) => e.batchId),
      events.map((e) => e.type),
      events.map((e) => JSON.stringify(e.data)),
    ]);
  }

  /** Events of a message, oldest first, after (and with `inclusive` from) an event id. */
  async findByMessage(messageId: string, from: string | undefined, limit: number): Promise<EventRow[]> {
    const events = await this.database.prisma.event.findMany({
      where: { messageId, ...(from !== undefined && { id: { gte: from } }) },
      orderBy: { id: 'asc' },
      take: limit,
    });
    return events.map((event) => ({ ...event, data: event.data as EventRow['data'] }));
  }

  /**
   * Events of a client, oldest first, from an event id. The page ends before the first event of the last second: a
   * transaction that is still under way could put an earlier one before it, and ids are made by several processes, so an
   * event that is older by its time can have the later id. A reader who went past either would never see it. Events of
   * erased messages are left out, even if their rows are still there.
   */
  async findByClient(clientId: string, from: string | undefined, limit: number): Promise<EventRow[]> {
    const { rows } = await this.database.pool.query<EventRow & { readonly recent: boolean }>(sql.FIND_BY_CLIENT, [
      clientId,
      from ?? FIRST_ID,
      limit,
    ]);
    const first = rows.findIndex(({ recent }) => recent);
    return first < 0 ? rows : rows.slice(0, first);
  }

  /** Recipients by position, for events about them. */
  async findRecipients(messageId: string, positions: readonly number[]): Promise<Map<number, EventRecipient>> {
    const { rows } = await this.database.pool.query<EventRecipient & { position: number }>(sql.FIND_RECIPIENTS, [
      messageId,
      positions,
    ]);
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
