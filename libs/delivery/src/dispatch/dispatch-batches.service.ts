import { UnconfirmedError, type EmailProvider, type OutboundBatch, type Refused } from '@gateway/core';
import type {
  AttemptRepository,
  BatchRow,
  Database,
  DispatchRepository,
  OutboundRepository,
  SuppressionRepository,
} from '@gateway/database';
import { newUuid, type Clock, type Logger } from '@gateway/platform';
import type { AttachmentCopies } from '../attachments/attachment-copies.js';
import type { ListTargets } from '../audience/lists/list-targets.js';
import { batchEvent } from '../delivery-events.js';
import { markerFor, outboundBatch } from '../outbound-batch.js';
import type { ProviderDirectory } from '../provider-directory.js';
import type { RecipientBudget } from '../recipient-budget.js';
import type { Recorder } from '../record.js';
import { backoffMs, effectiveLeaseMs, FRESH_LEASE_MS, type Timing } from '../timing.js';
import type { AccountGate } from './account-gate.js';
import type { Outcome } from './account-health.js';
import { leaseOf, type BatchHolder } from './hold-batches.js';
import { msUntilNextMonth } from './month.js';
import type { OutcomeRecorder } from './record-outcome.js';

/** So often the worker of a batch may be lost, or what it sends fail to be made, before it is given up. */
export const MOST_LOSSES = 10;

/** Takes due batches to their provider: claim, write the attempt, post once, write what came of it (laws 3, 4, 5). */
export class DispatchBatchesService {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly dispatch: DispatchRepository;
      readonly outbound: OutboundRepository;
      readonly attempts: AttemptRepository;
      readonly recorder: Recorder;
      readonly suppressions: SuppressionRepository;
      readonly attachments: AttachmentCopies;
      readonly lists: ListTargets;
      readonly providers: ProviderDirectory;
      readonly gate: AccountGate;
      readonly holder: BatchHolder;
      readonly outcomes: OutcomeRecorder;
      readonly timing: Timing;
      readonly clock: Clock;
      /** Bounds the recipients that are in memory at once. */
      readonly budget: RecipientBudget;
      readonly log: Logger;
      /** Aborted at shutdown: nothing new is posted from then on. */
      readonly stopping: AbortSignal;
    },
  ) {}

  /** @param batchIds of one queue, so of one account. What is not due, or taken by another worker, is left alone. */
  async execute(batchIds: readonly string[]): Promise<void> {
    const { dispatch, gate, holder, timing, stopping } = this.deps;
    // The job is gone when this returns: without a word the sweep would believe that one is still there.
    if (stopping.aborted) return dispatch.giveBack(batchIds);
    const claimed = await dispatch.claim(batchIds, effectiveLeaseMs(timing));
    const [first] = claimed;
    if (first === undefined) return;
    const { admitted, held } = await gate.admit(first.provider, claimed);
    await Promise.all([
      ...admitted.map((batch) => this.dispatchOne(batch)),
      ...held.map(({ batch, obstacle }) => holder.hold(batch, { ...obstacle, untried: 'waits' })),
    ]);
  }

  private dispatchOne(batch: BatchRow): Promise<void> {
    const { budget, dispatch, stopping, timing, log } = this.deps;
    // Behind slow requests of others it waits longer than a lease lasts: its worker would pass for lost.
    const waiting = setInterval(
      () => {
        this.keep(batch).catch((error: unknown) =>
          log.warn({ err: error, batchId: batch.id }, 'a lease was not renewed'),
        );
      },
      effectiveLeaseMs(timing) / 3,
    );
    return budget.run(batch.followerCount, async () => {
      clearInterval(waiting);
      if (stopping.aborted) return dispatch.release(leaseOf(batch));
      const prepared = await this.prepareOrHold(batch);
      if (prepared === undefined) return;
      if ('refused' in prepared) return this.deps.outcomes.settleUnposted(batch, prepared.refused);
      // After the attempt is committed a crash leaves "may have left" behind, before it "has not".
      if (stopping.aborted) return dispatch.release(leaseOf(batch));
      if (await this.begin(batch, prepared)) await this.post(batch, prepared);
    });
  }

  private async begin(batch: BatchRow, { provider, outbound }: Prepared): Promise<boolean> {
    const begun = await this.deps.attempts.startAttempt(leaseOf(batch), {
      id: newUuid(),
      number: batch.attemptCount,
      marker: outbound.marker,
      leaseMs: effectiveLeaseMs(this.deps.timing),
      freshMs: FRESH_LEASE_MS,
      recipients: outbound.recipients.length,
      quota: provider.capabilities.limits.recipientsPerMonth,
      event: batchEvent('batch.dispatched', batch, { provider: batch.provider, attempt: batch.attemptCount }),
    });
    if (begun === 'over_quota') await this.holdForQuota(batch, provider);
    return begun === 'begun';
  }

  /** It drains by itself when the month ends; a larger quota lets it go sooner (law 11). */
  private async holdForQuota(batch: BatchRow, { capabilities }: EmailProvider): Promise<void> {
    const { outbound, holder, clock } = this.deps;
    const content = await outbound.findContent(batch.messageId);
    const quota = capabilities.limits.recipientsPerMonth ?? 0;
    const detail = `the account's quota of ${quota} recipients a month is used up`;
    if (content?.onQuota === 'reject') return holder.fail(batch, { reason: 'quota', detail });
    const delayMs = msUntilNextMonth(clock.now());
    await holder.hold(batch, { reason: 'quota', detail, delayMs, elsewhere: true, untried: 'waits' });
  }

  /** What can't even be made says nothing of the provider. It is tried some times, in case that it was the moment. */
  private async prepareOrHold(batch: BatchRow): Promise<Preparation> {
    try {
      return await this.prepare(batch);
    } catch (error) {
      const { holder, timing, log } = this.deps;
      log.error({ err: error, batchId: batch.id, losses: batch.lossCount }, 'a batch could not be made ready');
      const detail = `the gateway could not make it ready: ${error instanceof Error ? error.message : String(error)}`;
      if (batch.lossCount + 1 >= MOST_LOSSES) await holder.fail(batch, { reason: 'unknown', detail });
      else {
        const delayMs = backoffMs(batch.lossCount, timing);
        await holder.hold(batch, { reason: 'unknown', detail, delayMs, elsewhere: false, untried: 'failed' });
      }
      return undefined;
    }
  }

  private async prepare(batch: BatchRow): Promise<Preparation> {
    const provider = this.deps.providers.find(batch.provider);
    const content = await this.deps.outbound.findContent(batch.messageId);
    if (provider === undefined || content === undefined) return undefined;
    await this.suppress(batch, content.createdAt);
    const target = await this.deps.lists.of(content);
    if ('refused' in target) return target;
    const recipients = batch.ofList ? [] : await this.deps.outbound.findFollowers(batch);
    if (recipients.length === 0 && !batch.ofList) {
      await this.deps.dispatch.settleEmpty(leaseOf(batch));
      return undefined;
    }
    const files = await this.deps.attachments.ensure(provider, content.attachmentIds, () => this.keep(batch));
    if ('refused' in files) return { refused: { ...files.refused, refusedRecipients: [] } };
    const marker = markerFor(batch.id, batch.attemptCount, content.fromAddress);
    const outbound = { ...outboundBatch(batch, marker, content, recipients), ...target, attachments: files.files };
    return { provider, outbound, attachmentIds: content.attachmentIds };
  }

  /** Who opted out between accept and now does not get the mail either. */
  private async suppress(batch: BatchRow, acceptedAt: Date): Promise<void> {
    const { database, suppressions, recorder } = this.deps;
    if (!(await suppressions.hasGrownSince(acceptedAt))) return;
    const range = { from: batch.positionFrom, to: batch.positionTo };
    await database.transaction(async (tx) => {
      const marked = await suppressions.suppress(tx, { id: batch.messageId, category: batch.category }, range);
      if (marked > 0) await recorder.completion(tx, batch.messageId);
    });
  }

  /** For what takes longer than the rest that is done before an attempt: an upload, a wait for memory. */
  private keep(batch: BatchRow): Promise<boolean> {
    return this.deps.dispatch.renewLease(leaseOf(batch), effectiveLeaseMs(this.deps.timing));
  }

  private async post(batch: BatchRow, { provider, outbound, attachmentIds: ids }: Prepared): Promise<void> {
    const outcome = await this.send(provider, outbound);
    if (outcome.outcome !== 'refused') return this.deps.outcomes.settle(batch, outcome);
    await this.deps.lists.note(batch.provider, outcome);
    const about = { ids, refused: outcome, attempt: batch.attemptCount };
    await this.deps.outcomes.settle(batch, await this.deps.attachments.reconsider(provider, about));
  }

  private async send(provider: EmailProvider, outbound: OutboundBatch): Promise<Outcome> {
    try {
      return await provider.send(outbound, AbortSignal.timeout(this.deps.timing.providerTimeoutMs));
    } catch (error) {
      // A defect in an adapter is no verdict either: the request may have left.
      const known = error instanceof UnconfirmedError;
      if (!known) this.deps.log.error({ err: error, provider: provider.name }, 'the adapter failed');
      return {
        outcome: 'unconfirmed',
        detail: error instanceof Error ? error.message : String(error),
        provider: known ? error.provider : {},
      };
    }
  }
}

interface Prepared {
  readonly provider: EmailProvider;
  readonly outbound: OutboundBatch;
  readonly attachmentIds: readonly string[];
}

/** `undefined`: there is nothing to send (any more). */
type Preparation = Prepared | { readonly refused: Refused } | undefined;
