import {
  UnconfirmedError,
  type Accepted,
  type EmailProvider,
  type OutboundBatch,
  type ProviderWords,
  type Refused,
} from '@gateway/core';
import type {
  BatchRow,
  Database,
  DispatchRepository,
  Lease,
  ProviderAccountRepository,
  SuppressionRepository,
  Queryable,
} from '@gateway/database';
import { newUuid, type Logger } from '@gateway/platform';
import { dispatchQueueName, type BatchProducer } from '@gateway/queue';
import type { AttachmentCopies } from '../attachments/attachment-copies.js';
import type { ListTargets } from '../audience/lists/list-targets.js';
import { batchEvent, followersEvent } from '../delivery-events.js';
import { markerFor, outboundBatch } from '../outbound-batch.js';
import type { ProviderDirectory } from '../provider-directory.js';
import type { Recorder } from '../record.js';
import { effectiveLeaseMs, type Timing } from '../timing.js';
import { decide, type Verdict } from './decide.js';
import type { RecipientBudget } from './recipient-budget.js';

// Small enough that the last of them still begins within its lease.
const CLAIMED_AT_ONCE = 8;

/** Takes due batches to their provider: claim, write the attempt, post once, write what came of it (laws 3, 4, 5). */
export class DispatchBatchesService {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly dispatch: DispatchRepository;
      readonly accounts: ProviderAccountRepository;
      readonly recorder: Recorder;
      readonly suppressions: SuppressionRepository;
      readonly attachments: AttachmentCopies;
      readonly lists: ListTargets;
      readonly providers: ProviderDirectory;
      readonly producer: BatchProducer;
      readonly timing: Timing;
      /** Bounds the recipients that are in memory at once. */
      readonly budget: RecipientBudget;
      readonly log: Logger;
      /** Aborted at shutdown: nothing new is posted from then on. */
      readonly stopping: AbortSignal;
    },
  ) {}

  /** @param batchIds of one queue, so of one account. What is not due, or taken by another worker, is left alone. */
  async execute(batchIds: readonly string[]): Promise<void> {
    for (let i = 0; i < batchIds.length; i += CLAIMED_AT_ONCE) {
      // The job is gone when this returns: without a word the sweep would believe that one is still there.
      if (this.deps.stopping.aborted) return this.deps.dispatch.giveBack(batchIds.slice(i));
      const claimed = await this.claim(batchIds.slice(i, i + CLAIMED_AT_ONCE));
      await Promise.all(claimed.map((batch) => this.dispatchOne(batch)));
    }
  }

  private async claim(batchIds: readonly string[]): Promise<readonly BatchRow[]> {
    const claimed = await this.deps.dispatch.claim(batchIds, effectiveLeaseMs(this.deps.timing));
    const [first] = claimed;
    const obstacle = first && (await this.obstacle(first.provider));
    if (obstacle === undefined) return claimed;
    await Promise.all(claimed.map((batch) => this.defer(batch, leaseOf(batch), obstacle)));
    return [];
  }

  /** Why the batches of an account must wait before anything is tried. */
  private async obstacle(provider: string): Promise<string | undefined> {
    if (this.deps.providers.find(provider) === undefined) return `no account "${provider}" is configured`;
    const [state] = await this.deps.accounts.find([provider]);
    if (state === undefined || state.pausedAt === null) return undefined;
    return `the account is paused: ${state.pauseReason ?? 'by an operator'}`;
  }

  private dispatchOne(batch: BatchRow): Promise<void> {
    return this.deps.budget.run(batch.followerCount, async () => {
      const prepared = await this.prepare(batch);
      if (prepared === undefined) return;
      if ('refused' in prepared) return this.settle(batch, prepared.refused);
      // After the attempt is committed a crash leaves "may have left" behind, before it "has not".
      if (this.deps.stopping.aborted) return this.deps.dispatch.release(leaseOf(batch));
      if (await this.begin(batch, prepared.outbound.marker)) await this.post(batch, prepared);
    });
  }

  private begin(batch: BatchRow, marker: string): Promise<boolean> {
    return this.deps.dispatch.startAttempt(leaseOf(batch), {
      id: newUuid(),
      number: batch.attemptCount,
      marker,
      leaseMs: effectiveLeaseMs(this.deps.timing),
      event: batchEvent('batch.dispatched', batch, { provider: batch.provider, attempt: batch.attemptCount }),
    });
  }

  private async prepare(batch: BatchRow): Promise<Prepared | { readonly refused: Refused } | undefined> {
    const provider = this.deps.providers.find(batch.provider);
    const content = await this.deps.dispatch.findContent(batch.messageId);
    if (provider === undefined || content === undefined) return undefined;
    await this.suppress(batch, content.createdAt);
    const target = await this.deps.lists.of(content);
    if ('refused' in target) return target;
    const recipients = batch.ofList ? [] : await this.deps.dispatch.findFollowers(batch);
    // Everybody left the batch meanwhile; it is settled.
    if (recipients.length === 0 && !batch.ofList) return undefined;
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

  /** Uploads take longer than any other thing that is done before an attempt. */
  private keep(batch: BatchRow): Promise<boolean> {
    return this.deps.dispatch.renewLease(leaseOf(batch), effectiveLeaseMs(this.deps.timing));
  }

  private async post(batch: BatchRow, { provider, outbound, attachmentIds: ids }: Prepared): Promise<void> {
    const outcome = await this.send(provider, outbound);
    if (outcome.outcome !== 'refused') return this.settle(batch, outcome);
    await this.deps.lists.note(batch.provider, outcome);
    const about = { ids, refused: outcome, attempt: batch.attemptCount };
    await this.settle(batch, await this.deps.attachments.reconsider(provider, about));
  }

  private async settle(batch: BatchRow, outcome: Outcome): Promise<void> {
    try {
      await this.deps.database.transaction((tx) => this.record(tx, batch, outcome));
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      this.deps.log.warn({ batchId: batch.id, outcome: outcome.outcome }, 'the lease was lost; the result is refused');
    }
    await this.note(batch.provider, outcome);
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

  /** @throws LeaseLostError when another worker has taken the batch meanwhile: nothing of `tx` may stay. */
  private record(tx: Queryable, batch: BatchRow, outcome: Outcome): Promise<void> {
    switch (outcome.outcome) {
      case 'accepted':
        return this.recordAccepted(tx, batch, outcome);
      case 'refused':
        return this.recordRefused(tx, batch, outcome);
      case 'unconfirmed':
        return this.recordUnconfirmed(tx, batch, outcome);
    }
  }

  private async recordAccepted(tx: Queryable, batch: BatchRow, accepted: Accepted): Promise<void> {
    const { dispatch, recorder, timing } = this.deps;
    const { requestId, operation, refusedRecipients, httpStatus } = accepted;
    const result = { requestId, operation, firstPollMs: timing.pollIntervalMs };
    mustHold(await dispatch.markSubmitted(tx, leaseOf(batch), result));
    await dispatch.finishAttempt(tx, batch.id, batch.attemptCount, {
      outcome: 'accepted',
      operation,
      provider: { httpStatus },
    });
    await dispatch.addUsage(tx, batch.provider, batch.followerCount - refusedRecipients.length);
    await recorder.events.insert(tx, [batchEvent('batch.accepted', batch, { requestId, operation })]);
    await recorder.reports(tx, { ...batch, status: 'submitted' }, refusedRecipients);
    await recorder.completion(tx, batch.messageId);
  }

  private async recordRefused(tx: Queryable, batch: BatchRow, refused: Refused): Promise<void> {
    const { dispatch, recorder, timing } = this.deps;
    const { provider, operation, reason, refusedRecipients } = refused;
    const detail = wordsOf(provider) || reason;
    await dispatch.finishAttempt(tx, batch.id, batch.attemptCount, { outcome: 'refused', operation, provider, detail });
    await recorder.events.insert(tx, [
      batchEvent('batch.refused', batch, { reason, code: provider.code, message: provider.message }),
    ]);
    await recorder.reports(tx, batch, refusedRecipients);
    const verdict = decide(refused, batch.attemptCount, timing);
    await this.applyVerdict(tx, { batch, detail }, verdict);
    await recorder.completion(tx, batch.messageId);
  }

  private async applyVerdict(
    tx: Queryable,
    { batch, detail }: { batch: BatchRow; detail: string },
    verdict: Verdict,
  ): Promise<void> {
    const { dispatch, recorder } = this.deps;
    const { reason } = verdict;
    if (verdict.decision === 'fail') {
      await recorder.events.insert(tx, [followersEvent(batch, 'failed')]);
      return mustHold(await dispatch.markFailed(tx, leaseOf(batch), { reason, detail }));
    }
    const { delayMs } = verdict;
    await recorder.events.insert(tx, [batchEvent('batch.deferred', batch, { reason, delayMs })]);
    mustHold(await dispatch.markDeferred(tx, leaseOf(batch), { reason, detail, delayMs }));
    this.enqueueLater(batch, delayMs);
  }

  private async recordUnconfirmed(tx: Queryable, batch: BatchRow, { detail, provider }: Unconfirmed): Promise<void> {
    const { dispatch, recorder, timing } = this.deps;
    await dispatch.finishAttempt(tx, batch.id, batch.attemptCount, { outcome: 'unconfirmed', provider, detail });
    await recorder.events.insert(tx, [
      batchEvent('batch.unconfirmed', batch, { detail, code: provider.code, message: provider.message }),
    ]);
    const firstLookupMs = Math.min(timing.recoveryIntervalMs, timing.settleMs);
    mustHold(await dispatch.markUnconfirmed(tx, leaseOf(batch), { detail, firstLookupMs }));
  }

  private async defer(batch: BatchRow, lease: Lease, detail: string): Promise<void> {
    const { database, dispatch, recorder, timing } = this.deps;
    const delayMs = timing.retryMaxMs;
    await database.transaction(async (tx) => {
      await recorder.events.insert(tx, [
        batchEvent('batch.deferred', batch, { reason: 'provider_unavailable', detail, delayMs }),
      ]);
      await dispatch.markDeferred(tx, lease, { reason: 'provider_unavailable', detail, delayMs });
    });
  }

  private enqueueLater(batch: BatchRow, delayMs: number): void {
    const queueName = dispatchQueueName(batch.provider, batch.category);
    this.deps.producer.enqueue(queueName, [batch.id], delayMs).catch((error: unknown) => {
      this.deps.log.warn({ err: error, queueName }, 'not enqueued; the recovery sweep will');
    });
  }

  /** For the health page only; a failure to note it changes nothing. */
  private async note(provider: string, outcome: Outcome): Promise<void> {
    if (outcome.outcome === 'accepted') return this.deps.accounts.noteSuccess(provider);
    return this.deps.accounts.noteFailure(provider, wordsOf(outcome.provider) || outcome.outcome);
  }
}

interface Prepared {
  readonly provider: EmailProvider;
  readonly outbound: OutboundBatch;
  readonly attachmentIds: readonly string[];
}

class LeaseLostError extends Error {}

function mustHold(held: boolean): void {
  if (!held) throw new LeaseLostError();
}

const leaseOf = (batch: BatchRow): Lease => ({ batchId: batch.id, token: batch.leaseToken });

interface Unconfirmed {
  readonly outcome: 'unconfirmed';
  readonly detail: string;
  readonly provider: ProviderWords;
}

type Outcome = Accepted | Refused | Unconfirmed;

const wordsOf = ({ code, message }: ProviderWords): string => [code, message].filter(Boolean).join(' ');
