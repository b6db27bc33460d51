import { Inject, Injectable } from '@nestjs/common';
import type { EmailProvider, PollResult, RecipientReport } from '@gateway/core';
import {
  type BatchRow,
  BatchTransitions,
  Database,
  type FinishedPoll,
  ListedRecipientRepository,
  type NextPoll,
  type Queryable,
  QuotaRepository,
  type ReportedBatch,
  TrackingRepository,
} from '@gateway/database';
import { CLOCK, CONFIG, type Clock } from '@gateway/platform';
import { Coalescer } from '../../shared/coalescer.js';
import { messageEvent } from '../../events/delivery-events.js';
import { Recorder } from '../../shared/record.js';
import type { Timing } from '../../shared/timing.js';
import { nextPoll } from './next-poll.js';

/** A provider's answer about a request, with only those of its reports that are not written yet. */
export interface Polled {
  readonly provider: EmailProvider;
  readonly batch: BatchRow;
  readonly result: PollResult;
  /** How long it took to ask for it. */
  readonly tookMs: number;
  readonly last: readonly RecipientReport[];
}

/** Part of a poll's answer, to be written. */
interface Page {
  readonly batch: BatchRow;
  readonly reports: readonly RecipientReport[];
  /** With the last page. */
  readonly end?: Pick<Polled, 'provider' | 'result' | 'tookMs'>;
}

/** Writes providers' reports on requests and schedules the next polls, for many requests at a time. */
@Injectable()
export class PollRecorder {
  /**
   * Pages that arrive during a write are written together next. Written one by one, the requests of one campaign would
   * queue for the lock on its message, each with a connection of its own.
   */
  private readonly pages = new Coalescer((all: readonly Page[]) => this.writeTogether(all), {
    atOnce: 2,
    most: 100,
    weightOf: ({ reports }: Page) => reports.length,
    mostWeight: 2000,
  });

  constructor(
    private readonly database: Database,
    private readonly quota: QuotaRepository,
    private readonly transitions: BatchTransitions,
    private readonly tracking: TrackingRepository,
    private readonly listed: ListedRecipientRepository,
    private readonly recorder: Recorder,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Writes one page of a poll that continues, so that memory and locks stay small for requests of any size. */
  async write(batch: BatchRow, reports: readonly RecipientReport[]): Promise<void> {
    await this.pages.run({ batch, reports });
  }

  /** The end of a poll, with what is left of its reports. */
  async finish({ batch, last, ...end }: Polled): Promise<void> {
    await this.pages.run({ batch, reports: last, end });
  }

  private async writeTogether(all: readonly Page[]): Promise<readonly undefined[]> {
    await this.database.repeatable((tx) => this.record(tx, all));
    return all.map(() => undefined);
  }

  private async record(tx: Queryable, all: readonly Page[]): Promise<void> {
    const { tracking, recorder } = this;
    const ids = all.map(({ batch }) => batch.id);
    const before = await tracking.lock(tx, ids);
    await this.apply(tx, before, all);
    // The next poll depends on the state after the reports.
    const after = all.some(({ reports }) => reports.length > 0) ? await tracking.lock(tx, ids) : before;
    await this.finishPolls(tx, after, all);
    await recorder.completion(tx, ...new Set([...after.values()].map(({ messageId }) => messageId)));
  }

  private async finishPolls(
    tx: Queryable,
    batches: ReadonlyMap<string, BatchRow>,
    all: readonly Page[],
  ): Promise<void> {
    const { transitions, timing, clock } = this;
    const now = clock.now();
    const finished = all.flatMap(({ batch: { id }, end }) => {
      const batch = batches.get(id);
      return end === undefined || batch === undefined
        ? []
        : [{ batch, next: nextPoll({ batch, ...end, now }, timing) }];
    });
    if (finished.length === 0) return;
    await this.tell(tx, finished);
    await transitions.finishPolls(
      tx,
      finished.map(({ batch, next }): FinishedPoll => ({ batchId: batch.id, next })),
    );
  }

  /** @param locked those of the reports' batches that are still followed, as they are now. */
  private async apply(
    tx: Queryable,
    locked: ReadonlyMap<string, BatchRow>,
    told: readonly ReportedBatch[],
  ): Promise<void> {
    const known: ReportedBatch[] = [];
    for (const {
      batch: { id },
      reports,
    } of told) {
      const batch = locked.get(id);
      if (batch === undefined) continue;
      const met = batch.ofList && reports.length > 0 ? await this.meet(tx, batch, reports) : batch;
      known.push({ batch: met, reports: reports.filter(saysMoreThanItsBatch) });
    }
    await this.recorder.reports(tx, known);
  }

  /** For list mail, the provider reports the recipients: they are added to the message, and to the quota in use. */
  private async meet(tx: Queryable, batch: BatchRow, reports: readonly RecipientReport[]): Promise<BatchRow> {
    const met = await this.listed.insert(tx, batch, reports);
    if (met.inserted > 0) await this.quota.add(tx, batch.provider, met.inserted);
    return met.batch;
  }

  private async tell(tx: Queryable, finished: readonly { batch: BatchRow; next: NextPoll }[]): Promise<void> {
    const { tracking, recorder } = this;
    for (const { batch, next } of finished) {
      const { status } = next;
      if (isEnd(status)) {
        const followers = await recorder.followers(tx, batch, status, status === 'expired' ? { reason: status } : {});
        await recorder.events.insert(tx, followers);
      }
      if (next.listed !== true || batch.listed) continue;
      const data = { recipientCount: batch.recipientCount, batchCount: 1, rejected: 0 };
      await recorder.events.insert(tx, [messageEvent('message.expanded', batch.messageId, data)]);
      if (batch.recipientCount === 0) await tracking.warn(tx, batch.messageId, NOBODY_LISTED);
    }
  }
}

type EndStatus = Extract<NextPoll['status'], 'expired' | 'failed' | 'cancelled'>;

/** Decides what becomes of those who still follow the batch. */
const isEnd = (status: NextPoll['status']): status is EndStatus =>
  status === 'expired' || status === 'failed' || status === 'cancelled';

const NOBODY_LISTED = "The provider's list had no recipient when the message went out.";

/** The batch as a whole records `submitted` and `sending`; a row for each recipient would double the writes. */
const saysMoreThanItsBatch = ({ status, openedAt, unknownStatus }: RecipientReport): boolean =>
  openedAt !== undefined || unknownStatus !== undefined || (status !== 'submitted' && status !== 'sending');
