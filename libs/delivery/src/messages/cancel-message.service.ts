import { Injectable } from '@nestjs/common';
import { GatewayProblem } from '@gateway/core';
import { BatchTransitions, Database, MessageRepository, type BatchRow, type Queryable } from '@gateway/database';
import { messageEvent } from '../events/delivery-events.js';
import { Recorder } from '../shared/record.js';

export interface Cancellation {
  /** Recipients that will not get the mail. */
  readonly cancelled: number;
  /** Recipients whose mail a provider has, or may have. */
  readonly tooLate: number;
}

/** Cancels recipients that no provider has accepted. Batches that a worker is sending at this moment are too late. */
@Injectable()
export class CancelMessageService {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageRepository,
    private readonly transitions: BatchTransitions,
    private readonly recorder: Recorder,
  ) {}

  /** @throws GatewayProblem `nothing_to_cancel` when no recipient was left. */
  execute(messageId: string): Promise<Cancellation> {
    return this.database.repeatable(async (tx) => {
      const waiting = await this.messages.cancelWaiting(tx, messageId);
      const batches = await this.cancelBatches(tx, messageId);
      const cancelled = batches.reduce((sum, { followerCount }) => sum + followerCount, 0);
      const tooLate = await this.messages.countTooLate(tx, messageId);
      if (batches.length === 0 && !waiting) {
        throw new GatewayProblem(
          'nothing_to_cancel',
          'Every recipient is with a provider, final or cancelled already.',
        );
      }
      await this.recorder.events.insert(tx, [messageEvent('message.cancelled', messageId, { cancelled, tooLate })]);
      for (const batch of batches) {
        const events = await this.recorder.followers(tx, batch, 'cancelled', { reason: 'cancelled_by_caller' });
        await this.recorder.events.insert(tx, events);
      }
      await this.recorder.completion(tx, messageId);
      return { cancelled, tooLate };
    });
  }

  /** Repeats the statement: while it waits for a batch that is being posted, that batch may be split into new rows. */
  private async cancelBatches(tx: Queryable, messageId: string): Promise<readonly BatchRow[]> {
    const all: BatchRow[] = [];
    for (;;) {
      const some = await this.transitions.cancel(tx, messageId);
      if (some.length === 0) return all;
      all.push(...some);
    }
  }
}
