import { Inject, Injectable } from '@nestjs/common';
import type { PostponedRecipient, ProviderWords, RecipientReport } from '@gateway/core';
import {
  type BatchRow,
  BatchTransitions,
  Database,
  isRequestIdTaken,
  type Queryable,
  ReconcileRepository,
} from '@gateway/database';
import { CONFIG, LOGGER, type Logger, newUuid } from '@gateway/platform';
import { batchEvent } from '../../events/delivery-events.js';
import { leaseOf, LeaseLostError, mustHold } from '../../shared/lease.js';
import { Recorder } from '../../shared/record.js';
import { backoffMs, effectiveLeaseMs, type Timing } from '../../shared/timing.js';
import { BatchHolder } from '../dispatch/hold-batches.js';
import { BatchEndings, type TakenBatch } from './batch-endings.js';
import { runsOf, type Run } from './part-runs.js';

/** Maximum batches that one request is split into: each is a row, and a postponed one is a request of its own. */
const MOST_PARTS = 1000;

/** Others may become parts of the same request at the same moment. */
const MOST_TRIES = 5;

interface Postponement {
  readonly taken: TakenBatch;
  readonly postponed: readonly PostponedRecipient[];
  readonly runs: readonly Run[];
}

/**
 * Writes a request that a provider took without some of its recipients, who may be sent to later. A batch is a range of
 * recipients, so the batch is replaced by parts: those that the provider has share the id of its request, the others
 * wait and are sent again like any batch. A request that the provider answered with the id of another one
 * becomes a part of that: it was taken, so it must not be sent again.
 */
@Injectable()
export class PartTaker {
  constructor(
    private readonly database: Database,
    private readonly transitions: BatchTransitions,
    private readonly reconcile: ReconcileRepository,
    private readonly endings: BatchEndings,
    private readonly recorder: Recorder,
    private readonly holder: BatchHolder,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * @returns false when another worker has taken the batch meanwhile: then nothing of it is written. @throws an error
   * that is `isRequestIdTaken` when another batch has the request, and both cannot be right.
   */
  async take(taken: TakenBatch, postponed: readonly PostponedRecipient[]): Promise<boolean> {
    let firstPart = 0;
    for (let left = MOST_TRIES; ; left -= 1) {
      try {
        return await this.write({ ...taken, firstPart }, postponed);
      } catch (error) {
        const part = left > 0 && isRequestIdTaken(error) ? await this.partOf(taken) : undefined;
        if (part === undefined) throw error;
        firstPart = part;
      }
    }
  }

  /**
   * The number that the batch gets beside those that have its request; `undefined`: it must not share it. Answers are
   * about the request that was posted, so all are right. A look-up may have found the request of another batch.
   */
  private async partOf({ batch, requestId, how }: TakenBatch): Promise<number | undefined> {
    if (how === 'adopted') return undefined;
    const { id: batchId, provider } = batch;
    const { next, adopted } = await this.reconcile.findParts(provider, requestId);
    this.log.warn({ batchId, provider, requestId, adopted }, 'the provider gave the id of another request');
    return adopted ? undefined : next;
  }

  private async write(taken: TakenBatch, postponed: readonly PostponedRecipient[]): Promise<boolean> {
    const delayMs = Math.max(backoffMs(0, this.timing), ...postponed.map(({ retryAfterMs }) => retryAfterMs ?? 0));
    try {
      const waiting = await this.database.repeatable((tx) => this.record(tx, { taken, postponed }, delayMs));
      for (const part of waiting) this.holder.enqueue(part, { delayMs, failover: undefined });
      return true;
    } catch (error) {
      if (error instanceof LeaseLostError) return false;
      throw error;
    }
  }

  /** @returns the parts that wait. @throws LeaseLostError; nothing of `tx` may stay then. */
  private async record(
    tx: Queryable,
    { taken, postponed }: Omit<Postponement, 'runs'>,
    delayMs: number,
  ): Promise<readonly BatchRow[]> {
    const { batch } = taken;
    if (postponed.length === 0) return this.takeWhole(tx, taken);
    const addresses = postponed.map(({ address }) => address);
    const found = await this.recorder.tracking.findFollowers(tx, batch, addresses);
    const range = { from: batch.positionFrom, to: batch.positionTo };
    const runs = runsOf(
      range,
      found.map(({ position }) => position),
    );
    if (runs.every((run) => !run.postponed)) return this.takeWhole(tx, taken);
    if (runs.length <= MOST_PARTS) return this.takeParts(tx, { taken, postponed, runs }, delayMs);
    return this.takeWhole(tx, {
      ...taken,
      refusedRecipients: [...taken.refusedRecipients, ...postponed.map(refusedForGood)],
    });
  }

  private async takeWhole(tx: Queryable, taken: TakenBatch): Promise<readonly BatchRow[]> {
    mustHold((await this.endings.takeBatches(tx, [taken])).has(taken.batch.id));
    return [];
  }

  private async takeParts(tx: Queryable, { taken, postponed, runs }: Postponement, delayMs: number) {
    const { transitions, endings, recorder, timing } = this;
    const { batch } = taken;
    const why = whyOf(batch, postponed);
    await endings.recordTaken(tx, [taken], postponed.length);
    const children = runs.map((run) => ({ ...run, id: newUuid() }));
    mustHold(await transitions.replan(tx, leaseOf(batch), { ...why, to: batch.provider, children }));
    const ids = children.map(({ id }) => id);
    const parts = await transitions.claimParts(tx, ids, effectiveLeaseMs(timing));
    const waits = new Set(children.filter((child) => child.postponed).map(({ id }) => id));
    const waiting = parts.filter(({ id }) => waits.has(id));
    await transitions.take(
      tx,
      parts
        .filter(({ id }) => !waits.has(id))
        .map((one, i) => ({
          ...taken,
          lease: leaseOf(one),
          messageId: one.messageId,
          part: (taken.firstPart ?? 0) + i,
        })),
    );
    for (const part of waiting) {
      mustHold(await transitions.defer(tx, leaseOf(part), { ...why, delayMs, untried: 'waits' }));
    }
    await recorder.events.insert(
      tx,
      waiting.map((part) => batchEvent('batch.deferred', part, { reason: why.reason, detail: why.detail, delayMs })),
    );
    await recorder.completion(tx, batch.messageId);
    return waiting;
  }
}

const refusedForGood = ({ address, reason, code, message }: PostponedRecipient): RecipientReport => ({
  address,
  status: 'rejected',
  reason,
  ...(code !== undefined && { code }),
  ...(message !== undefined && { message }),
});

/** The parts that wait show the words about the first recipient. */
function whyOf({ provider: name }: BatchRow, [first]: readonly PostponedRecipient[]) {
  const { reason = 'throttled', code, message } = first ?? {};
  const provider: ProviderWords = {
    name,
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
  };
  return { reason, provider, detail: 'the provider took the request without these recipients for now' };
}
