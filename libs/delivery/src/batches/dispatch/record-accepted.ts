import { Inject, Injectable } from '@nestjs/common';
import type { Accepted, PostponedRecipient } from '@gateway/core';
import { type BatchRow, Database, isRequestIdTaken } from '@gateway/database';
import { Coalescer } from '../../shared/coalescer.js';
import { AccountHealth } from '../../accounts/account-health.js';
import { CONFIG } from '@gateway/platform';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import type { Timing } from '../../shared/timing.js';
import { firstPollMs } from '../track/poll-schedule.js';
import { BatchEndings, type TakenBatch } from '../endings/batch-endings.js';
import { PartTaker } from '../endings/part-taker.js';

/** A request that the provider took, perhaps without some of its recipients. */
export interface AcceptedBatch {
  readonly batch: BatchRow;
  readonly accepted: Accepted;
}

/** Figures are kept for each recipient of a batch: one of more takes the database long, and has it for itself. */
const MOST_TOGETHER = 2000;

/** Writes what providers have taken; of all but the largest batches, many together. */
@Injectable()
export class AcceptedRecorder {
  /** One at a time: what is settled meanwhile waits for the disk, and for the message of a campaign, together. */
  private readonly together = new Coalescer((all: readonly AcceptedBatch[]) => this.record(all), {
    atOnce: 1,
    most: 100,
    weightOf: ({ batch }: AcceptedBatch) => batch.recipientCount,
    mostWeight: MOST_TOGETHER,
  });

  constructor(
    private readonly database: Database,
    private readonly endings: BatchEndings,
    private readonly parts: PartTaker,
    private readonly health: AccountHealth,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /** @returns false when another worker has taken the batch meanwhile: then nothing of it is written. */
  async run(accepted: AcceptedBatch): Promise<boolean> {
    const { postponedRecipients = [] } = accepted.accepted;
    if (postponedRecipients.length > 0) return this.runPartly(accepted, postponedRecipients);
    try {
      return await this.runWhole(accepted);
    } catch (error) {
      if (!isRequestIdTaken(error)) throw error;
      return this.parts.take(this.toTaken(accepted), []);
    }
  }

  private async runWhole(accepted: AcceptedBatch): Promise<boolean> {
    if (accepted.batch.recipientCount <= MOST_TOGETHER) return this.together.run(accepted);
    // A login code does not wait for it.
    const [held] = await this.record([accepted]);
    return held === true;
  }

  private async runPartly({ batch, accepted }: AcceptedBatch, postponed: readonly PostponedRecipient[]) {
    await this.health.note(batch.provider, accepted);
    return this.parts.take(this.toTaken({ batch, accepted }), postponed);
  }

  private async record(all: readonly AcceptedBatch[]): Promise<readonly boolean[]> {
    const byProvider = new Map(all.map(({ batch, accepted }) => [batch.provider, accepted]));
    for (const [provider, accepted] of byProvider) await this.health.note(provider, accepted);
    const taken = all.map((one) => this.toTaken(one));
    const held = await this.database.repeatable((tx) => this.endings.takeBatches(tx, taken));
    return all.map(({ batch }) => held.has(batch.id));
  }

  private toTaken({ batch, accepted }: AcceptedBatch): TakenBatch {
    return {
      batch,
      requestId: accepted.requestId,
      operation: accepted.operation,
      httpStatus: accepted.httpStatus,
      firstPollMs: firstPollMs(batch.recipientCount, this.timing, this.providers.find(batch.provider)),
      how: 'accepted',
      attempts: [batch.attemptCount],
      refusedRecipients: accepted.refusedRecipients,
      recipientIds: accepted.recipientIds,
    };
  }
}
