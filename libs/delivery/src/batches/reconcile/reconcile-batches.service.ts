import { Inject, Injectable } from '@nestjs/common';
import {
  renderFor,
  ProviderUnavailableError,
  type EmailProvider,
  type FindQuery,
  type FoundRequest,
  type Recipient,
} from '@gateway/core';
import {
  type BatchRow,
  BatchTransitions,
  Database,
  type Lease,
  type LookedUpBatch,
  type MessageContentRow,
  type OpenAttemptRow,
  ReconcileRepository,
} from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import { BatchProducer, dispatchQueueName } from '@gateway/queue';
import { batchEvent } from '../../shared/delivery-events.js';
import { leaseOf } from '../../shared/lease.js';
import { MOST_LOSSES } from '../../shared/losses.js';
import { outboundBatch } from '../../shared/outbound-batch.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { Recorder } from '../../shared/record.js';
import { backoffMs, effectiveLeaseMs, type Timing } from '../../shared/timing.js';
import { BatchEndings } from '../endings/batch-endings.js';
import { firstPollMs } from '../track/poll-schedule.js';
import { absenceStart, isSettledAbsence, nextLookupMs } from './lookup-plan.js';

/**
 * Asks the provider for requests whose answer never came, before anything is sent again (law 4): found, the batch is
 * adopted; absent after the settling time, it is sent again; the provider away, it waits.
 */
@Injectable()
export class ReconcileBatchesService {
  constructor(
    private readonly database: Database,
    private readonly transitions: BatchTransitions,
    private readonly endings: BatchEndings,
    private readonly outbound: OutboundReader,
    private readonly reconcile: ReconcileRepository,
    private readonly recorder: Recorder,
    private readonly providers: ProviderDirectory,
    private readonly producer: BatchProducer,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async execute(batchIds: readonly string[]): Promise<void> {
    const claimed = await this.reconcile.claim(batchIds, effectiveLeaseMs(this.timing));
    await Promise.all(claimed.map((batch) => this.reconcileOne(batch)));
  }

  private async reconcileOne(batch: LookedUpBatch): Promise<void> {
    const attempts = await this.reconcile.findOpenAttempts(batch.id);
    const provider = this.providers.find(batch.provider);
    if (provider === undefined) return this.wait(batch, attempts, `no account "${batch.provider}" is configured`);
    if (provider.find === undefined) return this.wait(batch, attempts, 'the account has no look-up');
    try {
      const found = await this.find(provider, batch, attempts);
      if (found !== undefined) return await this.adopt(batch, attempts, found);
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError)) throw error;
      return this.wait(batch, attempts, error.message);
    }
    await this.absent(batch, attempts);
  }

  private async find(
    provider: EmailProvider,
    batch: LookedUpBatch,
    attempts: readonly OpenAttemptRow[],
  ): Promise<FoundRequest | undefined> {
    const content = await this.outbound.findContent(batch.messageId);
    const first = batch.ofList ? undefined : await this.outbound.findFirstFollower(batch);
    if (content === undefined || (first === undefined && !batch.ofList)) return undefined;
    const query = this.query(batch, attempts, { content, first });
    return provider.find?.(query, AbortSignal.timeout(this.timing.providerTimeoutMs));
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
      isAdopted: (requestId) => this.reconcile.isAdopted(batch.provider, requestId),
    };
  }

  private async adopt(batch: BatchRow, attempts: readonly OpenAttemptRow[], found: FoundRequest): Promise<void> {
    const { database, endings, timing } = this;
    const adopted = {
      batch,
      requestId: found.requestId,
      operation: found.operation,
      firstPollMs: firstPollMs(batch.recipientCount, timing),
      how: 'adopted' as const,
      attempts: attempts.map(({ number }) => number),
      refusedRecipients: [],
    };
    await database.transaction((tx) => endings.takeBatches(tx, [adopted]));
    this.log.info({ batchId: batch.id, provider: batch.provider }, 'found at the provider and adopted');
  }

  private async absent(batch: LookedUpBatch, attempts: readonly OpenAttemptRow[]): Promise<void> {
    const { timing, reconcile } = this;
    const lease = leaseOf(batch);
    const since = absenceStart(attempts, timing);
    const lookup = { startedAt: batch.claimedAt, lookups: batch.lookupCount };
    if (isSettledAbsence(lookup, since, timing)) return this.resend(batch, lease);
    const delayMs = nextLookupMs(lookup, since, timing);
    await reconcile.scheduleLookup(lease, { delayMs, counts: true, detail: 'the provider does not list it (yet)' });
  }

  /** It has not arrived, and its worker was lost each time: told as failed instead of tried for ever. */
  private async giveUp(batch: BatchRow, lease: Lease): Promise<void> {
    const { database, endings, reconcile, log } = this;
    const detail = `its worker was lost ${batch.lossCount} times while it was being posted`;
    await database.transaction(async (tx) => {
      const failing = { id: batch.id, token: lease.token };
      if (await endings.failBatch(tx, failing, { reason: 'unknown', detail }))
        await reconcile.closeAbsent(tx, batch.id);
    });
    log.error({ batchId: batch.id, losses: batch.lossCount }, 'a batch is given up');
  }

  private async resend(batch: BatchRow, lease: Lease): Promise<void> {
    if (batch.lossCount >= MOST_LOSSES) return this.giveUp(batch, lease);
    const { database, transitions, reconcile, recorder, producer, log } = this;
    const free = await database.transaction(async (tx) => {
      if (!(await transitions.resend(tx, lease))) return false;
      await reconcile.closeAbsent(tx, batch.id);
      await recorder.events.insert(tx, [batchEvent('batch.resent', batch, { lookups: batch.lookupCount + 1 })]);
      return true;
    });
    if (!free) return;
    log.warn({ batchId: batch.id, provider: batch.provider }, 'absent at the provider; it is sent again');
    await producer.enqueue(dispatchQueueName(batch.provider, batch.category), [batch.id]);
  }

  /** The provider could not be asked: no look-up counts, and nothing is sent, however long that takes. */
  private async wait(batch: LookedUpBatch, attempts: readonly OpenAttemptRow[], detail: string): Promise<void> {
    const { reconcile, timing } = this;
    if (isTooOld(batch, attempts, timing)) return this.expire(batch, detail);
    const delayMs = backoffMs(batch.lookupCount + 1, timing);
    await reconcile.scheduleLookup(leaseOf(batch), { delayMs, counts: false, detail });
  }

  /** It is never sent again, since the provider may have it. */
  private async expire(batch: BatchRow, problem: string): Promise<void> {
    const { database, endings, timing, log } = this;
    const detail = `whether ${batch.provider} has it could not be found out in time: ${problem}`;
    await database.transaction((tx) =>
      endings.expireDoubt(tx, { lease: leaseOf(batch) }, { expireMs: timing.expireMs, detail }),
    );
    log.error({ batchId: batch.id, provider: batch.provider }, 'expired in doubt; it may have been sent');
  }
}

/** Counted from the last request, too: one that was sent late has its time to be found. */
function isTooOld(batch: LookedUpBatch, attempts: readonly OpenAttemptRow[], { expireMs }: Timing): boolean {
  const begun = [batch.dueAt, ...attempts.map(({ startedAt }) => startedAt)].map((time) => time.getTime());
  return batch.claimedAt.getTime() - Math.max(...begun) > expireMs;
}

/** A marker tells the request apart; which lists it went to need not be known. */
const ANY_LIST = { lists: [], match: 'any' } as const;
