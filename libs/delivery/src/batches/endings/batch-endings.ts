import { Injectable } from '@nestjs/common';
import type { RecipientId, RecipientReport } from '@gateway/core';
import {
  AttemptRepository,
  type BatchRow,
  BatchTransitions,
  type Doubted,
  type FailingBatch,
  MessageRepository,
  type Queryable,
  QuotaRepository,
  type WhyNot,
} from '@gateway/database';
import { batchEvent, refusedEvent } from '../../events/delivery-events.js';
import { leaseOf } from '../../shared/lease.js';
import { Recorder } from '../../shared/record.js';

/** A batch whose request a provider has. */
export interface TakenBatch {
  readonly batch: BatchRow;
  readonly requestId: string;
  readonly operation: string;
  readonly httpStatus?: number | undefined;
  /** Time of the first poll, in milliseconds from now. */
  readonly firstPollMs: number;
  /** `adopted`: the answer never came, and the request was found, repeated or reported since. */
  readonly how: 'accepted' | 'adopted';
  /** Numbers of the attempts whose outcome this is. */
  readonly attempts: readonly number[];
  /** Recipients that the provider left out. */
  readonly refusedRecipients: readonly RecipientReport[];
  readonly recipientIds?: readonly RecipientId[] | undefined;
  /** Number of its first batch among those that share the request's id; absent: 0. */
  readonly firstPart?: number;
}

/**
 * How the gateway's own part in a batch ends: a provider takes it, it fails, or its time is over. Each method writes
 * the batch with everything that follows from it (attempts, recipients, events, the end of the message) in the caller's
 * transaction.
 */
@Injectable()
export class BatchEndings {
  constructor(
    private readonly transitions: BatchTransitions,
    private readonly attempts: AttemptRepository,
    private readonly quota: QuotaRepository,
    private readonly messages: MessageRepository,
    private readonly recorder: Recorder,
  ) {}

  /** @returns the ids of the batches whose lease was held; the others are not changed. */
  async takeBatches(tx: Queryable, all: readonly TakenBatch[]): Promise<ReadonlySet<string>> {
    const held = await this.transitions.take(
      tx,
      all.map(({ batch, requestId, operation, firstPollMs, firstPart: part = 0 }) => ({
        lease: leaseOf(batch),
        messageId: batch.messageId,
        requestId,
        operation,
        firstPollMs,
        part,
      })),
    );
    const ours = all.filter(({ batch }) => held.has(batch.id));
    if (ours.length === 0) return held;
    await this.recordTaken(tx, ours);
    // Where no recipient was refused, they are under way now, and no message is complete.
    const refused = ours.filter(({ refusedRecipients }) => refusedRecipients.length > 0);
    if (refused.length > 0) await this.recorder.completion(tx, ...messagesOf(refused.map(({ batch }) => batch)));
    return held;
  }

  /**
   * Writes what follows from requests that were taken, for batches that the caller holds: attempts, events, the ids of
   * recipients and those that were refused. @param postponed how many recipients the one batch of `taken` keeps for later.
   */
  async recordTaken(tx: Queryable, taken: readonly TakenBatch[], postponed = 0): Promise<void> {
    const { attempts, recorder } = this;
    await attempts.finishTaken(tx, taken.flatMap(attemptsOf));
    await recorder.events.insert(tx, taken.map(takenEvent));
    for (const { batch, recipientIds = [] } of taken) {
      if (recipientIds.length > 0) await recorder.tracking.noteMailIds(tx, batch, recipientIds);
    }
    await this.recordRefused(tx, taken, postponed);
  }

  private async recordRefused(tx: Queryable, taken: readonly TakenBatch[], postponed: number): Promise<void> {
    const some = taken.filter(({ refusedRecipients }) => refusedRecipients.length + postponed > 0);
    if (some.length === 0) return;
    await this.recorder.reports(
      tx,
      some.map(({ batch, refusedRecipients }) => ({
        batch: { ...batch, status: 'submitted' },
        reports: refusedRecipients,
      })),
    );
    for (const { batch, refusedRecipients } of some) {
      await this.quota.giveBack(tx, batch.id, batch.attemptCount, refusedRecipients.length + postponed);
    }
  }

  /** @returns false, and writes nothing, when the lease is lost or a batch without a token no longer waits. */
  async failBatch(tx: Queryable, batch: FailingBatch, why: WhyNot): Promise<boolean> {
    return (await this.failBatches(tx, [batch], why)) === 1;
  }

  /** @returns how many of them have failed. */
  async failBatches(tx: Queryable, batches: readonly FailingBatch[], why: WhyNot): Promise<number> {
    if (batches.length === 0) return 0;
    const failed = await this.transitions.fail(tx, batches, why);
    for (const batch of failed) {
      const followers = await this.recorder.followers(tx, batch, 'failed', why);
      await this.recorder.events.insert(tx, [refusedEvent(batch, why), ...followers]);
    }
    await this.recorder.completion(tx, ...messagesOf(failed));
    return failed.length;
  }

  /** Ends what no provider has taken within `expireMs` of its due time. */
  async expireBatches(tx: Queryable, expireMs: number, limit: number): Promise<void> {
    await this.tellExpired(tx, await this.transitions.expire(tx, expireMs, limit), 'expired');
  }

  /** Ends what was not released within `expireMs` of its due time. */
  async expireHeld(tx: Queryable, expireMs: number, limit: number): Promise<void> {
    await this.tellExpired(tx, await this.transitions.expireHeld(tx, expireMs, limit), 'expired');
    const audiences = await this.messages.expireHeld(tx, expireMs, limit);
    if (audiences.length > 0) await this.recorder.completion(tx, ...audiences);
  }

  /**
   * Ends batches for which it stayed unknown for `expireMs` whether a provider has them. They are not sent again: their
   * attempts stay `unconfirmed`. @returns how many.
   */
  async expireDoubt(
    tx: Queryable,
    doubted: Doubted,
    why: { readonly expireMs: number; readonly detail: string },
  ): Promise<number> {
    const expired = await this.transitions.expireDoubt(tx, doubted, why);
    if (expired.length === 0) return 0;
    await this.attempts.closeDoubted(
      tx,
      expired.map(({ id }) => id),
    );
    await this.tellExpired(tx, expired, 'unknown');
    return expired.length;
  }

  private async tellExpired(tx: Queryable, expired: readonly BatchRow[], reason: 'expired' | 'unknown'): Promise<void> {
    if (expired.length === 0) return;
    for (const batch of expired) {
      await this.recorder.events.insert(tx, await this.recorder.followers(tx, batch, 'expired', { reason }));
    }
    await this.recorder.completion(tx, ...messagesOf(expired));
  }
}

const attemptsOf = ({ batch, attempts, how, operation, httpStatus }: TakenBatch) =>
  attempts.map((number) => ({ batchId: batch.id, number, outcome: how, operation, httpStatus }));

const takenEvent = ({ batch, how, requestId, operation }: TakenBatch) =>
  how === 'adopted'
    ? batchEvent('batch.adopted', batch, { requestId })
    : batchEvent('batch.accepted', batch, { requestId, operation });

const messagesOf = (batches: readonly BatchRow[]): ReadonlySet<string> =>
  new Set(batches.map(({ messageId }) => messageId));
