import { Inject, Injectable } from '@nestjs/common';
import type { Accepted, FoundRequest } from '@gateway/core';
import {
  type BatchRow,
  BatchTransitions,
  Database,
  isRequestIdTaken,
  type Lease,
  type LookedUpBatch,
  type OpenAttemptRow,
  ReconcileRepository,
} from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import { BatchProducer, dispatchQueueName } from '@gateway/queue';
import { batchEvent } from '../../events/delivery-events.js';
import { leaseOf } from '../../shared/lease.js';
import { MOST_LOSSES } from '../../shared/losses.js';
import { Recorder } from '../../shared/record.js';
import { backoffMs, type Timing } from '../../shared/timing.js';
import { BatchEndings } from '../endings/batch-endings.js';
import { PartTaker } from '../endings/part-taker.js';
import { firstPollMs } from '../track/poll-schedule.js';

/** A request that a provider turned out to have; a repeat also reports the recipients that it left out. */
export type Adoptable = FoundRequest &
  Partial<Pick<Accepted, 'refusedRecipients' | 'postponedRecipients' | 'recipientIds'>>;

/** When the doubt is looked at again, and why it still stands. */
export interface NextLook {
  readonly detail: string;
  readonly delayMs: number;
  /** Was the provider asked? Then the look counts, and the pauses grow. */
  readonly counts: boolean;
}

/** An expiry that is looked at exactly when it is due may be a moment too early by the database's clock. */
const AFTER_EXPIRY_MS = 1000;

/** Ends the doubt about a batch whose request may have been taken, or lets it wait. */
@Injectable()
export class DoubtEndings {
  constructor(
    private readonly database: Database,
    private readonly transitions: BatchTransitions,
    private readonly endings: BatchEndings,
    private readonly parts: PartTaker,
    private readonly reconcile: ReconcileRepository,
    private readonly recorder: Recorder,
    private readonly producer: BatchProducer,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * The provider has the request. @returns false when another worker has the batch meanwhile, or another batch the
   * request: then the batch stays in doubt.
   */
  async adopt(batch: BatchRow, attempts: readonly OpenAttemptRow[], found: Adoptable): Promise<boolean> {
    const { parts, timing, log } = this;
    const { postponedRecipients = [], ...request } = found;
    const adopted = {
      refusedRecipients: [],
      ...request,
      batch,
      firstPollMs: firstPollMs(batch.recipientCount, timing),
      how: 'adopted' as const,
      attempts: attempts.map(({ number }) => number),
    };
    const about = { batchId: batch.id, provider: batch.provider };
    try {
      const held = await parts.take(adopted, postponedRecipients);
      if (held) log.info(about, 'the request is adopted');
      return held;
    } catch (error) {
      if (!isRequestIdTaken(error)) throw error;
      log.warn({ ...about, requestId: found.requestId }, 'another batch has the request that was found');
      return false;
    }
  }

  /** The provider does not have the request: it is sent again as a new one. */
  async resend(batch: LookedUpBatch): Promise<void> {
    const lease = leaseOf(batch);
    if (batch.lossCount >= MOST_LOSSES) return this.giveUp(batch, lease);
    const { database, transitions, reconcile, recorder, producer, log } = this;
    const free = await database.repeatable(async (tx) => {
      if (!(await transitions.resend(tx, lease))) return false;
      await reconcile.closeAbsent(tx, batch.id);
      await recorder.events.insert(tx, [batchEvent('batch.resent', batch, { lookups: batch.lookupCount + 1 })]);
      return true;
    });
    if (!free) return;
    log.warn({ batchId: batch.id, provider: batch.provider }, 'the provider does not have it; it is sent again');
    await producer.enqueue(dispatchQueueName(batch.provider, batch.category), [batch.id]);
  }

  /** It has not arrived, and its worker was lost each time: it is reported as failed instead of tried for ever. */
  private async giveUp(batch: BatchRow, lease: Lease): Promise<void> {
    const { database, endings, reconcile, log } = this;
    const detail = `its worker was lost ${batch.lossCount} times while it was being posted`;
    await database.repeatable(async (tx) => {
      const failing = { id: batch.id, token: lease.token };
      if (await endings.failBatch(tx, failing, { reason: 'unknown', detail }))
        await reconcile.closeAbsent(tx, batch.id);
    });
    log.error({ batchId: batch.id, losses: batch.lossCount }, 'a batch has failed');
  }

  /** The provider could not be asked: no look-up counts, and nothing is sent, however long that takes. */
  async wait(batch: LookedUpBatch, attempts: readonly OpenAttemptRow[], detail: string): Promise<void> {
    const delayMs = backoffMs(batch.lookupCount + 1, this.timing);
    await this.askLater(batch, attempts, { detail, delayMs, counts: false });
  }

  scheduleLookup(batch: LookedUpBatch, next: NextLook): Promise<boolean> {
    return this.reconcile.scheduleLookup(leaseOf(batch), next);
  }

  /** Asks again after `delayMs`, unless the batch is too old. */
  async askLater(batch: LookedUpBatch, attempts: readonly OpenAttemptRow[], next: NextLook): Promise<void> {
    if (this.expiresInMs(batch, attempts) < 0) return this.expire(batch, next.detail);
    await this.scheduleLookup(batch, next);
  }

  /** No provider can be asked: the batch is left alone until it expires, or until the provider reports by itself. */
  async leaveAlone(batch: LookedUpBatch, attempts: readonly OpenAttemptRow[], detail: string): Promise<void> {
    const delayMs = this.expiresInMs(batch, attempts) + AFTER_EXPIRY_MS;
    await this.askLater(batch, attempts, { detail, delayMs, counts: false });
  }

  /** Counted from the last request, too: one that was sent late has its time to be found. */
  private expiresInMs(batch: LookedUpBatch, attempts: readonly OpenAttemptRow[]): number {
    const begun = [batch.dueAt, ...attempts.map(({ startedAt }) => startedAt)].map((time) => time.getTime());
    return Math.max(...begun) + this.timing.expireMs - batch.claimedAt.getTime();
  }

  /** It is never sent again, since the provider may have it. */
  private async expire(batch: BatchRow, problem: string): Promise<void> {
    const { database, endings, timing, log } = this;
    const detail = `whether ${batch.provider} has it could not be found out in time: ${problem}`;
    await database.repeatable((tx) =>
      endings.expireDoubt(tx, { lease: leaseOf(batch) }, { expireMs: timing.expireMs, detail }),
    );
    log.error({ batchId: batch.id, provider: batch.provider }, 'expired in doubt; it may have been sent');
  }
}
