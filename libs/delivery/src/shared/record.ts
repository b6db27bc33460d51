import { Inject, Injectable } from '@nestjs/common';
import type { RecipientReport, RecipientStatus } from '@gateway/core';
import {
  type BatchRow,
  type ChangedBatch,
  EventRepository,
  type NewEventRow,
  type Queryable,
  type ReportedBatch,
  SuppressionRepository,
  TrackingRepository,
} from '@gateway/database';
import {
  batchEvent,
  followersEvents,
  messageEvent,
  recipientsEvent,
  startEvent,
  type BatchEnd,
} from '../events/delivery-events.js';
import { groupChanges, rangesWithout } from '../events/recipients-changed.js';
import { CONFIG, type GatewayConfig } from '@gateway/platform';

/** Writes what became known of recipients, with everything that follows from it, in the caller's transaction. */
@Injectable()
export class Recorder {
  constructor(
    readonly tracking: TrackingRepository,
    readonly events: EventRepository,
    private readonly suppressions: SuppressionRepository,
    @Inject(CONFIG) private readonly config: Pick<GatewayConfig, 'bounceSuppressionDays'>,
  ) {}

  /**
   * Applies reports to recipients of batches that the caller has locked, updates the counts and writes the events.
   * @param told all batches that this transaction changes, including those without reports.
   */
  async reports(tx: Queryable, told: readonly ReportedBatch[]): Promise<void> {
    const telling = told.map(({ batch, reports }) => ({ batch, reports: reports.filter(saysSomething) }));
    const some = telling.filter(({ reports }) => reports.length > 0);
    const changes = some.length === 0 ? [] : await this.tracking.applyReports(tx, some);
    const changed = some.map(({ batch }, i) => ({ batch, changed: changes[i] ?? [] }));
    await this.tracking.lockMessages(
      tx,
      told.map(({ batch }) => batch),
    );
    await this.tracking.moveCounts(tx, changed);
    for (const one of changed) await this.suppress(tx, one);
    await this.events.insert(tx, [
      ...told.flatMap(unknownStatusEvents),
      ...changed.flatMap(({ batch, changed: theirs }) => recipientsEvent(batch, theirs)),
    ]);
  }

  /** Events for those whose status is that of their batch, which has come to an end. */
  async followers(
    tx: Queryable,
    batch: Followed,
    status: RecipientStatus,
    end: Partial<BatchEnd> = {},
  ): Promise<readonly NewEventRow[]> {
    const { positionFrom: from, positionTo: to, followerCount } = batch;
    if (followerCount === 0) return [];
    const others = followerCount === to - from + 1 ? [] : await this.tracking.findOthers(tx, batch);
    return followersEvents(batch, rangesWithout(from, to, others), status, end);
  }

  /** Writes events for recipients that the message has had this status for from the start. @param positions ascending */
  async started(tx: Queryable, messageId: string, positions: readonly number[]): Promise<void> {
    for (let i = 0; i < positions.length; i += RECIPIENTS_AT_ONCE) {
      const states = await this.tracking.findStates(tx, messageId, positions.slice(i, i + RECIPIENTS_AT_ONCE));
      await this.events.insert(tx, [startEvent(messageId, groupChanges(states))]);
    }
  }

  /** An address that does not exist, or whose owner opted out, is not written to again. */
  private async suppress(tx: Queryable, { batch, changed }: ChangedBatch): Promise<void> {
    const became = (status: RecipientStatus): number[] =>
      changed.filter(({ before, after }) => after === status && before !== status).map(({ position }) => position);
    const days = this.config.bounceSuppressionDays;
    const bounced = became('bounced');
    if (bounced.length > 0 && days > 0) await this.suppressions.addBounced(tx, batch.messageId, bounced, days);
    const left = became('unsubscribed');
    if (left.length > 0) await this.suppressions.addUnsubscribed(tx, batch.messageId, left, batch.provider);
  }

  /** Tells, once for each of these messages, that all its recipients are settled. To be called last in a transaction. */
  async completion(tx: Queryable, ...messageIds: readonly string[]): Promise<void> {
    const completed = await this.tracking.complete(tx, messageIds);
    const events: NewEventRow[] = completed.map(({ id, status, counts }) =>
      messageEvent('message.completed', id, { status, counts }),
    );
    await this.events.insert(tx, events);
  }
}

type Followed = Pick<BatchRow, 'id' | 'messageId' | 'provider' | 'positionFrom' | 'positionTo' | 'followerCount'>;

/** Recipients whose states are read and written as one event row. */
const RECIPIENTS_AT_ONCE = 10_000;

const saysSomething = ({ status, openedAt }: RecipientReport): boolean =>
  status !== undefined || openedAt !== undefined;

/** One event for each unknown state, however many recipients have it. */
function unknownStatusEvents({ batch, reports }: ReportedBatch): NewEventRow[] {
  const counts = new Map<string, number>();
  for (const { unknownStatus } of reports) {
    if (unknownStatus !== undefined) counts.set(unknownStatus, (counts.get(unknownStatus) ?? 0) + 1);
  }
  return [...counts].map(([status, recipients]) =>
    batchEvent('provider.unknown_status', batch, { provider: batch.provider, status, recipients }),
  );
}
