import type { Reason } from '@gateway/core';
import {
  LONGEST_QUEUE_DELAY_MS,
  type BatchRow,
  type Database,
  type DispatchRepository,
  type Failover,
  type FailoverRepository,
  type Lease,
  type Queryable,
} from '@gateway/database';
import type { Logger } from '@gateway/platform';
import { dispatchQueueName, type BatchProducer } from '@gateway/queue';
import { batchEvent, followersEvent } from '../delivery-events.js';
import type { Recorder } from '../record.js';
import type { FailoverPlanner } from './failover.js';

/** Why a claimed batch is not sent now, and what follows from it. */
export interface Hold {
  readonly reason: Reason;
  readonly detail: string;
  /** Until it is tried again where it is. */
  readonly delayMs: number;
  readonly elsewhere: boolean;
  /** No attempt has begun: it had to wait, or what is to be sent could not be made. */
  readonly untried?: 'waits' | 'failed';
}

/** Another worker has taken the batch meanwhile: nothing of this one's transaction may stay. */
export class LeaseLostError extends Error {}

export function mustHold(held: boolean): void {
  if (!held) throw new LeaseLostError();
}

export const leaseOf = (batch: BatchRow): Lease => ({ batchId: batch.id, token: batch.leaseToken });

/** Lets batches wait, move to another account, or fail: what happens to them instead of being sent. */
export class BatchHolder {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly dispatch: DispatchRepository;
      readonly failovers: FailoverRepository;
      readonly failover: FailoverPlanner;
      readonly recorder: Recorder;
      readonly producer: BatchProducer;
      readonly log: Logger;
    },
  ) {}

  /** For a batch of which nothing was tried. A lost lease is no harm: somebody else has it. */
  async hold(batch: BatchRow, why: Hold): Promise<void> {
    const failover = await this.planFailover(batch, why);
    try {
      await this.deps.database.transaction((tx) => this.apply(tx, batch, { ...why, failover }));
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      return;
    }
    this.enqueue(batch, { ...why, failover });
  }

  /** For a batch that never can be sent. */
  async fail(batch: BatchRow, why: { readonly reason: Reason; readonly detail: string }): Promise<void> {
    const { database, dispatch, recorder } = this.deps;
    await database.transaction(async (tx) => {
      if (!(await dispatch.markFailed(tx, leaseOf(batch), why))) return;
      await recorder.events.insert(tx, [
        batchEvent('batch.refused', batch, { reason: why.reason, message: why.detail }),
        followersEvent(batch, 'failed'),
      ]);
      await recorder.completion(tx, batch.messageId);
    });
  }

  planFailover(batch: BatchRow, why: Hold): Promise<Failover | undefined> {
    return why.elsewhere ? this.deps.failover.plan(batch, why) : Promise.resolve(undefined);
  }

  /** @throws LeaseLostError; the caller's transaction must not be committed then. */
  async apply(tx: Queryable, batch: BatchRow, why: Hold & { readonly failover: Failover | undefined }): Promise<void> {
    const { dispatch, failovers, recorder } = this.deps;
    const { reason, detail, delayMs, failover } = why;
    const told = { reason, detail, ...(failover ? { failover: failover.to } : { delayMs }) };
    await recorder.events.insert(tx, [batchEvent('batch.deferred', batch, told)]);
    mustHold(
      failover === undefined
        ? await dispatch.markDeferred(tx, leaseOf(batch), why)
        : await failovers.replan(tx, leaseOf(batch), failover),
    );
  }

  /** After the transaction; a failure is harmless, the sweep finds what is due. */
  enqueue(batch: BatchRow, { delayMs, failover }: Pick<Hold, 'delayMs'> & { failover: Failover | undefined }): void {
    if (failover === undefined && delayMs > LONGEST_QUEUE_DELAY_MS) return;
    const queueName = dispatchQueueName(failover?.to ?? batch.provider, batch.category);
    const batchIds = failover?.children.map(({ id }) => id) ?? [batch.id];
    const delay = failover === undefined ? delayMs : 0;
    this.deps.producer.enqueue(queueName, batchIds, delay).catch((error: unknown) => {
      this.deps.log.warn({ err: error, queueName }, 'not enqueued; the recovery sweep will');
    });
  }
}
