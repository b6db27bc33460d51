import { encodeId, recipientStatuses, type ProviderWords, type Reason, type RecipientStatus } from '@gateway/core';
import type { ChangedRecipient, NewEventRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';

/** Event types (docs/api.md#answers). `recipients` is one row for many `recipient.*` events, expanded when it is read. */
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

/** The content of a row of type `recipients`: the recipients that reached each status, and those that opened. */
export interface RecipientsChanged {
  readonly statuses: Readonly<Partial<Record<RecipientStatus, PositionRanges>>>;
  readonly opened: PositionRanges;
  /** Within the ranges, only recipients without a status of their own: the end of their batch is theirs. */
  readonly followersOnly?: true;
  /** Why the batch ended; a recipient with a status of its own has its own reason. */
  readonly reason?: Reason;
  /** The account, and its words if they are about the whole batch. */
  readonly provider?: Pick<ProviderWords, 'name' | 'code' | 'message'>;
}

/** Why a batch ends without a provider having taken it. */
export interface BatchEnd {
  readonly reason: Reason;
  readonly provider?: ProviderWords | undefined;
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

/** A definite no, of a provider or of the gateway. `parts`: the batches into which it was halved to find the recipient at fault. */
export const refusedEvent = (
  batch: { readonly id: string; readonly messageId: string },
  {
    reason,
    detail,
    provider,
  }: { readonly reason: Reason; readonly detail?: string; readonly provider?: ProviderWords | undefined },
  parts: readonly string[] = [],
): NewEventRow =>
  batchEvent('batch.refused', batch, {
    reason,
    ...(provider === undefined ? { message: detail } : { code: provider.code, message: provider.message }),
    ...(parts.length > 0 && { parts: parts.map((id) => encodeId('batch', id)) }),
  });

/** One event row for all recipients that a page of reports changed; none when nothing changed. */
export function recipientsEvent(
  batch: { readonly id: string; readonly messageId: string; readonly provider: string },
  changed: readonly ChangedRecipient[],
): NewEventRow[] {
  const statuses: Partial<Record<RecipientStatus, PositionRanges>> = {};
  for (const status of recipientStatuses) {
    const positions = changed.filter((c) => c.after === status && c.before !== status).map((c) => c.position);
    if (positions.length > 0) statuses[status] = toRanges(positions);
  }
  const opened = toRanges(changed.filter((c) => c.opened).map((c) => c.position));
  if (Object.keys(statuses).length === 0 && opened.length === 0) return [];
  return [batchEvent('recipients', batch, { statuses, opened, provider: { name: batch.provider } })];
}

/** One event row for all followers of a batch whose end decides theirs, with the reason and the provider's words. */
export const followersEvent = (
  batch: {
    readonly id: string;
    readonly messageId: string;
    readonly provider: string;
    readonly positionFrom: number;
    readonly positionTo: number;
  },
  status: RecipientStatus,
  end?: BatchEnd,
): NewEventRow =>
  batchEvent('recipients', batch, {
    statuses: { [status]: [[batch.positionFrom, batch.positionTo]] },
    opened: [],
    followersOnly: true,
    ...(end && { reason: end.reason }),
    ...(end?.provider && { provider: wordsAt(batch.provider, end.provider) }),
  } satisfies RecipientsChanged);

const wordsAt = (name: string, { code, message }: ProviderWords): NonNullable<RecipientsChanged['provider']> => ({
  name,
  ...(code !== undefined && { code }),
  ...(message !== undefined && { message }),
});

/** Positions in one event row: the longest list is read and written in pieces. */
const MOST_POSITIONS = 10_000;

/** Event rows for recipients that are on the suppression list. */
export function suppressedEvents(messageId: string, positions: readonly number[]): NewEventRow[] {
  const events: NewEventRow[] = [];
  for (let i = 0; i < positions.length; i += MOST_POSITIONS) {
    const suppressed = toRanges(positions.slice(i, i + MOST_POSITIONS));
    events.push(messageEvent('recipients', messageId, { statuses: { suppressed }, opened: [] }));
  }
  return events;
}

export function toRanges(positions: readonly number[]): PositionRanges {
  const ranges: [number, number][] = [];
  for (const position of [...positions].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === position - 1) last[1] = position;
    else ranges.push([position, position]);
  }
  return ranges;
}
