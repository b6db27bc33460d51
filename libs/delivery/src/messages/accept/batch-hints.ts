import { Inject, Injectable } from '@nestjs/common';
import type { MessageRows, NewMessage } from '@gateway/database';
import { CLOCK, LOGGER, type Clock, type Logger } from '@gateway/platform';
import { BatchProducer, dispatchQueueName } from '@gateway/queue';
import { delayOf } from './prepare-message.js';

export interface WrittenMessage {
  readonly message: NewMessage;
  readonly batches: MessageRows['batches'];
  /** `null`: no job is made; a sweep finds them when they are due, or when their account opens. */
  readonly enqueuedAt: Date | null;
}

/** The part of it that the queue needs. */
interface Hinted extends Pick<WrittenMessage, 'enqueuedAt'> {
  readonly message: Pick<NewMessage, 'provider' | 'category' | 'sendAt'>;
  readonly batches: readonly { readonly id: string }[];
}

/** Tells the queue about batches that have been written (law 2). */
@Injectable()
export class BatchHints {
  constructor(
    private readonly producer: BatchProducer,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The caller does not wait: the message is already durable, and a queue that is away must not delay the answer. */
  send({ message, batches, enqueuedAt }: Hinted): void {
    if (enqueuedAt === null) return;
    const queueName = dispatchQueueName(message.provider, message.category);
    const batchIds = batches.map(({ id }) => id);
    this.producer.enqueue(queueName, batchIds, delayOf(message, this.clock.now())).catch((error: unknown) => {
      this.log.warn({ err: error, queueName, batches: batchIds.length }, 'not enqueued; the recovery sweep will');
    });
  }
}
