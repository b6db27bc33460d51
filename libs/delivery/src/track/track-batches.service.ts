import {
  ProviderUnavailableError,
  isFinal,
  type Delivery,
  type EmailProvider,
  type PollResult,
  type RecipientReport,
  type RecipientStatus,
  type TrackedRequest,
} from '@gateway/core';
import type {
  AttemptRepository,
  BatchRow,
  Database,
  DispatchRepository,
  ListedRecipientRepository,
  NextPoll,
  Queryable,
  TrackingRepository,
} from '@gateway/database';
import type { Clock, Logger } from '@gateway/platform';
import { followersEvent, messageEvent } from '../delivery-events.js';
import type { ProviderDirectory } from '../provider-directory.js';
import type { Recorder } from '../record.js';
import { backoffMs, type Timing } from '../timing.js';
import { aftercareMs, nextPollMs } from './poll-schedule.js';

/** Follows accepted requests to the end: asks the provider, writes what it says of recipients, decides when to ask again. */
export class TrackBatchesService {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly dispatch: DispatchRepository;
      readonly attempts: AttemptRepository;
      readonly tracking: TrackingRepository;
      readonly listed: ListedRecipientRepository;
      readonly recorder: Recorder;
      readonly providers: ProviderDirectory;
      readonly timing: Timing;
      readonly clock: Clock;
      readonly log: Logger;
      /** Aborted at shutdown: a poll is given up, the next worker asks again. */
      readonly stopping: AbortSignal;
    },
  ) {}

  async execute(batchIds: readonly string[]): Promise<void> {
    // The job is gone when this returns: without a word the batches would wait for their lease to end.
    if (this.deps.stopping.aborted) return this.deps.tracking.giveBack(batchIds);
    const batches = await this.deps.tracking.findBatches(batchIds);
    await Promise.all(batches.map((batch) => this.trackOne(batch)));
  }

  private async trackOne(batch: BatchRow): Promise<void> {
    const provider = this.deps.providers.find(batch.provider);
    const content = await this.deps.dispatch.findContent(batch.messageId);
    if (provider === undefined || content === undefined || batch.providerRequestId === null) {
      return this.deps.tracking.failPoll(batch.id, this.deps.timing.retryMaxMs);
    }
    try {
      const { result, last } = await this.poll(provider, batch, trackedRequest(batch, content.delivery));
      await this.finish(provider, batch, result, last);
    } catch (error) {
      await this.failed(batch, error);
    }
  }

  /**
   * Writes page by page, each in a transaction of its own: memory and locks stay small whatever the request's size. The
   * last one is left for the transaction that ends the poll: most requests have no other.
   */
  private async poll(
    provider: EmailProvider,
    batch: BatchRow,
    request: TrackedRequest,
  ): Promise<{ readonly result: PollResult; readonly last: readonly RecipientReport[] }> {
    const patience = AbortSignal.timeout(POLL_PATIENCE * this.deps.timing.providerTimeoutMs);
    const pages = provider.poll(request, AbortSignal.any([patience, this.deps.stopping]));
    let last: readonly RecipientReport[] = [];
    let coming = pages.next();
    for (;;) {
      const page = await coming;
      if (page.done) return { result: page.value, last };
      // The provider is asked for the next page while this one is written. If that fails, its answer is nobody's.
      coming = pages.next();
      coming.catch(() => undefined);
      if (last.length > 0) await this.write(batch, last);
      last = page.value;
    }
  }

  private async write(batch: BatchRow, reports: readonly RecipientReport[]): Promise<void> {
    await this.deps.database.transaction(async (tx) => {
      const locked = await this.deps.tracking.lock(tx, batch.id);
      if (locked === undefined) return;
      await this.apply(tx, locked, reports);
      await this.deps.recorder.completion(tx, batch.messageId);
    });
  }

  private async apply(tx: Queryable, locked: BatchRow, reports: readonly RecipientReport[]): Promise<void> {
    const known = locked.ofList ? await this.meet(tx, locked, reports) : locked;
    await this.deps.recorder.reports(tx, known, reports.filter(saysMoreThanItsBatch));
  }

  /** Of a mail to a list the provider tells whom it goes to: they become recipients, and count as sent to. */
  private async meet(tx: Queryable, batch: BatchRow, reports: readonly RecipientReport[]): Promise<BatchRow> {
    const met = await this.deps.listed.insert(tx, batch, reports);
    if (met.inserted > 0) await this.deps.attempts.addUsage(tx, batch.provider, met.inserted);
    return met.batch;
  }

  private async finish(
    provider: EmailProvider,
    batch: BatchRow,
    result: PollResult,
    last: readonly RecipientReport[],
  ): Promise<void> {
    const { database, tracking, recorder } = this.deps;
    await database.transaction(async (tx) => {
      const before = await tracking.lock(tx, batch.id);
      if (before === undefined) return;
      if (last.length > 0) await this.apply(tx, before, last);
      // What the reports have moved decides how it goes on.
      const locked = last.length > 0 ? await tracking.lock(tx, batch.id) : before;
      if (locked === undefined) return;
      const next = this.next(provider, locked, result);
      await this.tell(tx, locked, next);
      await tracking.finishPoll(tx, batch.id, next);
      await recorder.completion(tx, batch.messageId);
    });
  }

  private async tell(tx: Queryable, batch: BatchRow, { status, listed }: NextPoll): Promise<void> {
    const { tracking, recorder } = this.deps;
    const ends = status === 'expired' || status === 'failed' || status === 'cancelled';
    if (ends) await recorder.events.insert(tx, [followersEvent(batch, status)]);
    if (listed !== true || batch.listed) return;
    const data = { recipientCount: batch.recipientCount, batchCount: 1, rejected: 0 };
    await recorder.events.insert(tx, [messageEvent('message.expanded', batch.messageId, data)]);
    if (batch.recipientCount === 0) await tracking.warn(tx, batch.messageId, NOBODY_LISTED);
  }

  private next(provider: EmailProvider, batch: BatchRow, result: PollResult): NextPoll {
    if (!batch.ofList) return this.nextOfKnown(provider, batch, result);
    const listed = batch.listed || result.listed === true;
    const { cursor, ended } = result;
    if (ended !== undefined && batch.settledAt === null) return { status: ended, cursor, listed };
    // Nothing open among those who are known says nothing of the others.
    if (listed) return { ...this.nextOfKnown(provider, batch, result), listed };
    return this.nextOfOpen(batch, result);
  }

  private nextOfKnown(provider: EmailProvider, batch: BatchRow, result: PollResult): NextPoll {
    const { timing } = this.deps;
    const { cursor } = result;
    const ageMs = this.msSince(batch.submittedAt);
    const nothingOpen = batch.followerCount === 0 && ageMs >= timing.sentFinalMs;
    if (nothingOpen || allFinal(batch)) return this.aftercare(provider, batch, cursor);
    return this.nextOfOpen(batch, result);
  }

  private nextOfOpen(batch: BatchRow, result: PollResult): NextPoll {
    const { timing } = this.deps;
    const { cursor } = result;
    const ageMs = this.msSince(batch.submittedAt);
    if (ageMs >= timing.expireMs) return { status: 'expired', cursor };
    const status = result.begun || batch.status === 'sending' ? 'sending' : 'submitted';
    return { status, cursor, delayMs: nextPollMs(ageMs, result.moved, timing) };
  }

  /** Opens and late bounces come after everything is final; only some providers tell them. */
  private aftercare(provider: EmailProvider, batch: BatchRow, cursor: unknown): NextPoll {
    const settledMs = batch.settledAt === null ? 0 : this.msSince(batch.settledAt);
    const { openTracking } = provider.capabilities.features;
    const delayMs = openTracking ? aftercareMs(settledMs, this.deps.timing) : undefined;
    return { status: 'settled', cursor, ...(delayMs !== undefined && { delayMs }) };
  }

  private msSince(time: Date | null): number {
    return this.deps.clock.now().getTime() - (time?.getTime() ?? 0);
  }

  private async failed(batch: BatchRow, error: unknown): Promise<void> {
    const { tracking, timing, log } = this.deps;
    if (this.deps.stopping.aborted) return tracking.failPoll(batch.id, 0);
    const known = error instanceof ProviderUnavailableError;
    if (known) log.warn({ batchId: batch.id, provider: batch.provider, problem: error.message }, 'poll failed');
    else log.error({ err: error, batchId: batch.id }, 'poll failed');
    const retryAfterMs = known ? (error.retryAfterMs ?? 0) : 0;
    await tracking.failPoll(batch.id, Math.max(backoffMs(batch.pollFailures, timing), retryAfterMs));
  }
}

const NOBODY_LISTED = "The provider's list had no recipient when the message went out.";

/** A poll of a large request makes many calls; each has its own timeout, this bounds them all. */
const POLL_PATIENCE = 20;

/** `submitted` and `sending` are told of the batch as a whole; a row of its own for each recipient would double the writes. */
const saysMoreThanItsBatch = ({ status, openedAt, unknownStatus }: RecipientReport): boolean =>
  openedAt !== undefined || unknownStatus !== undefined || (status !== 'submitted' && status !== 'sending');

const allFinal = ({ followerCount, counts }: BatchRow): boolean =>
  followerCount === 0 && Object.entries(counts).every(([status, n]) => n === 0 || isFinal(status as RecipientStatus));

const trackedRequest = (batch: BatchRow, delivery: Delivery): TrackedRequest => ({
  requestId: batch.providerRequestId ?? '',
  operation: batch.operation ?? '',
  category: batch.category,
  delivery,
  recipientCount: batch.recipientCount,
  ofList: batch.ofList,
  acceptedAt: batch.submittedAt ?? batch.dueAt,
  cursor: batch.pollCursor ?? undefined,
});
