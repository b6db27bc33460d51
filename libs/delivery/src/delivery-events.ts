import { recipientStatuses, type RecipientStatus } from '@gateway/core';
import type { ChangedRecipient, NewEventRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';

/** Types of the timeline (api.md). `recipients` is one row for many `recipient.*` events, expanded when read. */
export type EventType =
  | 'message.accepted'
  | 'message.scheduled'
  | 'message.expanded'
  | 'message.cancelled'
  | 'message.completed'
  | 'batch.dispatched'
  | 'batch.accepted'
  | 'batch.refused'
  | 'batch.deferred'
  | 'batch.unconfirmed'
  | 'batch.adopted'
  | 'batch.resent'
  | 'provider.unknown_status'
  | 'recipients';

/** Inclusive ranges of positions. */
export type PositionRanges = readonly (readonly [from: number, to: number])[];

/** What a row of type `recipients` holds: which recipients came to which status, and which opened. */
export interface RecipientsChanged {
  readonly statuses: Readonly<Partial<Record<RecipientStatus, PositionRanges>>>;
  readonly opened: PositionRanges;
}

export const batchEvent = (
  type: EventType,
  batch: { readonly id: string; readonly messageId: string },
  data: Readonly<Record<string, unknown>> = {},
): NewEventRow => ({ id: newUuid(), messageId: batch.messageId, batchId: batch.id, type, data });

export const messageEvent = (
  type: EventType,
  messageId: string,
  data: Readonly<Record<string, unknown>> = {},
): NewEventRow => ({ id: newUuid(), messageId, batchId: null, type, data });

/** One event row for all recipients that a page of reports changed; none when nothing changed. */
export function recipientsEvent(
  batch: { readonly id: string; readonly messageId: string },
  changed: readonly ChangedRecipient[],
): NewEventRow[] {
  const statuses: Partial<Record<RecipientStatus, PositionRanges>> = {};
  for (const status of recipientStatuses) {
    const positions = changed.filter((c) => c.after === status && c.before !== status).map((c) => c.position);
    if (positions.length > 0) statuses[status] = toRanges(positions);
  }
  const opened = toRanges(changed.filter((c) => c.opened).map((c) => c.position));
  if (Object.keys(statuses).length === 0 && opened.length === 0) return [];
  return [batchEvent('recipients', batch, { statuses, opened })];
}

/** One event row for all followers of a batch whose end decides theirs. */
export const followersEvent = (
  batch: {
    readonly id: string;
    readonly messageId: string;
    readonly positionFrom: number;
    readonly positionTo: number;
  },
  status: RecipientStatus,
): NewEventRow =>
  batchEvent('recipients', batch, {
    statuses: { [status]: [[batch.positionFrom, batch.positionTo]] },
    opened: [],
    followersOnly: true,
  });

export function toRanges(positions: readonly number[]): PositionRanges {
  const ranges: [number, number][] = [];
  for (const position of [...positions].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === position - 1) last[1] = position;
    else ranges.push([position, position]);
  }
  return ranges;
}
