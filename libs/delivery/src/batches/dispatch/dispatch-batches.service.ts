import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { EmailProvider, OutboundBatch, Refused } from '@gateway/core';
import {
  type BatchRow,
  BatchTransitions,
  ContentLockedError,
  Database,
  type Lane,
  RecoveryRepository,
  SuppressionRepository,
  type WhyNot,
} from '@gateway/database';
import { CLOCK, CONFIG, LOGGER, STOPPING, newUuid, type Clock, type Logger } from '@gateway/platform';
import { AttachmentCopies } from '../../attachments/attachment-copies.js';
import { ListTargets } from '../../audience/lists/list-targets.js';
import { batchEvent } from '../../events/delivery-events.js';
import { leaseOf } from '../../shared/lease.js';
import { MOST_LOSSES } from '../../shared/losses.js';
import { markerFor, outboundBatch } from '../../shared/outbound-batch.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { postBatch } from '../../shared/post-batch.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { RecipientBudget } from '../../shared/recipient-budget.js';
import { Recorder } from '../../shared/record.js';
import { backoffMs, effectiveLeaseMs, FRESH_LEASE_MS, type Timing } from '../../shared/timing.js';
import { ListGrowth } from '../../suppressions/list-growth.js';
import { AccountGate, type Admission, type Turn } from '../../accounts/account-gate.js';
import { BatchEndings } from '../endings/batch-endings.js';
import { AttemptStarts } from './attempt-starts.js';
import { BatchClaims } from './batch-claims.js';
import { BatchHolder } from './hold-batches.js';
import { quotaUsedUp } from '../../accounts/quota/quota.js';
import { OutcomeRecorder } from './record-outcome.js';

const lateMs = ({ dueAt }: BatchRow, clock: Clock): number => clock.now().getTime() - dueAt.getTime();

/** Takes due batches to their provider: claim, write the attempt, post once, write what came of it (laws 3, 4, 5). */
@Injectable()
export class DispatchBatchesService {
  constructor(
    private readonly database: Database,
    private readonly transitions: BatchTransitions,
    private readonly recovery: RecoveryRepository,
    private readonly endings: BatchEndings,
    private readonly claims: BatchClaims,
    private readonly starts: AttemptStarts,
    private readonly outbound: OutboundReader,
    private readonly recorder: Recorder,
    private readonly suppressions: SuppressionRepository,
    private readonly listGrowth: ListGrowth,
    private readonly attachments: AttachmentCopies,
    private readonly lists: ListTargets,
    private readonly providers: ProviderDirectory,
    private readonly gate: AccountGate,
    private readonly holder: BatchHolder,
    private readonly outcomes: OutcomeRecorder,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(CLOCK) private readonly clock: Clock,
    /** Bounds the recipients that are in memory at once. */
    private readonly budget: RecipientBudget,
    @Inject(LOGGER) private readonly log: Logger,
    /** Aborted at shutdown: nothing new is posted from then on. */
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  /** @param batchIds of this lane. Those that are not due, or taken by another worker, are left alone. */
  async execute({ provider: account, category }: Lane, batchIds: readonly string[]): Promise<void> {
    const { recovery, gate, holder, stopping, transitions } = this;
    // The job ends when this returns. Without the give-back, the sweep would assume that a job still exists.
    if (stopping.aborted) return recovery.giveBack(batchIds);
    const taken = await this.withoutClosed(account, batchIds);
    if (taken.length === 0) return;
    const {
      admitted,
      turns = [],
      left = [],
      held,
    } = await gate.withRoom(account, category, (room) =>
      // Those that the pace has no room for are let in when it has.
      this.claim(taken.slice(0, room)),
    );
    await Promise.all([
      ...admitted.map((batch) => this.dispatchOne(batch)),
      ...turns.map((turn) => this.dispatchInTurn(turn)),
      ...left.map((batch) => transitions.leave(leaseOf(batch))),
      ...held.map(({ batch, obstacle }) => holder.holdBack(batch, obstacle)),
    ]);
  }

  private async claim(batchIds: readonly string[]): Promise<Admission> {
    const claimed = batchIds.length === 0 ? [] : await this.claims.claim(batchIds, effectiveLeaseMs(this.timing));
    const [first] = claimed;
    return first === undefined ? { admitted: [], held: [] } : this.gate.admit(first.provider, claimed);
  }

  /** A job for a closed account is dropped, and its batches are let in when it opens (`BacklogFeeder`). */
  private async withoutClosed(account: string, batchIds: readonly string[]): Promise<readonly string[]> {
    const door = await this.gate.look(account);
    if (door === 'open') return batchIds;
    if (door === 'used_up') return this.recovery.findUnbound(batchIds, 'impatient');
    return door === 'leave' ? this.recovery.findUnbound(batchIds, 'movable') : [];
  }

  private async dispatchInTurn({ batch, waitMs }: Turn): Promise<void> {
    const { stopping, transitions } = this;
    const stopKeeping = this.keep(batch);
    try {
      await sleep(waitMs, undefined, { signal: stopping }).catch(() => undefined);
      if (stopping.aborted) return await transitions.release(leaseOf(batch));
    } finally {
      stopKeeping();
    }
    await this.dispatchOne(batch);
  }

  private async dispatchOne(batch: BatchRow): Promise<void> {
    const { budget, transitions, stopping } = this;
    const stopKeeping = this.keep(batch);
    try {
      await budget.run(batch.followerCount, async () => {
        if (stopping.aborted) return transitions.release(leaseOf(batch));
        const prepared = await this.prepareOrHold(batch);
        stopKeeping();
        if (prepared === undefined) return;
        if ('refused' in prepared) return this.outcomes.settleUnposted(batch, prepared.refused);
        // After the attempt is committed a crash leaves "may have left" behind, before it "has not".
        if (stopping.aborted) return transitions.release(leaseOf(batch));
        if (await this.begin(batch, prepared)) await this.post(batch, prepared);
      });
    } finally {
      stopKeeping();
    }
  }

  /**
   * Renews the lease until the returned function is called. Waiting for memory, or for the upload of a file, may take
   * longer than a lease, and the worker would be taken for lost.
   */
  private keep(batch: BatchRow): () => void {
    const { transitions, timing, log } = this;
    const leaseMs = effectiveLeaseMs(timing);
    const timer = setInterval(() => {
      transitions
        .renewLease(leaseOf(batch), leaseMs)
        .catch((error: unknown) => log.warn({ err: error, batchId: batch.id }, 'a lease was not renewed'));
    }, leaseMs / 3);
    return () => clearInterval(timer);
  }

  private async begin(batch: BatchRow, { provider, outbound }: Prepared): Promise<boolean> {
    const attempt = {
      id: newUuid(),
      number: batch.attemptCount,
      marker: outbound.marker,
      leaseMs: effectiveLeaseMs(this.timing),
      freshMs: FRESH_LEASE_MS,
      recipients: outbound.recipients.length,
      quota: provider.capabilities.limits.quota?.recipients,
      event: batchEvent('batch.dispatched', batch, { provider: batch.provider, attempt: batch.attemptCount }),
    };
    const begun = await this.starts.start({ lease: leaseOf(batch), attempt });
    if (begun === 'over_quota') await this.holdForQuota(batch, provider);
    return begun === 'begun';
  }

  private async holdForQuota(batch: BatchRow, { capabilities }: EmailProvider): Promise<void> {
    const { outbound, holder, clock, gate, transitions } = this;
    const content = await outbound.findContent(batch.messageId);
    const usedUp = quotaUsedUp(capabilities.limits, clock.now());
    if (content?.onQuota === 'reject') return this.fail(batch, usedUp);
    const waits = content?.onQuota === 'defer' && (await gate.hasNoQuota(batch.provider));
    // Where something is left that others fit into, the batch itself says why it waits.
    return waits ? transitions.leave(leaseOf(batch)) : holder.hold(batch, usedUp);
  }

  /** A failure to make the request says nothing of the provider. It is tried some times, in case that it was the moment. */
  private async prepareOrHold(batch: BatchRow): Promise<Preparation> {
    try {
      return await this.prepare(batch);
    } catch (error) {
      if (error instanceof ContentLockedError) return this.holdForKey(batch, error);
      const { holder, timing, log } = this;
      log.error({ err: error, batchId: batch.id, losses: batch.lossCount }, 'a batch could not be made ready');
      const detail = `the gateway could not make it ready: ${error instanceof Error ? error.message : String(error)}`;
      if (batch.lossCount + 1 >= MOST_LOSSES) await this.fail(batch, { reason: 'unknown', detail });
      else {
        const delayMs = backoffMs(batch.lossCount, timing);
        await holder.hold(batch, { reason: 'unknown', detail, delayMs, elsewhere: false, untried: 'failed' });
      }
      return undefined;
    }
  }

  /** The batch is as good as it was: it goes on when a worker with the key takes it, until it expires. */
  private async holdForKey(batch: BatchRow, { message: detail }: ContentLockedError): Promise<undefined> {
    const { holder, timing, clock, log } = this;
    log.error({ batchId: batch.id, detail }, 'a batch waits for the key of its content');
    // The longer it has waited, the less a further minute matters: few looks, and few events, however long the key is away.
    const delayMs = Math.min(Math.max(lateMs(batch, clock) / 4, timing.retryBaseMs), timing.retryMaxMs);
    await holder.hold(batch, { reason: 'unknown', detail, delayMs, elsewhere: false, untried: 'waits' });
  }

  /** For a batch that can never be sent. A lost lease does no harm: another worker has the batch. */
  private async fail(batch: BatchRow, why: WhyNot): Promise<void> {
    const { database, endings } = this;
    await database.repeatable((tx) => endings.failBatch(tx, { id: batch.id, token: batch.leaseToken }, why));
  }

  private async prepare(batch: BatchRow): Promise<Preparation> {
    const provider = this.providers.find(batch.provider);
    const content = await this.outbound.findContent(batch.messageId);
    if (provider === undefined || content === undefined) return undefined;
    await this.suppress(batch, content.createdAt);
    const target = await this.lists.of(content);
    if ('refused' in target) return target;
    const recipients = batch.ofList ? [] : await this.outbound.findFollowers(batch);
    if (recipients.length === 0 && !batch.ofList) {
      await this.transitions.settleEmpty(leaseOf(batch));
      return undefined;
    }
    const files = await this.attachments.ensure(provider, content.attachmentIds);
    if ('refused' in files) return { refused: { ...files.refused, refusedRecipients: [] } };
    const marker = markerFor(batch.id, batch.attemptCount, content.fromAddress);
    const outbound = { ...outboundBatch(batch, marker, content, recipients), ...target, attachments: files.files };
    return { provider, outbound, attachmentIds: content.attachmentIds };
  }

  /** Recipients who opted out between accept and now do not get the mail either. */
  private async suppress(batch: BatchRow, acceptedAt: Date): Promise<void> {
    const { database, suppressions, listGrowth, recorder } = this;
    if (!(await listGrowth.hasGrownSince(acceptedAt))) return;
    const range = { from: batch.positionFrom, to: batch.positionTo };
    await database.repeatable(async (tx) => {
      const marked = await suppressions.suppress(tx, { id: batch.messageId, category: batch.category }, range);
      if (marked.length === 0) return;
      await recorder.started(tx, batch.messageId, marked);
      await recorder.completion(tx, batch.messageId);
    });
  }

  private async post(batch: BatchRow, { provider, outbound, attachmentIds: ids }: Prepared): Promise<void> {
    const timeoutMs = this.timing.providerTimeoutMs;
    const outcome = await postBatch(provider, outbound, { timeoutMs, log: this.log });
    if (outcome.outcome !== 'refused') return this.outcomes.settle(batch, outcome);
    await this.lists.note(batch.provider, outcome);
    const about = { ids, refused: outcome, attempt: batch.attemptCount };
    await this.outcomes.settle(batch, await this.attachments.reconsider(provider, about));
  }
}

interface Prepared {
  readonly provider: EmailProvider;
  readonly outbound: OutboundBatch;
  readonly attachmentIds: readonly string[];
}

/** `undefined`: there is nothing to send (any more). */
type Preparation = Prepared | { readonly refused: Refused } | undefined;
