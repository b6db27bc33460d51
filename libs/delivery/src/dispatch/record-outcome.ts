import type { Accepted, Refused } from '@gateway/core';
import type { AttemptRepository, BatchRow, Database, DispatchRepository, Failover, Queryable } from '@gateway/database';
import type { Logger } from '@gateway/platform';
import { batchEvent, followersEvent } from '../delivery-events.js';
import type { Recorder } from '../record.js';
import type { Timing } from '../timing.js';
import { firstPollMs } from '../track/poll-schedule.js';
import { wordsOf, type AccountHealth, type Outcome, type Unconfirmed } from './account-health.js';
import { decide, type Verdict } from './decide.js';
import { AcceptedRecorder } from './record-accepted.js';
import { leaseOf, LeaseLostError, mustHold, type BatchHolder, type Hold } from './hold-batches.js';

type RefusedBatch = Refused & { readonly verdict: Verdict; readonly failover: Failover | undefined };

/** Writes what came of an attempt: the attempt, the batch, its recipients, the counts and the events together. */
export class OutcomeRecorder {
  private readonly accepted: AcceptedRecorder;

  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly dispatch: DispatchRepository;
      readonly attempts: AttemptRepository;
      readonly recorder: Recorder;
      readonly holder: BatchHolder;
      readonly health: AccountHealth;
      readonly timing: Timing;
      readonly log: Logger;
    },
  ) {
    this.accepted = new AcceptedRecorder(deps);
  }

  async settle(batch: BatchRow, outcome: Outcome): Promise<void> {
    if (outcome.outcome === 'accepted' && outcome.refusedRecipients.length === 0) {
      if (!(await this.accepted.run({ batch, accepted: outcome }))) this.tellLost(batch, outcome);
      return;
    }
    // What the outcome says of the account comes first: where a batch goes next depends on it.
    await this.deps.health.note(batch.provider, outcome);
    await this.write(batch, outcome);
  }

  /** A definite no before the mail itself was posted, e.g. to one of its files. */
  settleUnposted(batch: BatchRow, refused: Refused): Promise<void> {
    return this.write(batch, refused);
  }

  private async write(batch: BatchRow, outcome: Outcome): Promise<void> {
    try {
      if (outcome.outcome === 'refused') return await this.settleRefused(batch, outcome);
      await this.deps.database.transaction((tx) =>
        outcome.outcome === 'accepted'
          ? this.recordAccepted(tx, batch, outcome)
          : this.recordUnconfirmed(tx, batch, outcome),
      );
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      this.tellLost(batch, outcome);
    }
  }

  private tellLost(batch: BatchRow, { outcome }: Outcome): void {
    this.deps.log.warn({ batchId: batch.id, outcome }, 'the lease was lost; the result is refused');
  }

  private async settleRefused(batch: BatchRow, outcome: Refused): Promise<void> {
    const { database, holder, timing } = this.deps;
    const verdict = decide(outcome, batch.attemptCount, timing);
    const failover =
      verdict.decision === 'retry' ? await holder.planFailover(batch, holdOf(outcome, verdict)) : undefined;
    await database.transaction((tx) => this.recordRefused(tx, batch, { ...outcome, verdict, failover }));
    if (verdict.decision === 'retry') holder.enqueue(batch, { delayMs: verdict.delayMs, failover });
  }

  /** @throws LeaseLostError when another worker has taken the batch meanwhile: nothing of `tx` may stay. */
  private async recordAccepted(tx: Queryable, batch: BatchRow, accepted: Accepted): Promise<void> {
    const { dispatch, attempts, recorder, timing } = this.deps;
    const { requestId, operation, refusedRecipients, httpStatus } = accepted;
    const result = { requestId, operation, firstPollMs: firstPollMs(batch.recipientCount, timing) };
    mustHold(await dispatch.markSubmitted(tx, leaseOf(batch), result));
    await attempts.finishAttempt(tx, batch.id, batch.attemptCount, {
      outcome: 'accepted',
      operation,
      provider: { httpStatus },
    });
    const refused = refusedRecipients.length;
    if (refused > 0) await attempts.returnUsage(tx, batch.id, batch.attemptCount, refused);
    await recorder.events.insert(tx, [batchEvent('batch.accepted', batch, { requestId, operation })]);
    await recorder.reports(tx, [{ batch: { ...batch, status: 'submitted' }, reports: refusedRecipients }]);
    await recorder.completion(tx, batch.messageId);
  }

  private async recordRefused(tx: Queryable, batch: BatchRow, refused: RefusedBatch): Promise<void> {
    const { dispatch, attempts, recorder, holder } = this.deps;
    const { provider, operation, reason, refusedRecipients, verdict } = refused;
    const detail = wordsOf(provider) || reason;
    await attempts.finishAttempt(tx, batch.id, batch.attemptCount, { outcome: 'refused', operation, provider, detail });
    await attempts.returnUsage(tx, batch.id, batch.attemptCount);
    await recorder.events.insert(tx, [
      batchEvent('batch.refused', batch, { reason, code: provider.code, message: provider.message }),
    ]);
    await recorder.reports(tx, [{ batch, reports: refusedRecipients }]);
    if (verdict.decision === 'retry') {
      await holder.apply(tx, batch, { ...holdOf(refused, verdict), failover: refused.failover });
    } else {
      await recorder.events.insert(tx, [followersEvent(batch, 'failed')]);
      mustHold(await dispatch.markFailed(tx, leaseOf(batch), { reason: verdict.reason, detail }));
    }
    await recorder.completion(tx, batch.messageId);
  }

  private async recordUnconfirmed(tx: Queryable, batch: BatchRow, { detail, provider }: Unconfirmed): Promise<void> {
    const { dispatch, attempts, recorder, timing } = this.deps;
    await attempts.finishAttempt(tx, batch.id, batch.attemptCount, { outcome: 'unconfirmed', provider, detail });
    await recorder.events.insert(tx, [
      batchEvent('batch.unconfirmed', batch, { detail, code: provider.code, message: provider.message }),
    ]);
    const firstLookupMs = Math.min(timing.recoveryIntervalMs, timing.settleMs);
    mustHold(await dispatch.markUnconfirmed(tx, leaseOf(batch), { detail, firstLookupMs }));
  }
}

const holdOf = (refused: Refused, verdict: Extract<Verdict, { decision: 'retry' }>): Hold => ({
  reason: verdict.reason,
  detail: wordsOf(refused.provider) || refused.reason,
  delayMs: verdict.delayMs,
  elsewhere: verdict.elsewhere,
});
