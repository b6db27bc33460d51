import { Injectable } from '@nestjs/common';
import { encodeId, type RecipientStatus } from '@gateway/core';
import { type EventRecipient, EventRepository, type EventRow } from '@gateway/database';
import type { PositionRanges, RecipientsChanged } from '../shared/delivery-events.js';

/** One entry of the timeline as callers see it. */
export interface TimelineEvent {
  readonly id: string;
  readonly at: Date;
  readonly type: string;
  readonly messageId: string;
  readonly batchId?: string;
  readonly position?: number;
  readonly address?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The end of a page: the row, and how many of its entries were shown already. */
export interface TimelineCursor {
  readonly row: string;
  readonly told: number;
}

export interface TimelinePage {
  readonly events: readonly TimelineEvent[];
  readonly next: TimelineCursor | undefined;
}

/** More entries than a row can stand for. */
const ALL_OF_IT = 1_000_000_000;

interface Entry {
  readonly type: string;
  readonly position: number;
  readonly status?: RecipientStatus;
}

/**
 * The timeline of a message, oldest first. One stored row may stand for many recipients; it is expanded here, page by
 * page, so that a campaign of a million neither writes nor reads a million rows.
 */
@Injectable()
export class Timeline {
  constructor(private readonly events: EventRepository) {}

  async page(messageId: string, cursor: TimelineCursor | undefined, limit: number): Promise<TimelinePage> {
    return this.expandAll(await this.events.findByMessage(messageId, cursor?.row, limit + 1), cursor, limit);
  }

  /**
   * All events of a client's messages, oldest first. The last page has a `next`, too: later reads continue there.
   */
  async feed(clientId: string, cursor: TimelineCursor | undefined, limit: number): Promise<TimelinePage> {
    const rows = await this.events.findByClient(clientId, cursor?.row, limit + 1);
    const page = await this.expandAll(rows, cursor, limit);
    const last = rows.at(-1);
    if (page.next !== undefined || last === undefined) return page;
    return { ...page, next: { row: last.id, told: ALL_OF_IT } };
  }

  private async expandAll(
    rows: readonly EventRow[],
    cursor: TimelineCursor | undefined,
    limit: number,
  ): Promise<TimelinePage> {
    const events: TimelineEvent[] = [];
    for (const row of rows) {
      const told = row.id === cursor?.row ? cursor.told : 0;
      const room = limit - events.length;
      const expanded = await this.expand(row, told, room + 1);
      events.push(...expanded.slice(0, room));
      if (expanded.length > room) return { events, next: { row: row.id, told: told + room } };
    }
    return { events, next: undefined };
  }

  private async expand(row: EventRow, told: number, limit: number): Promise<TimelineEvent[]> {
    if (row.type !== 'recipients') return told === 0 ? [plain(row)] : [];
    const changed = row.data as unknown as RecipientsChanged;
    const entries = take(entriesOf(changed), told, limit);
    const recipients = await this.events.findRecipients(
      row.messageId,
      entries.map(({ position }) => position),
    );
    return entries.flatMap((entry, i) => {
      const recipient = recipients.get(entry.position);
      if (recipient === undefined) return [];
      // A recipient with a status of its own already has its event, from the report of that status.
      if (changed.followersOnly === true && recipient.status !== null) return [];
      return [
        {
          ...plain(row),
          id: `${encodeId('event', row.id)}_${told + i}`,
          type: entry.type,
          position: entry.position,
          address: recipient.address,
          data: whyOf(entry, changed, recipient),
        },
      ];
    });
  }
}

/** The reason and the provider's words: of the batch's end for those who follow it, else the recipient's own. */
function whyOf(
  entry: Entry,
  changed: RecipientsChanged,
  { status, reason, code, message }: EventRecipient,
): TimelineEvent['data'] {
  if (changed.followersOnly === true) {
    return {
      ...(changed.reason && { reason: changed.reason }),
      ...(changed.provider && { provider: changed.provider }),
    };
  }
  // Later changes of the recipient have events of their own.
  if (status !== entry.status) return {};
  const words = code === null && message === null ? undefined : { ...changed.provider, code, message };
  return { ...(reason !== null && { reason }), ...(words && { provider: words }) };
}

const plain = (row: EventRow): TimelineEvent => ({
  id: encodeId('event', row.id),
  at: row.at,
  type: row.type,
  messageId: encodeId('message', row.messageId),
  ...(row.batchId !== null && { batchId: encodeId('batch', row.batchId) }),
  data: row.data,
});

function* entriesOf({ statuses, opened }: RecipientsChanged): Generator<Entry> {
  for (const [status, ranges] of Object.entries(statuses)) {
    for (const position of positionsOf(ranges)) {
      yield { type: `recipient.${status}`, position, status: status as RecipientStatus };
    }
  }
  for (const position of positionsOf(opened)) yield { type: 'recipient.opened', position };
}

function* positionsOf(ranges: PositionRanges): Generator<number> {
  for (const [from, to] of ranges) {
    for (let position = from; position <= to; position += 1) yield position;
  }
}

function take(entries: Generator<Entry>, skip: number, limit: number): Entry[] {
  const taken: Entry[] = [];
  let index = 0;
  for (const entry of entries) {
    if (index >= skip) taken.push(entry);
    index += 1;
    if (taken.length >= limit) break;
  }
  return taken;
}
