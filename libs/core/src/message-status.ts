import { isSettled, recipientStatuses, type RecipientStatus } from './recipient-status.js';

/** Derived from the counts of recipients, never set by hand (docs/glossary.md#message-status). */
export const messageStatuses = [
  'held',
  'scheduled',
  'queued',
  'sending',
  'completed',
  'partially_failed',
  'failed',
  'cancelled',
] as const;

export type MessageStatus = (typeof messageStatuses)[number];

/** Number of recipients by status; a status without recipients may be absent. */
export type RecipientCounts = Readonly<Partial<Record<RecipientStatus, number>>>;

const WAITING: readonly RecipientStatus[] = ['queued', 'deferred'];
const FAILURES: readonly RecipientStatus[] = ['bounced', 'failed', 'rejected', 'expired'];
const SUCCESSES: readonly RecipientStatus[] = ['sent', 'delivered'];

const sum = (counts: RecipientCounts, statuses: readonly RecipientStatus[]): number =>
  statuses.reduce((total, status) => total + (counts[status] ?? 0), 0);

/**
 * The status of a message with these counts. The database derives the same in the function `derive_message_status`
 * of the first migration; an integration test compares the two.
 */
export function messageStatusOf(counts: RecipientCounts): MessageStatus {
  const all = sum(counts, recipientStatuses);
  const unsettled = sum(
    counts,
    recipientStatuses.filter((status) => !isSettled(status)),
  );
  if (unsettled > 0) return unsettledStatus(counts, all, unsettled);
  const failed = sum(counts, FAILURES);
  const sent = sum(counts, SUCCESSES);
  if (failed > 0) return sent > 0 ? 'partially_failed' : 'failed';
  if (sent === 0 && (counts.cancelled ?? 0) > 0) return 'cancelled';
  return 'completed';
}

function unsettledStatus(counts: RecipientCounts, all: number, unsettled: number): MessageStatus {
  const untouched = sum(counts, ['suppressed', 'cancelled']);
  const [held, scheduled, waiting] = [counts.held ?? 0, counts.scheduled ?? 0, sum(counts, WAITING)];
  const unsent = held + scheduled + waiting;
  if (unsent < unsettled || unsent + untouched < all) return 'sending';
  if (waiting > 0) return 'queued';
  return scheduled > 0 ? 'scheduled' : 'held';
}
