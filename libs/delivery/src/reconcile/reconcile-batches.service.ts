import {
  renderFor,
  ProviderUnavailableError,
  type EmailProvider,
  type FindQuery,
  type FoundRequest,
  type Recipient,
} from '@gateway/core';
import type {
  AttemptRepository,
  BatchRow,
  Database,
  DispatchRepository,
  Lease,
  LookedUpBatch,
  MessageContentRow,
  OpenAttemptRow,
  OutboundRepository,
  ReconcileRepository,
} from '@gateway/database';
import type { Logger } from '@gateway/platform';
import { dispatchQueueName, type BatchProducer } from '@gateway/queue';
import { batchEvent, followersEvent } from '../delivery-events.js';
import { MOST_LOSSES } from '../dispatch/dispatch-batches.service.js';
import { outboundBatch } from '../outbound-batch.js';
import type { ProviderDirectory } from '../provider-directory.js';
import type { Recorder } from '../record.js';
import { backoffMs, effectiveLeaseMs, type Timing } from '../timing.js';
import { firstPollMs } from '../track/poll-schedule.js';
import { absenceStart, isSettledAbsence, nextLookupMs } from './lookup-plan.js';

/**
 * Asks the provider for requests whose answer never came, before anything is sent again (law 4): found, the batch is
 * adopted; absent after the settling time, it is sent again; the provider away, it waits.
 */
export class ReconcileBatchesService {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly dispatch: DispatchRepository;
      readonly outbound: OutboundRepository;
      readonly attempts: AttemptRepository;
      readonly reconcile: ReconcileRepository;
      readonly recorder: Recorder;
      readonly providers: ProviderDirectory;
      readonly producer: BatchProducer;
      readonly timing: Timing;
      readonly log: Logger;
    },
  ) {}

  async execute(batchIds: readonly string[]): Promise<void> {
    const claimed = await this.deps.reconcile.claim(batchIds, effectiveLeaseMs(this.deps.timing));
    await Promise.all(claimed.map((batch) => this.reconcileOne(batch)));
  }

  private async reconcileOne(batch: LookedUpBatch): Promise<void> {
    const attempts = await this.deps.reconcile.findOpenAttempts(batch.id);
    const provider = this.deps.providers.find(batch.provider);
    const lease = { batchId: batch.id, token: batch.leaseToken };
    if (provider === undefined) return this.wait(batch, lease, `no account "${batch.provider}" is configured`);
    try {
      const found = await this.find(provider, batch, attempts);
      if (found !== undefined) return await this.adopt(batch, attempts, found);
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError)) throw error;
      return this.wait(batch, lease, error.message);
    }
    await this.absent(batch, attempts);
  }

  private async find(
    provider: EmailProvider,
    batch: LookedUpBatch,
    attempts: readonly OpenAttemptRow[],
  ): Promise<FoundRequest | undefined> {
    const content = await this.deps.outbound.findContent(batch.messageId);
    const first = batch.ofList ? undefined : await this.deps.outbound.findFirstFollower(batch);
    if (content === undefined || (first === undefined && !batch.ofList)) return undefined;
    const query = this.query(batch, attempts, { content, first });
    return provider.find(query, AbortSignal.timeout(this.deps.timing.providerTimeoutMs));
  }

  private query(
    batch: LookedUpBatch,
    attempts: readonly OpenAttemptRow[],
    { content, first }: { readonly content: MessageContentRow; readonly first: Recipient | undefined },
  ): FindQuery {
    const outbound = outboundBatch(batch, '', content, first === undefined ? [] : [first]);
    return {
      batchId: outbound.batchId,
      markers: attempts.map(({ marker }) => marker),
      category: batch.category,
      delivery: content.delivery,
      sender: content.fromAddress,
      recipientCount: batch.ofList ? undefined : batch.followerCount,
      first: {
        address: first?.address ?? '',
        subject: renderFor(outbound.content, outbound.variables, first?.variables).subject,
      },
      ...(batch.ofList && { list: ANY_LIST }),
      // Both by one clock: a window that ended before the request began would deny what is there.
      window: { from: attempts[0]?.startedAt ?? batch.claimedAt, to: batch.claimedAt },
      isAdopted: (requestId) => this.deps.reconcile.isAdopted(batch.provider, requestId),
    };
  }

  private async adopt(batch: BatchRow, attempts: readonly OpenAttemptRow[], found: FoundRequest): Promise<void> {
    const { database, dispatch, recorder, timing } = this.deps;
    const lease = { batchId: batch.id, token: batch.leaseToken };
    await database.transaction(async (tx) => {
      if (
        !(await dispatch.markSubmitted(tx, lease, { ...found, firstPollMs: firstPollMs(batch.recipientCount, timing) }))
      )
        return;
      for (const { number } of attempts) {
        await this.deps.attempts.finishAttempt(tx, batch.id, number, {
          outcome: 'adopted',
          operation: found.operation,
        });
      }
      await recorder.events.insert(tx, [batchEvent('batch.adopted', batch, { requestId: found.requestId })]);
    });
    this.deps.log.info({ batchId: batch.id, provider: batch.provider }, 'found at the provider and adopted');
  }

  private async absent(batch: LookedUpBatch, attempts: readonly OpenAttemptRow[]): Promise<void> {
    const { timing, reconcile } = this.deps;
    const lease = { batchId: batch.id, token: batch.leaseToken };
    const since = absenceStart(attempts, timing);
    const lookup = { startedAt: batch.claimedAt, lookups: batch.lookupCount };
    if (isSettledAbsence(lookup, since, timing)) return this.resend(batch, lease);
    const delayMs = nextLookupMs(lookup, since, timing);
    await reconcile.scheduleLookup(lease, { delayMs, counts: true, detail: 'the provider does not list it (yet)' });
  }

  /** It has not arrived, and its worker was lost each time: told as failed instead of tried for ever. */
  private async giveUp(batch: BatchRow, lease: Lease): Promise<void> {
    const { database, dispatch, reconcile, recorder, log } = this.deps;
    const detail = `its worker was lost ${batch.lossCount} times while it was being posted`;
    await database.transaction(async (tx) => {
      if (!(await dispatch.markFailed(tx, lease, { reason: 'unknown', detail }))) return;
      await reconcile.closeAbsent(tx, batch.id);
      await recorder.events.insert(tx, [
        batchEvent('batch.refused', batch, { reason: 'unknown', message: detail }),
        followersEvent(batch, 'failed'),
      ]);
      await recorder.completion(tx, batch.messageId);
    });
    log.error({ batchId: batch.id, losses: batch.lossCount }, 'a batch is given up');
  }

  private async resend(batch: BatchRow, lease: Lease): Promise<void> {
    if (batch.lossCount >= MOST_LOSSES) return this.giveUp(batch, lease);
    const { database, reconcile, recorder, producer, log } = this.deps;
    const free = await database.transaction(async (tx) => {
      if (!(await reconcile.markAbsent(tx, lease))) return false;
      await recorder.events.insert(tx, [batchEvent('batch.resent', batch, { lookups: batch.lookupCount + 1 })]);
      return true;
    });
    if (!free) return;
    log.warn({ batchId: batch.id, provider: batch.provider }, 'absent at the provider; it is sent again');
    await producer.enqueue(dispatchQueueName(batch.provider, batch.category), [batch.id]);
  }

  /** The provider could not be asked: no look-up counts, and nothing is sent. */
  private async wait(batch: BatchRow, lease: Lease, detail: string): Promise<void> {
    const delayMs = backoffMs(batch.lookupCount + 1, this.deps.timing);
    await this.deps.reconcile.scheduleLookup(lease, { delayMs, counts: false, detail });
  }
}

/** A marker tells the request apart; which lists it went to need not be known. */
const ANY_LIST = { lists: [], match: 'any' } as const;
