import { Inject, Injectable } from '@nestjs/common';
import type { Refused } from '@gateway/core';
import {
  AttemptRepository,
  type BatchRow,
  BatchTransitions,
  Database,
  type Queryable,
  QuotaRepository,
} from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import { batchEvent, refusedEvent } from '../../events/delivery-events.js';
import { leaseOf, LeaseLostError, mustHold } from '../../shared/lease.js';
import { Recorder } from '../../shared/record.js';
import type { Timing } from '../../shared/timing.js';
import { AccountHealth, type Outcome, type Unconfirmed, wordsOf } from '../../accounts/account-health.js';
import { decide, type Verdict } from './decide.js';
import type { Failover } from './failover.js';
import { BatchHalver } from './halve-batches.js';
import { BatchHolder, type Hold } from './hold-batches.js';
import { AcceptedRecorder } from './record-accepted.js';

type RefusedBatch = Refused & { readonly verdict: Verdict; readonly failover: Failover | undefined };

/** Writes what came of an attempt: the attempt, the batch, its recipients, the counts and the events together. */
@Injectable()
export class OutcomeRecorder {
  constructor(
    private readonly database: Database,
    private readonly transitions: BatchTransitions,
    private readonly attempts: AttemptRepository,
    private readonly quota: QuotaRepository,
    private readonly recorder: Recorder,
    private readonly holder: BatchHolder,
    private readonly halver: BatchHalver,
    private readonly accepted: AcceptedRecorder,
    private readonly health: AccountHealth,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async settle(batch: BatchRow, outcome: Outcome): Promise<void> {
    if (outcome.outcome === 'accepted') {
      if (!(await this.accepted.run({ batch, accepted: outcome }))) this.tellLost(batch, outcome);
      return;
    }
    // The account's health is recorded first: it decides where the batch goes next.
    await this.health.note(batch.provider, outcome);
    await this.write(batch, outcome);
  }

  /** A definite no before the mail itself was posted, e.g. to one of its files. */
  settleUnposted(batch: BatchRow, refused: Refused): Promise<void> {
    return this.write(batch, refused);
  }

  private async write(batch: BatchRow, outcome: Refused | Unconfirmed): Promise<void> {
    try {
      if (outcome.outcome === 'refused') return await this.settleRefused(batch, outcome);
      await this.database.repeatable((tx) => this.recordUnconfirmed(tx, batch, outcome));
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      this.tellLost(batch, outcome);
    }
  }

  private tellLost(batch: BatchRow, { outcome }: Outcome): void {
    this.log.warn({ batchId: batch.id, outcome }, 'the lease was lost; the result is refused');
  }

  private async settleRefused(batch: BatchRow, outcome: Refused): Promise<void> {
    const { database, holder, timing } = this;
    const verdict = decide(outcome, batch.attemptCount, timing);
    const hold = holdOf(outcome, verdict);
    const failover = await holder.planFailover(batch, hold);
    const parts = await database.repeatable((tx) => this.recordRefused(tx, batch, { ...outcome, verdict, failover }));
    if (staysAlive(verdict, failover)) holder.enqueue(batch, { delayMs: hold.delayMs, failover });
    holder.enqueueParts(batch, parts);
  }

  /**
   * @returns the parts into which the batch was halved.
   * @throws LeaseLostError when another worker has taken the batch meanwhile: nothing of `tx` may stay.
   */
  private async recordRefused(tx: Queryable, batch: BatchRow, refused: RefusedBatch): Promise<readonly string[]> {
    const { attempts, quota, recorder, holder, halver } = this;
    const { provider, operation, refusedRecipients, verdict } = refused;
    const detail = wordsOf(provider) || refused.reason;
    await attempts.finishAttempt(tx, batch.id, batch.attemptCount, { outcome: 'refused', operation, provider, detail });
    await recorder.reports(tx, [{ batch, reports: refusedRecipients }]);
    let parts: readonly string[] = [];
    if (staysAlive(verdict, refused.failover)) {
      await recorder.events.insert(tx, [refusedEvent(batch, refused)]);
      await holder.apply(tx, batch, { ...holdOf(refused, verdict), failover: refused.failover });
      await recorder.completion(tx, batch.messageId);
    } else {
      parts = await halver.end(tx, batch, { ...refused, reason: verdict.reason, detail });
    }
    // The account's month is locked last, after the message, as everywhere else.
    await quota.giveBack(tx, batch.id, batch.attemptCount);
    return parts;
  }

  private async recordUnconfirmed(tx: Queryable, batch: BatchRow, { detail, provider }: Unconfirmed): Promise<void> {
    const { transitions, attempts, recorder, timing } = this;
    await attempts.finishAttempt(tx, batch.id, batch.attemptCount, { outcome: 'unconfirmed', provider, detail });
    await recorder.events.insert(tx, [
      batchEvent('batch.unconfirmed', batch, { detail, code: provider.code, message: provider.message }),
    ]);
    const firstLookupMs = Math.min(timing.recoveryIntervalMs, timing.settleMs);
    mustHold(await transitions.doubt(tx, leaseOf(batch), { detail, firstLookupMs }));
  }
}

/** Is the batch tried again, here or at another account? */
const staysAlive = ({ decision }: Verdict, failover: Failover | undefined): boolean =>
  decision === 'retry' || failover !== undefined;

const holdOf = (refused: Refused, verdict: Verdict): Hold => ({
  reason: verdict.reason,
  detail: wordsOf(refused.provider) || refused.reason,
  provider: refused.provider,
  delayMs: verdict.decision === 'retry' ? verdict.delayMs : 0,
  elsewhere: verdict.elsewhere,
});
