import type { EmailProvider, PollResult, RecipientReport } from '@gateway/core';
import type {
  AttemptRepository,
  BatchRow,
  Database,
  FinishedPoll,
  ListedRecipientRepository,
  NextPoll,
  Queryable,
  ReportedBatch,
  TrackingRepository,
} from '@gateway/database';
import { Coalescer, type Clock } from '@gateway/platform';
import { followersEvent, messageEvent } from '../delivery-events.js';
import type { Recorder } from '../record.js';
import type { Timing } from '../timing.js';
import { nextPoll } from './next-poll.js';

/** What a provider has answered about a request; of its reports only those that are not written yet. */
export interface Polled {
  readonly provider: EmailProvider;
  readonly batch: BatchRow;
  readonly result: PollResult;
  readonly last: readonly RecipientReport[];
}

/** A batch of more takes the database as long as many small ones. */
const SMALL = 100;

/** Writes what providers tell of requests, and decides when to ask again; of small batches, many together. */
export class PollRecorder {
  /** One at a time: what is answered meanwhile waits for the disk together. */
  private readonly small = new Coalescer((all: readonly Polled[]) => this.finishTogether(all), {
    atOnce: 1,
    most: 100,
  });

  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly attempts: AttemptRepository;
      readonly tracking: TrackingRepository;
      readonly listed: ListedRecipientRepository;
      readonly recorder: Recorder;
      readonly timing: Timing;
      readonly clock: Clock;
    },
  ) {}

  /** A page of a poll that goes on, in a transaction of its own: memory and locks stay small whatever the request's size. */
  async write(batch: BatchRow, reports: readonly RecipientReport[]): Promise<void> {
    const { database, tracking, recorder } = this.deps;
    await database.transaction(async (tx) => {
      const locked = await tracking.lock(tx, [batch.id]);
      await this.apply(tx, locked, [{ batch, reports }]);
      await recorder.completion(tx, batch.messageId);
    });
  }

  /** The end of a poll, with what is left of its reports. */
  async finish(polled: Polled): Promise<void> {
    const { recipientCount, ofList } = polled.batch;
    if (recipientCount <= SMALL && !ofList) await this.small.run(polled);
    else await this.finishTogether([polled]);
  }

  private async finishTogether(all: readonly Polled[]): Promise<readonly undefined[]> {
    await this.deps.database.transaction((tx) => this.record(tx, all));
    return all.map(() => undefined);
  }

  private async record(tx: Queryable, all: readonly Polled[]): Promise<void> {
    const { tracking, recorder, timing, clock } = this.deps;
    const ids = all.map(({ batch }) => batch.id);
    const before = await tracking.lock(tx, ids);
    const told = all.filter(({ last }) => last.length > 0).map(({ batch, last }) => ({ batch, reports: last }));
    await this.apply(tx, before, told);
    // What the reports have moved decides how it goes on.
    const after = told.length > 0 ? await tracking.lock(tx, ids) : before;
    const now = clock.now();
    const finished = all.flatMap(({ batch: { id }, provider, result }) => {
      const batch = after.get(id);
      return batch === undefined ? [] : [{ batch, next: nextPoll({ batch, provider, result, now }, timing) }];
    });
    await this.tell(tx, finished);
    await tracking.finishPolls(
      tx,
      finished.map(({ batch, next }): FinishedPoll => ({ batchId: batch.id, next })),
    );
    await recorder.completion(tx, ...new Set(finished.map(({ batch }) => batch.messageId)));
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
      const met = batch.ofList ? await this.meet(tx, batch, reports) : batch;
      known.push({ batch: met, reports: reports.filter(saysMoreThanItsBatch) });
    }
    await this.deps.recorder.reports(tx, known);
  }

  /** Of a mail to a list the provider tells whom it goes to: they become recipients, and count as sent to. */
  private async meet(tx: Queryable, batch: BatchRow, reports: readonly RecipientReport[]): Promise<BatchRow> {
    const met = await this.deps.listed.insert(tx, batch, reports);
    if (met.inserted > 0) await this.deps.attempts.addUsage(tx, batch.provider, met.inserted);
    return met.batch;
  }

  private async tell(tx: Queryable, finished: readonly { batch: BatchRow; next: NextPoll }[]): Promise<void> {
    const { tracking, recorder } = this.deps;
    const ended = finished.flatMap(({ batch, next: { status } }) =>
      isEnd(status) ? [followersEvent(batch, status)] : [],
    );
    await recorder.events.insert(tx, ended);
    for (const { batch, next } of finished) {
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

/** `submitted` and `sending` are told of the batch as a whole; a row of its own for each recipient would double the writes. */
const saysMoreThanItsBatch = ({ status, openedAt, unknownStatus }: RecipientReport): boolean =>
  openedAt !== undefined || unknownStatus !== undefined || (status !== 'submitted' && status !== 'sending');
