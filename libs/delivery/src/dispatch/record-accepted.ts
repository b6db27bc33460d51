import type { Accepted } from '@gateway/core';
import type { AttemptRepository, BatchRow, Database, DispatchRepository, Queryable } from '@gateway/database';
import { Coalescer } from '@gateway/platform';
import { batchEvent } from '../delivery-events.js';
import type { Recorder } from '../record.js';
import type { Timing } from '../timing.js';
import { firstPollMs } from '../track/poll-schedule.js';
import type { AccountHealth } from './account-health.js';
import { leaseOf } from './hold-batches.js';

/** A request that the provider took as it was. */
export interface AcceptedBatch {
  readonly batch: BatchRow;
  readonly accepted: Accepted;
}

/** Figures are kept for each recipient of a batch: one of more takes the database long, and has it for itself. */
const MOST_TOGETHER = 2000;

/** Writes what providers have taken; of all but the largest batches, many together. */
export class AcceptedRecorder {
  /** One at a time: what is settled meanwhile waits for the disk, and for the message of a campaign, together. */
  private readonly together = new Coalescer((all: readonly AcceptedBatch[]) => this.record(all), {
    ...{ atOnce: 1, most: 100 },
    ...{ weightOf: ({ batch }: AcceptedBatch) => batch.recipientCount, mostWeight: MOST_TOGETHER },
  });

  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly dispatch: DispatchRepository;
      readonly attempts: AttemptRepository;
      readonly recorder: Recorder;
      readonly health: AccountHealth;
      readonly timing: Timing;
    },
  ) {}

  /** @returns false when another worker has taken the batch meanwhile: then nothing of it is written. */
  async run(accepted: AcceptedBatch): Promise<boolean> {
    if (accepted.batch.recipientCount <= MOST_TOGETHER) return this.together.run(accepted);
    // A login code does not wait for it.
    const [held] = await this.record([accepted]);
    return held === true;
  }

  private async record(all: readonly AcceptedBatch[]): Promise<readonly boolean[]> {
    const { database, health } = this.deps;
    const byProvider = new Map(all.map(({ batch, accepted }) => [batch.provider, accepted]));
    for (const [provider, accepted] of byProvider) await health.note(provider, accepted);
    const held = await database.transaction((tx) => this.write(tx, all));
    return all.map(({ batch }) => held.has(batch.id));
  }

  private async write(tx: Queryable, all: readonly AcceptedBatch[]): Promise<ReadonlySet<string>> {
    const { dispatch, attempts, recorder, timing } = this.deps;
    const held = await dispatch.markManySubmitted(
      tx,
      all.map(({ batch, accepted: { requestId, operation } }) => ({
        lease: leaseOf(batch),
        messageId: batch.messageId,
        result: { requestId, operation, firstPollMs: firstPollMs(batch.recipientCount, timing) },
      })),
    );
    const ours = all.filter(({ batch }) => held.has(batch.id));
    if (ours.length === 0) return held;
    await attempts.finishAccepted(
      tx,
      ours.map(({ batch, accepted: { operation, httpStatus } }) => ({
        batchId: batch.id,
        number: batch.attemptCount,
        result: { outcome: 'accepted', operation, provider: { httpStatus } },
      })),
    );
    await recorder.events.insert(
      tx,
      ours.map(({ batch, accepted: { requestId, operation } }) =>
        batchEvent('batch.accepted', batch, { requestId, operation }),
      ),
    );
    await recorder.completion(tx, ...new Set(ours.map(({ batch }) => batch.messageId)));
    return held;
  }
}
