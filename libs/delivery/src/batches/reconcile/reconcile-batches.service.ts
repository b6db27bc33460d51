import { Inject, Injectable } from '@nestjs/common';
import {
  renderFor,
  MarkerUnreadableError,
  ProviderUnavailableError,
  type EmailProvider,
  type FindQuery,
  type FoundRequest,
  type Recipient,
} from '@gateway/core';
import {
  ContentLockedError,
  type LookedUpBatch,
  type MessageContentRow,
  type OpenAttemptRow,
  ReconcileRepository,
} from '@gateway/database';
import { CONFIG } from '@gateway/platform';
import { outboundBatch } from '../../shared/outbound-batch.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { effectiveLeaseMs, type Timing } from '../../shared/timing.js';
import { DoubtEndings } from './doubt-endings.js';
import { absenceStart, isSettledAbsence, nextLookupMs } from './lookup-plan.js';
import { KnownMarkers } from './known-markers.js';
import { RequestRepeater } from './request-repeater.js';

type Attempts = readonly OpenAttemptRow[];

/**
 * Settles doubts about requests that were not answered, before anything is sent again (law 4). Where the provider can
 * be asked, the batch is adopted when the request is found and sent again when it is absent after the settling time;
 * while the provider is away, it waits. Other accounts repeat the request under its idempotency key, wait for the
 * provider to report it, or leave the batch in doubt until it expires.
 */
@Injectable()
export class ReconcileBatchesService {
  constructor(
    private readonly outbound: OutboundReader,
    private readonly reconcile: ReconcileRepository,
    private readonly providers: ProviderDirectory,
    private readonly doubts: DoubtEndings,
    private readonly repeater: RequestRepeater,
    private readonly markers: KnownMarkers,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  async execute(batchIds: readonly string[]): Promise<void> {
    const claimed = await this.reconcile.claim(batchIds, effectiveLeaseMs(this.timing));
    await Promise.all(claimed.map((batch) => this.reconcileOne(batch)));
  }

  private async reconcileOne(batch: LookedUpBatch): Promise<void> {
    const { doubts } = this;
    const attempts = await this.reconcile.findOpenAttempts(batch.id);
    const provider = this.providers.find(batch.provider);
    if (provider === undefined) return doubts.wait(batch, attempts, `no account "${batch.provider}" is configured`);
    if (provider.find !== undefined) return this.lookUp(provider, batch, attempts);
    switch (provider.capabilities.doubt) {
      case 'repeat':
        return this.repeat(provider, batch, attempts);
      case 'events':
        return doubts.leaveAlone(batch, attempts, 'the provider has not reported it (yet)');
      default:
        return doubts.leaveAlone(batch, attempts, 'the provider offers no way to find out');
    }
  }

  private async repeat(provider: EmailProvider, batch: LookedUpBatch, attempts: Attempts): Promise<void> {
    const { doubts } = this;
    const repeated = await this.repeater.repeat(provider, batch, attempts);
    switch (repeated.settled) {
      case 'taken':
        await doubts.adopt(batch, attempts, repeated.accepted);
        return;
      case 'refused':
        return doubts.resend(batch);
      case 'later':
        return doubts.askLater(batch, attempts, { ...repeated, counts: repeated.asked });
      case 'never':
        return doubts.leaveAlone(batch, attempts, repeated.detail);
    }
  }

  private async lookUp(provider: EmailProvider, batch: LookedUpBatch, attempts: Attempts): Promise<void> {
    try {
      const found = await this.find(provider, batch, attempts);
      if (found !== undefined) {
        await this.markers.read(provider.name);
        return void (await this.doubts.adopt(batch, attempts, found));
      }
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError || error instanceof ContentLockedError)) throw error;
      if (error instanceof MarkerUnreadableError) await this.markers.lost(provider.name, error);
      return this.doubts.wait(batch, attempts, error.message);
    }
    await this.absent(batch, attempts);
  }

  private async find(
    provider: EmailProvider,
    batch: LookedUpBatch,
    attempts: Attempts,
  ): Promise<FoundRequest | undefined> {
    const content = await this.outbound.findContent(batch.messageId);
    const first = batch.ofList ? undefined : await this.outbound.findFirstFollower(batch);
    if (content === undefined || (first === undefined && !batch.ofList)) return undefined;
    const query = this.query(batch, attempts, { content, first });
    return provider.find?.(query, AbortSignal.timeout(this.timing.providerTimeoutMs));
  }

  private query(
    batch: LookedUpBatch,
    attempts: Attempts,
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

  private async absent(batch: LookedUpBatch, attempts: Attempts): Promise<void> {
    const since = absenceStart(attempts, this.timing);
    const lookup = { startedAt: batch.claimedAt, lookups: batch.lookupCount };
    if (isSettledAbsence(lookup, since, this.timing)) return this.doubts.resend(batch);
    const delayMs = nextLookupMs(lookup, since, this.timing);
    await this.doubts.scheduleLookup(batch, { delayMs, counts: true, detail: 'the provider does not list it (yet)' });
  }
}

/** The marker identifies the request, so its lists need not be known. */
const ANY_LIST = { lists: [], match: 'any' } as const;
