import { Injectable } from '@nestjs/common';
import type { ProviderWords, Refused } from '@gateway/core';
import {
  type BatchRow,
  BatchTransitions,
  type Halving,
  HalvingRepository,
  type NewPart,
  type Queryable,
  type WhyNot,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { refusedEvent } from '../../events/delivery-events.js';
import { leaseOf, mustHold } from '../../shared/lease.js';
import { Recorder } from '../../shared/record.js';
import { BatchEndings } from '../endings/batch-endings.js';

/**
 * Refusals of single recipients after which the content is assumed to be at fault, if the account has taken no request
 * of the message. Every halved part gives one more recipient a request of its own, so this is reached after some 25
 * requests, whatever the size of the batch.
 */
const LONE_REFUSALS = 8;

/**
 * Minimum for the limit of parts of one batch: 2,000 isolate any number of recipients in a batch of 1,000. In larger
 * batches a culprit costs about two requests for each time that the batch can be halved.
 */
const LEAST_BUDGET = 2000;
const RECIPIENTS_A_PART = 10;

/** A refusal for good: the reason, and the provider's answer. */
export type FinalRefusal = WhyNot & Pick<Refused, 'culprit'> & { readonly provider: ProviderWords };

/**
 * Ends a batch that a provider has definitely refused. Where that may be one recipient's fault, the batch is halved until
 * the recipient is alone: only that recipient fails. Everybody else is in parts that are batches like any other.
 *
 * Only a definite refusal leads here, so nothing of the batch is at the provider. A doubt about an earlier attempt was
 * settled before the batch was posted again, with the same recipients.
 */
@Injectable()
export class BatchHalver {
  constructor(
    private readonly transitions: BatchTransitions,
    private readonly halvings: HalvingRepository,
    private readonly recorder: Recorder,
    private readonly endings: BatchEndings,
  ) {}

  /**
   * @returns the ids of the parts, to be enqueued; none if the batch failed.
   * @throws LeaseLostError; the caller's transaction must not be committed then.
   */
  async end(tx: Queryable, batch: BatchRow, refusal: FinalRefusal): Promise<readonly string[]> {
    const { transitions, halvings, recorder, endings } = this;
    const children = refusal.culprit === 'perhaps_recipient' ? await this.partsOf(tx, batch, refusal) : [];
    if (children.length === 0) {
      mustHold(await endings.failBatch(tx, { id: batch.id, token: batch.leaseToken }, refusal));
      return [];
    }
    const ids = children.map(({ id }) => id);
    const first = firstOf(batch);
    await recorder.events.insert(tx, [refusedEvent(batch, refusal, ids)]);
    const plan = { ...refusal, to: batch.provider, halvedFrom: first, children };
    mustHold(await transitions.replan(tx, leaseOf(batch), plan));
    await halvings.countParts(tx, first, children.length);
    await recorder.completion(tx, batch.messageId);
    return ids;
  }

  private async partsOf(tx: Queryable, batch: BatchRow, refusal: FinalRefusal): Promise<readonly NewPart[]> {
    const { halvings } = this;
    const followers = batch.ofList ? 0 : await halvings.countFollowers(tx, batch.id);
    const isPart = batch.halvedFrom !== null;
    if (followers === 0 || (followers === 1 && !isPart)) return [];
    const halving = await halvings.lock(tx, { ...batch, first: firstOf(batch) });
    if (followers === 1) {
      await this.noteLone(tx, batch, halving, refusal);
      return [];
    }
    // One mail that all recipients see is never divided.
    if (halving.delivery === 'shared' || isAboutContent(halving) || isOverBudget(halving)) return [];
    const nth = Math.floor(followers / 2);
    const middle = await halvings.findMiddle(tx, batch, nth);
    return cut(batch, middle, halving.someTaken).map((range) => ({ ...range, id: newUuid() }));
  }

  /** Ends the search when it has shown that the provider refuses all recipients. */
  private async noteLone(tx: Queryable, batch: BatchRow, halving: Halving, refusal: FinalRefusal): Promise<void> {
    const { halvings, endings } = this;
    const first = firstOf(batch);
    await halvings.noteLoneRefusal(tx, first);
    if (!isAboutContent({ ...halving, loneRefusals: halving.loneRefusals + 1 })) return;
    await endings.failBatches(tx, await halvings.giveUp(tx, { ...batch, first }), refusal);
  }
}

const firstOf = ({ id, halvedFrom }: BatchRow): string => halvedFrom ?? id;

/** Each batch of the message whose halving was abandoned for its content lowers the threshold for the next one. */
const isAboutContent = ({ someTaken, loneRefusals, othersGivenUp }: Halving): boolean =>
  !someTaken && loneRefusals >= Math.floor(LONE_REFUSALS / 2 ** othersGivenUp);

const isOverBudget = ({ parts, recipients }: Halving): boolean =>
  parts >= Math.max(LEAST_BUDGET, Math.floor(recipients / RECIPIENTS_A_PART));

/**
 * The ranges cover all positions of the batch. As long as the account has taken nothing of the message, the recipient in
 * the middle becomes a part alone: if even single recipients are refused, the content is at fault.
 * @param middle positions of the recipient in the middle, and of the next one.
 */
export function cut(
  { positionFrom, positionTo }: Pick<BatchRow, 'positionFrom' | 'positionTo'>,
  [middle, next]: readonly number[],
  someTaken: boolean,
): readonly { readonly from: number; readonly to: number }[] {
  if (middle === undefined) return [];
  const head = { from: positionFrom, to: middle - 1 };
  if (someTaken || next === undefined) return [head, { from: middle, to: positionTo }];
  return [head, { from: middle, to: next - 1 }, { from: next, to: positionTo }];
}
