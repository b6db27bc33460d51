import type { Reason, RecipientCounts } from '@gateway/core';
import { MessageStateRepository, type DeferredAt, type MessageSummary } from '@gateway/database';
import type { Waiting } from '@gateway/delivery';
import { Injectable } from '@nestjs/common';
import { routedTo, type QueuedByAccount } from './waiting-accounts.js';

/** Where the recipients of a message wait. */
export interface MessagePlace {
  /** Of a message that has moved between accounts; otherwise all of them are at the one that it was routed to. */
  readonly queued?: QueuedByAccount;
  /** Why a batch is tried again later, although its account sends: too little of a quota is left, or it was refused. */
  readonly deferred?: Waiting;
}

type Counted = Pick<MessageSummary, 'id' | 'counts' | 'routing'>;

const countsOf = ({ counts }: Counted): RecipientCounts => counts as RecipientCounts;

/** Looks up where messages wait, for those of a page where their row does not say it. */
@Injectable()
export class MessagePlaces {
  constructor(private readonly messages: MessageStateRepository) {}

  async find(page: readonly Counted[]): Promise<(id: string) => MessagePlace> {
    const moved = page.filter((message) => (countsOf(message).queued ?? 0) > 0 && routedTo(message.routing).moved);
    const put = page.filter((message) => (countsOf(message).deferred ?? 0) > 0);
    const [queued, deferred] = [
      await this.messages.findQueued(moved.map(({ id }) => id)),
      await this.messages.findDeferred(put.map(({ id }) => id)),
    ];
    const places = new Map<string, Map<string, number>>(moved.map(({ id }) => [id, new Map()]));
    for (const { messageId, provider, recipients } of queued) places.get(messageId)?.set(provider, recipients);
    const reasons = new Map(deferred.map((batch) => [batch.messageId, waitingOfBatch(batch)]));
    return (id) => {
      const [place, reason] = [places.get(id), reasons.get(id)];
      return { ...(place && { queued: place }), ...(reason && { deferred: reason }) };
    };
  }
}

const waitingOfBatch = ({ provider, reason, detail, since, until }: DeferredAt): Waiting => ({
  account: provider,
  reason: (reason ?? 'unknown') as Reason,
  detail: detail ?? 'the batch is tried again later',
  since,
  until,
  stopped: true,
});
