import { Injectable } from '@nestjs/common';
import { encodeId, type EventType } from '@gateway/core';
import { EventRepository, LogHorizon, type EventRow, type EventScope } from '@gateway/database';
import { RECIPIENTS } from './delivery-events.js';
import {
  countEntries,
  entriesOf,
  type RecipientChange,
  type RecipientEntry,
  type RecipientsChanged,
} from './recipients-changed.js';

/** One event as callers see it. */
export interface LogEvent {
  readonly id: string;
  readonly at: Date;
  readonly type: string;
  /** None: the event is about something else of the client's. */
  readonly messageId?: string;
  readonly batchId?: string;
  readonly position?: number;
  readonly address?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A place in the log: from which row to read on, and how many of its events were read already. */
export interface LogCursor {
  readonly position: number;
  readonly told: number;
}

/** An event, and where to read on after it. */
export interface ToldEvent {
  readonly event: LogEvent;
  readonly after: LogCursor;
}

export interface LogPage {
  readonly events: readonly ToldEvent[];
  /** Where to read on. */
  readonly next: LogCursor;
  /** More events are there already, or were not looked for. */
  readonly more: boolean;
}

export interface LogRead {
  readonly from: LogCursor;
  readonly limit: number;
  readonly filter?: EventFilter;
  /** Of a client's events, only those of this message; to read its timeline, the message is the scope. */
  readonly messageId?: string | undefined;
}

export type EventFilter = ReadonlySet<EventType> | undefined;

export const LOG_START: LogCursor = { position: 1, told: 0 };

/** Maximum rows that one statement looks at. */
const MOST_ROWS = 5000;

/** A reader who wants few of many events gets what was found by then, and reads on from there. */
const LONGEST_SEARCH_MS = 2000;

/**
 * Reads the log: expand, filter, then cut. One stored row may stand for many recipients; it is expanded here, page by
 * page, so that a campaign of a million neither writes nor reads a million rows. The horizon is the limit, so
 * what was once passed stays complete, and the same range reads the same later; what is erased is skipped.
 */
@Injectable()
export class EventLog {
  constructor(
    private readonly events: EventRepository,
    private readonly horizon: LogHorizon,
  ) {}

  /** Events of a client or a message, oldest first. */
  async read(scope: EventScope, from: LogCursor, limit: number, filter?: EventFilter): Promise<LogPage> {
    return this.readTo(await this.horizon.current(), scope, { from, limit, filter });
  }

  /** The same for who knows the horizon. */
  async readTo(horizon: number, scope: EventScope, { from, limit, filter, messageId }: LogRead): Promise<LogPage> {
    const told: ToldEvent[] = [];
    const end = performance.now() + LONGEST_SEARCH_MS;
    // One more says whether this is the end. While few are wanted, ever more rows are looked at.
    for (let next = from, size = limit + 1; ; size = Math.min(4 * size, MOST_ROWS)) {
      const { rows, ended, ...scanned } = await this.events.scan(scope, {
        from: next.position,
        to: horizon,
        limit: size,
        types: filter && rowTypes(filter),
      });
      const wanted = messageId === undefined ? rows : rows.filter((row) => row.messageId === messageId);
      const cut = cutEntries(wanted, next, { limit: limit - told.length, filter });
      for (const one of await this.resolve(cut.entries)) told.push(one);
      next = cut.next ?? { position: Math.max(scanned.next, next.position), told: 0 };
      const isEnd = cut.next === undefined && ended;
      if (isEnd || told.length >= limit || performance.now() > end) return { events: told, next, more: !isEnd };
    }
  }

  /** Where to begin for who wants to hear of what happens from now on. */
  async findEnd(clientId: string): Promise<LogCursor> {
    return { position: (await this.events.findLastPosition(clientId)) + 1, told: 0 };
  }

  /** Cursors of before December 2026 named the row by its id. */
  async findCursor(clientId: string, { row, told }: { row: string; told: number }): Promise<LogCursor> {
    const found = await this.events.findPosition(clientId, row);
    if (found === undefined) return LOG_START;
    return found.exact ? { position: found.position, told } : { position: found.position + 1, told: 0 };
  }

  /** Gives recipients their addresses; those that are gone are left out. */
  private async resolve(entries: readonly CutEntry[]): Promise<ToldEvent[]> {
    const ofRecipients = entries.flatMap(({ row, entry }) =>
      entry === undefined || row.messageId === null ? [] : [{ messageId: row.messageId, position: entry.position }],
    );
    const addresses = (await this.events.findAddresses(ofRecipients)).values();
    return entries.flatMap(({ row, entry, after }): ToldEvent[] => {
      if (entry === undefined) return [{ event: plain(row), after }];
      const address = addresses.next().value;
      return address === undefined ? [] : [{ event: ofRecipient(row, entry, address), after }];
    });
  }
}

/** An event of a row that a page contains: one of its recipients', or the row itself. */
interface CutEntry {
  readonly row: EventRow;
  readonly entry?: RecipientEntry;
  readonly after: LogCursor;
}

/** Expands rows up to a number of events. `next`: where it was cut; without it, all rows are used up. */
function cutEntries(
  rows: readonly EventRow[],
  from: LogCursor,
  { limit, filter }: { readonly limit: number; readonly filter: EventFilter },
): { readonly entries: readonly CutEntry[]; readonly next?: LogCursor } {
  const entries: CutEntry[] = [];
  for (const row of rows) {
    const told = row.position === from.position ? from.told : 0;
    for (const one of expand(row, told, filter)) {
      const last = entries.at(-1);
      if (entries.length >= limit) return { entries, next: last?.after ?? from };
      entries.push(one);
    }
  }
  return { entries };
}

function* expand(row: EventRow, told: number, filter: EventFilter): Generator<CutEntry> {
  const rowEnd = { position: row.position + 1, told: 0 };
  if (row.type !== RECIPIENTS) {
    if (told === 0) yield { row, after: rowEnd };
    return;
  }
  const changed = row.data as unknown as RecipientsChanged;
  const count = countEntries(changed);
  for (const entry of entriesOf(changed, told, (type) => filter?.has(type) ?? true)) {
    const nth = entry.nth + 1;
    yield { row, entry, after: nth === count ? rowEnd : { position: row.position, told: nth } };
  }
}

/** The types of rows that may hold events of these types. */
function rowTypes(filter: ReadonlySet<EventType>): readonly string[] {
  return [...new Set([...filter].map((type) => (type.startsWith('recipient.') ? RECIPIENTS : type)))];
}

const plain = (row: EventRow): LogEvent => ({
  id: encodeId('event', row.id),
  at: row.at,
  type: row.type,
  ...(row.messageId !== null && { messageId: encodeId('message', row.messageId) }),
  ...(row.batchId !== null && { batchId: encodeId('batch', row.batchId) }),
  data: row.data,
});

const ofRecipient = (row: EventRow, { nth, type, position, change }: RecipientEntry, address: string): LogEvent => ({
  ...plain(row),
  id: `${encodeId('event', row.id)}_${nth}`,
  type,
  position,
  // Nothing is left of an erased address but its domain.
  ...(!address.startsWith('@') && { address }),
  data: change === undefined ? {} : whyOf(change, row.data['provider'] as string | undefined),
});

function whyOf({ reason, code, message }: RecipientChange, name: string | undefined): LogEvent['data'] {
  const words = { ...(code !== undefined && { code }), ...(message !== undefined && { message }) };
  return {
    ...(reason !== undefined && { reason }),
    ...(Object.keys(words).length > 0 && { provider: { ...(name !== undefined && { name }), ...words } }),
  };
}
