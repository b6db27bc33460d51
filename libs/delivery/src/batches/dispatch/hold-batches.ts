import { Inject, Injectable } from '@nestjs/common';
import type { Category, ProviderWords, Reason } from '@gateway/core';
import { type BatchRow, BatchTransitions, Database, LONGEST_QUEUE_DELAY_MS, type Queryable } from '@gateway/database';
import { LOGGER, type Logger } from '@gateway/platform';
import { BatchProducer, dispatchQueueName } from '@gateway/queue';
import { batchEvent } from '../../events/delivery-events.js';
import { leaseOf, LeaseLostError, mustHold } from '../../shared/lease.js';
import { Recorder } from '../../shared/record.js';
import type { Obstacle } from '../../accounts/account-gate.js';
import { type Failover, FailoverPlanner } from './failover.js';

/** Why a claimed batch is not sent now, and what follows from it. */
export interface Hold {
  readonly reason: Reason;
  readonly detail: string;
  /** The provider's own words, if it gave the reason. */
  readonly provider?: ProviderWords;
  /** Milliseconds until it is tried again at the same account. */
  readonly delayMs: number;
  readonly elsewhere: boolean;
  /** Set when no attempt has begun: the batch had to wait, or its content could not be prepared. */
  readonly untried?: 'waits' | 'failed';
}

/** Lets batches wait or move to another account instead of being sent. */
@Injectable()
export class BatchHolder {
  constructor(
    private readonly database: Database,
    private readonly transitions: BatchTransitions,
    private readonly failover: FailoverPlanner,
    private readonly recorder: Recorder,
    private readonly producer: BatchProducer,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** For a batch that may not go now: it waits for its time, moves to another account, or stays as it is. */
  async holdBack(batch: BatchRow, { delayMs, ...why }: Obstacle): Promise<void> {
    if (delayMs !== undefined) return this.hold(batch, { ...why, delayMs, untried: 'waits' });
    const hold = { ...why, delayMs: 0 };
    const failover = await this.planFailover(batch, hold);
    if (failover === undefined) return this.transitions.leave(leaseOf(batch));
    return this.write(batch, { ...hold, failover });
  }

  /** For a batch without an attempt. A lost lease does no harm: another worker has the batch. */
  async hold(batch: BatchRow, why: Hold): Promise<void> {
    return this.write(batch, { ...why, failover: await this.planFailover(batch, why) });
  }

  private async write(batch: BatchRow, why: Hold & { readonly failover: Failover | undefined }): Promise<void> {
    try {
      await this.database.repeatable((tx) => this.apply(tx, batch, why));
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      return;
    }
    this.enqueue(batch, why);
  }

  planFailover(batch: BatchRow, why: Hold): Promise<Failover | undefined> {
    return why.elsewhere ? this.failover.plan(batch, why) : Promise.resolve(undefined);
  }

  /** @throws LeaseLostError; the caller's transaction must not be committed then. */
  async apply(tx: Queryable, batch: BatchRow, why: Hold & { readonly failover: Failover | undefined }): Promise<void> {
    const { transitions, recorder } = this;
    const { reason, detail, delayMs, failover } = why;
    const told = { reason, detail, ...(failover ? { failover: failover.to } : { delayMs }) };
    await recorder.events.insert(tx, [batchEvent('batch.deferred', batch, told)]);
    mustHold(
      failover === undefined
        ? await transitions.defer(tx, leaseOf(batch), why)
        : await transitions.replan(tx, leaseOf(batch), failover),
    );
  }

  /** After the transaction; a failure is harmless, the sweep finds what is due. */
  enqueue(batch: BatchRow, { delayMs, failover }: Pick<Hold, 'delayMs'> & { failover: Failover | undefined }): void {
    if (failover === undefined && delayMs > LONGEST_QUEUE_DELAY_MS) return;
    const batchIds = failover?.children.map(({ id }) => id) ?? [batch.id];
    this.enqueueAt(failover?.to ?? batch.provider, batch.category, batchIds, failover === undefined ? delayMs : 0);
  }

  /** The same for the parts of a batch, which are due at once. */
  enqueueParts(batch: BatchRow, partIds: readonly string[]): void {
    if (partIds.length > 0) this.enqueueAt(batch.provider, batch.category, partIds, 0);
  }

  private enqueueAt(account: string, category: Category, batchIds: readonly string[], delay: number): void {
    const queueName = dispatchQueueName(account, category);
    this.producer.enqueue(queueName, batchIds, delay).catch((error: unknown) => {
      this.log.warn({ err: error, queueName }, 'not enqueued; the recovery sweep will');
    });
  }
}
