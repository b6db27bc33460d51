import { Inject, Injectable } from '@nestjs/common';
import { type BatchRow, BatchTransitions, Database, type NextPoll, TrackingRepository } from '@gateway/database';
import { CLOCK, CONFIG, LOGGER, type Clock, type Logger } from '@gateway/platform';
import { unconfigured } from '../../accounts/configured-accounts.js';
import { Recorder } from '../../shared/record.js';
import type { Timing } from '../../shared/timing.js';

/** Milliseconds until a request that cannot be followed is looked at again, at most. */
const LONGEST_PAUSE_MS = 600_000;

/**
 * Requests that an account took before it was removed. Without its credentials they cannot be followed: they keep their
 * states until `SENT_FINAL_MS` has passed, in case the account returns, and end then.
 */
@Injectable()
export class StrandedRequests {
  constructor(
    private readonly database: Database,
    private readonly transitions: BatchTransitions,
    private readonly tracking: TrackingRepository,
    private readonly recorder: Recorder,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** @param batchIds of requests whose poll is due. */
  async follow(batchIds: readonly string[]): Promise<void> {
    if (batchIds.length === 0) return;
    const now = this.clock.now().getTime();
    const late: string[] = [];
    for (const { id, submittedAt, dueAt } of await this.tracking.findBatches(batchIds)) {
      const leftMs = (submittedAt ?? dueAt).getTime() + this.timing.sentFinalMs - now;
      if (leftMs > 0) await this.tracking.failPoll(id, Math.min(leftMs, LONGEST_PAUSE_MS));
      else late.push(id);
    }
    if (late.length > 0) await this.end(late);
  }

  /** The fate of their recipients is not known, and will not be. */
  private async end(batchIds: readonly string[]): Promise<void> {
    const { database, tracking, transitions, recorder, log } = this;
    const ended = await database.repeatable(async (tx) => {
      const batches = [...(await tracking.lock(tx, batchIds)).values()];
      for (const batch of batches) {
        await recorder.events.insert(tx, await recorder.followers(tx, batch, 'expired', { reason: 'unknown' }));
      }
      await transitions.finishPolls(
        tx,
        batches.map((batch) => ({ batchId: batch.id, next: endOf(batch) })),
      );
      await recorder.completion(tx, ...new Set(batches.map(({ messageId }) => messageId)));
      return batches;
    });
    for (const { id, provider } of ended) {
      log.warn({ batchId: id, provider }, 'its account is no longer configured: what became of it is not known');
    }
  }
}

const endOf = ({ provider, followerCount, pollCursor: cursor }: BatchRow): NextPoll =>
  followerCount === 0
    ? { status: 'settled', cursor }
    : { status: 'expired', cursor, why: { reason: 'unknown', detail: unconfigured(provider) } };
