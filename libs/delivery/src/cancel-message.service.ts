import { GatewayProblem } from '@gateway/core';
import type { Database, MessageRepository } from '@gateway/database';
import { messageEvent } from './delivery-events.js';
import type { Recorder } from './record.js';

export interface Cancellation {
  /** Recipients that will not get the mail. */
  readonly cancelled: number;
  /** Recipients whose mail a provider has, or may have. */
  readonly tooLate: number;
}

/** Cancels what no provider has accepted. What a worker is posting at this moment is too late. */
export class CancelMessageService {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageRepository,
    private readonly recorder: Recorder,
  ) {}

  /** @throws GatewayProblem `nothing_to_cancel` when no recipient was left. */
  execute(messageId: string): Promise<Cancellation> {
    return this.database.transaction(async (tx) => {
      const waiting = await this.messages.cancelWaiting(tx, messageId);
      const { cancelled, tooLate, batchIds } = await this.messages.cancel(tx, messageId);
      if (cancelled === 0 && batchIds.length === 0 && !waiting) {
        throw new GatewayProblem(
          'nothing_to_cancel',
          'Every recipient is with a provider, final or cancelled already.',
        );
      }
      await this.recorder.events.insert(tx, [messageEvent('message.cancelled', messageId, { cancelled, tooLate })]);
      await this.recorder.completion(tx, messageId);
      return { cancelled, tooLate };
    });
  }
}
