import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import * as sql from './event.sql.js';

/** One row of the log. A row of type `recipients` stands for the changes of many recipients. */
export interface EventRow {
  /** Its place in the log: rows are read in this order. */
  readonly position: number;
  readonly id: string;
  readonly clientId: string;
  /** None: it is about something of the client's other than a message. */
  readonly messageId: string | null;
  readonly batchId: string | null;
  readonly type: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

export type NewEventRow = Pick<EventRow, 'id' | 'batchId' | 'type' | 'data'> &
  (
    | { readonly messageId: string; readonly clientId?: undefined }
    | { readonly messageId: null; readonly clientId: string }
  );

/** The owner of the events that are read: a client or a message. */
export type EventScope = { readonly clientId: string } | { readonly messageId: string };

export interface EventScan {
  readonly from: number;
  /** Not beyond this position. */
  readonly to: number;
  /** Rows to look at; of these, rows of other types are not returned. */
  readonly limit: number;
  /** Types of rows; all if absent. */
  readonly types?: readonly string[] | undefined;
}

export interface ScannedEvents {
  readonly rows: readonly EventRow[];
  /** Where to go on. */
  readonly next: number;
  /** Nothing is left up to `to`. */
  readonly ended: boolean;
}

export interface RecipientPlace {
  readonly messageId: string;
  readonly position: number;
}

@Injectable()
export class EventRepository {
  constructor(private readonly database: Database) {}

  /**
   * Writes events in the transaction of the change that they report, as late as possible: just before its commit,
   * because no reader goes beyond the first of them until then.
   */
  async insert(tx: Queryable, events: readonly NewEventRow[]): Promise<void> {
    if (events.length === 0) return;
    if (!this.database.defer(tx, insertNow, events)) await insertNow(tx, events);
  }

  /** Reads rows in the order of their positions. Those of erased messages are left out, even if they are still there. */
  async scan(scope: EventScope, { from, to, limit, types }: EventScan): Promise<ScannedEvents> {
    const [text, id] =
      'messageId' in scope ? [sql.SCAN_BY_MESSAGE, scope.messageId] : [sql.SCAN_BY_CLIENT, scope.clientId];
    const { rows } = await this.database.pool.query<EventRow & Scanned>(text, [id, from, to, limit, types ?? null]);
    const [{ scanned, lastPosition } = { scanned: 0, lastPosition: null }] = rows;
    return {
      rows: rows.filter(({ id: found }) => found !== null),
      next: lastPosition === null ? from : lastPosition + 1,
      ended: scanned < limit,
    };
  }

  /** @returns where to go on after an event, which may be gone meanwhile. `exact`: it is the event itself that is there. */
  async findPosition(clientId: string, eventId: string): Promise<{ exact: boolean; position: number } | undefined> {
    const { rows } = await this.database.pool.query<{ exact: boolean; position: number }>(sql.FIND_POSITION, [
      clientId,
      eventId,
    ]);
    return rows[0];
  }

  /** @returns the last position of a client's events; 0 if it has none. */
  async findLastPosition(clientId: string): Promise<number> {
    const { rows } = await this.database.pool.query<{ position: number }>(sql.FIND_LAST_POSITION, [clientId]);
    return rows[0]?.position ?? 0;
  }

  /** @returns the address of each recipient, in the same order; `undefined` for those that are gone. */
  async findAddresses(places: readonly RecipientPlace[]): Promise<readonly (string | undefined)[]> {
    if (places.length === 0) return [];
    const { rows } = await this.database.pool.query<RecipientPlace & { address: string }>(sql.FIND_ADDRESSES, [
      places.map(({ messageId }) => messageId),
      places.map(({ position }) => position),
    ]);
    const addresses = new Map(rows.map((row) => [keyOf(row), row.address]));
    return places.map((place) => addresses.get(keyOf(place)));
  }
}

interface Scanned {
  readonly scanned: number;
  readonly lastPosition: number | null;
}

const keyOf = ({ messageId, position }: RecipientPlace): string => `${messageId}/${position}`;

const FEW = 200;

async function insertNow(tx: Queryable, events: readonly NewEventRow[]): Promise<void> {
  await tx.query({
    // A plan that is kept is one for few: with thousands it would compare each with each.
    ...(events.length <= FEW && { name: 'insert-events' }),
    text: sql.INSERT,
    values: [
      events.map(({ id }) => id),
      events.map(({ clientId }) => clientId ?? null),
      events.map(({ messageId }) => messageId),
      events.map(({ batchId }) => batchId),
      events.map(({ type }) => type),
      events.map(({ data }) => JSON.stringify(data)),
    ],
  });
}
