import type { RecipientReport } from '@gateway/core';
import type { BatchRow, EventRepository, NewEventRow, Queryable, TrackingRepository } from '@gateway/database';
import { batchEvent, messageEvent, recipientsEvent } from './delivery-events.js';

/** Writes what became known of recipients, with everything that follows from it, in the caller's transaction. */
export class Recorder {
  constructor(
    readonly tracking: TrackingRepository,
    readonly events: EventRepository,
  ) {}

  /**
   * Applies reports to recipients of a batch that the caller has locked, moves the counts and tells it in events.
   * @returns number of recipients that changed.
   */
  async reports(tx: Queryable, batch: BatchRow, reports: readonly RecipientReport[]): Promise<number> {
    const told = reports.filter((r) => r.status !== undefined || r.openedAt !== undefined);
    const changed = told.length === 0 ? [] : await this.tracking.applyReports(tx, batch, told);
    if (changed.length > 0) await this.tracking.moveCounts(tx, batch, changed);
    await this.events.insert(tx, [...unknownStatusEvents(batch, reports), ...recipientsEvent(batch, changed)]);
    return changed.length;
  }

  /** Tells, once, that all recipients of a message are settled. To be called last in a transaction. */
  async completion(tx: Queryable, messageId: string): Promise<void> {
    const completed = await this.tracking.complete(tx, [messageId]);
    const events: NewEventRow[] = completed.map(({ id, status, counts }) =>
      messageEvent('message.completed', id, { status, counts }),
    );
    await this.events.insert(tx, events);
  }
}

/** One event for each unknown state, however many recipients have it. */
function unknownStatusEvents(batch: BatchRow, reports: readonly RecipientReport[]): NewEventRow[] {
  const counts = new Map<string, number>();
  for (const { unknownStatus } of reports) {
    if (unknownStatus !== undefined) counts.set(unknownStatus, (counts.get(unknownStatus) ?? 0) + 1);
  }
  return [...counts].map(([status, recipients]) =>
    batchEvent('provider.unknown_status', batch, { provider: batch.provider, status, recipients }),
  );
}
