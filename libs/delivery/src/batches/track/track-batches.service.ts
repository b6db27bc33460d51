import { Inject, Injectable } from '@nestjs/common';
import {
  ProviderUnavailableError,
  type EmailProvider,
  type PollResult,
  type RecipientReport,
  type TrackedRequest,
} from '@gateway/core';
import { type BatchRow, type TrackedBatchRow, TrackingRepository } from '@gateway/database';
import { CONFIG, LOGGER, STOPPING, type Logger } from '@gateway/platform';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { RecipientBudget } from '../../shared/recipient-budget.js';
import { backoffMs, type Timing } from '../../shared/timing.js';
import { type Polled, PollRecorder } from './record-polls.js';

/** Recipients that a provider reports in one page, and pages that a process reads from an account at a time. */
const PAGE = 1000;
const PAGES_AT_ONCE = 8;

/** Tracks accepted requests until they are final: polls the provider and writes its answers. */
@Injectable()
export class TrackBatchesService {
  /**
   * Reading pages keeps the processor busy, so only a few are read at a time and sending gets its turns in between.
   * Each account has its own budget, so that one that does not answer does not hold up the others.
   */
  private readonly pages = new Map<string, RecipientBudget>();

  constructor(
    private readonly tracking: TrackingRepository,
    private readonly polls: PollRecorder,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
    /** Aborted at shutdown: the poll is aborted, and the next worker polls again. */
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  async execute(batchIds: readonly string[]): Promise<void> {
    // The job ends when this returns. Without the give-back, the batches would wait for their lease to end.
    if (this.stopping.aborted) return this.tracking.giveBack(batchIds);
    const batches = await this.tracking.findBatches(batchIds);
    await Promise.all(
      batches.map((batch) =>
        this.pagesOf(batch.provider).run(Math.min(batch.recipientCount, PAGE), () => this.trackOne(batch)),
      ),
    );
  }

  private pagesOf(provider: string): RecipientBudget {
    const pages = this.pages.get(provider) ?? new RecipientBudget(PAGES_AT_ONCE * PAGE);
    this.pages.set(provider, pages);
    return pages;
  }

  private async trackOne(batch: TrackedBatchRow): Promise<void> {
    const provider = this.providers.find(batch.provider);
    if (provider === undefined || batch.providerRequestId === null) {
      return this.tracking.failPoll(batch.id, this.timing.retryMaxMs);
    }
    try {
      await this.polls.finish(await this.poll(provider, batch));
    } catch (error) {
      await this.failed(batch, error);
    }
  }

  /**
   * Writes page by page, each in a transaction of its own, so that memory and locks stay small for requests of any
   * size. The last page is left for the transaction that ends the poll, because most requests have only one. A poll
   * that fails half-way keeps everything that was reported until then.
   */
  private async poll(provider: EmailProvider, batch: TrackedBatchRow): Promise<Polled> {
    const patience = AbortSignal.timeout(POLL_PATIENCE * this.timing.providerTimeoutMs);
    const pages = provider.poll?.(trackedRequest(batch), AbortSignal.any([patience, this.stopping])) ?? unasked(batch);
    const started = performance.now();
    let last: readonly RecipientReport[] = [];
    let coming = pages.next();
    for (;;) {
      const page = await coming.catch(async (error: unknown) => {
        if (last.length > 0) await this.polls.write(batch, last);
        throw error;
      });
      if (page.done) return { provider, batch, result: page.value, tookMs: performance.now() - started, last };
      // The next page is requested while this one is written. If the write fails, that page's answer is ignored.
      coming = pages.next();
      coming.catch(() => undefined);
      if (last.length > 0) await this.polls.write(batch, last);
      last = page.value;
    }
  }

  private async failed(batch: BatchRow, error: unknown): Promise<void> {
    const { tracking, timing, log } = this;
    if (this.stopping.aborted) return tracking.failPoll(batch.id, 0);
    const known = error instanceof ProviderUnavailableError;
    if (known) log.warn({ batchId: batch.id, provider: batch.provider, problem: error.message }, 'poll failed');
    else log.error({ err: error, batchId: batch.id }, 'poll failed');
    const retryAfterMs = known ? (error.retryAfterMs ?? 0) : 0;
    await tracking.failPoll(batch.id, Math.max(backoffMs(batch.pollFailures, timing), retryAfterMs));
  }
}

/** An account that reports by itself is not polled: only the time that has passed decides. */
async function* unasked({ pollCursor: cursor }: BatchRow): AsyncGenerator<never, PollResult, void> {
  return { begun: false, moved: false, cursor };
}

/** A poll of a large request makes many calls; each has its own timeout, this bounds them all. */
const POLL_PATIENCE = 20;

const trackedRequest = (batch: TrackedBatchRow): TrackedRequest => ({
  requestId: batch.providerRequestId ?? '',
  operation: batch.operation ?? '',
  category: batch.category,
  delivery: batch.delivery,
  recipientCount: batch.recipientCount,
  ofList: batch.ofList,
  acceptedAt: batch.submittedAt ?? batch.dueAt,
  cursor: batch.pollCursor ?? undefined,
});
