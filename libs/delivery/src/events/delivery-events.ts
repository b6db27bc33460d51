import { encodeId, type EventType, type ProviderWords, type Reason, type RecipientStatus } from '@gateway/core';
import type { ChangedRecipient, NewEventRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import {
  groupChanges,
  toRanges,
  type PositionRanges,
  type RecipientChange,
  type RecipientsChanged,
} from './recipients-changed.js';

/** `recipients` is one row for many `recipient.*` events, expanded when it is read. */
export type RowType = Exclude<EventType, `recipient.${string}`> | typeof RECIPIENTS;

export const RECIPIENTS = 'recipients';

/** Why a batch ends without a provider having taken it. */
export interface BatchEnd {
  readonly reason: Reason;
  readonly provider?: ProviderWords | undefined;
}

interface OfMessage {
  readonly id: string;
  readonly messageId: string;
}

export const batchEvent = (
  type: RowType,
  batch: OfMessage,
  data: Readonly<Record<string, unknown>> = {},
): NewEventRow => ({ id: newUuid(), messageId: batch.messageId, batchId: batch.id, type, data });

export const messageEvent = (
  type: RowType,
  messageId: string,
  data: Readonly<Record<string, unknown>> = {},
): NewEventRow => ({ id: newUuid(), messageId, batchId: null, type, data });

/** A definite no, of a provider or of the gateway. `parts`: the batches into which it was halved to find the recipient at fault. */
export const refusedEvent = (
  batch: OfMessage,
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
  batch: OfMessage & { readonly provider: string },
  changed: readonly ChangedRecipient[],
): NewEventRow[] {
  const changes = groupChanges(
    changed.filter(({ before, after }) => after !== before).map((one) => ({ ...one, status: one.after })),
  );
  const opened = toRanges(changed.filter((c) => c.opened).map((c) => c.position));
  if (changes.length === 0 && opened.length === 0) return [];
  return [batchEvent(RECIPIENTS, batch, { changes, opened, provider: batch.provider } satisfies RecipientsChanged)];
}

/** Ranges in one row: the longest list is read and written in pieces. */
const MOST_RANGES = 5000;

/** Event rows for the followers of a batch whose end decides theirs, with the reason and the provider's words. */
export function followersEvents(
  batch: OfMessage & { readonly provider: string },
  positions: PositionRanges,
  status: RecipientStatus,
  { reason, provider }: Partial<BatchEnd> = {},
): NewEventRow[] {
  const change = {
    status,
    ...(reason !== undefined && { reason }),
    ...(provider?.code !== undefined && { code: provider.code }),
    ...(provider?.message !== undefined && { message: provider.message }),
  };
  const rows: NewEventRow[] = [];
  for (let i = 0; i < positions.length; i += MOST_RANGES) {
    const changes = [{ ...change, positions: positions.slice(i, i + MOST_RANGES) }];
    rows.push(batchEvent(RECIPIENTS, batch, { changes, opened: [], provider: batch.provider }));
  }
  return rows;
}

/** One event row for recipients that have a status from the start, of no batch's doing. */
export const startEvent = (messageId: string, changes: readonly RecipientChange[]): NewEventRow =>
  messageEvent(RECIPIENTS, messageId, { changes, opened: [] } satisfies RecipientsChanged);
