import { WebhookDeliveryRepository, type Queryable, type WebhookPlace } from '@gateway/database';
import { Injectable } from '@nestjs/common';
import type { SentItem } from './sent-item.js';
import { Slicer, type Reader } from './slices.js';

/**
 * Brings requests that were under way during an erasure up to date. A request is held in memory for as long as its
 * receiver takes to answer. Its record must not bring back an address that was erased meanwhile.
 */
@Injectable()
export class LeftByErasures {
  constructor(
    private readonly slicer: Slicer,
    private readonly deliveries: WebhookDeliveryRepository,
  ) {}

  /** @param from the place in the log from which requests of this round were cut. */
  async of(tx: Queryable, reader: Reader, from: WebhookPlace, sent: readonly SentItem[]): Promise<readonly SentItem[]> {
    const fresh = sent.flatMap(({ item: { end, pending } }) =>
      end === undefined ? [] : [{ end, parcel: pending.parcel }],
    );
    const cut = await this.slicer.again(reader, from, fresh);
    const stored = await this.deliveries.findByIds(
      tx,
      sent.flatMap(({ item }) => (item.end === undefined ? item.pending.id : [])),
    );
    return sent.flatMap((one) => {
      const { pending, end } = one.item;
      const row = end === undefined ? stored.get(pending.id) : undefined;
      const now = end === undefined ? row : cut.get(pending.parcel.webhookId);
      if (now === undefined) return [];
      const { webhookId, type, body, eventIds, messageIds } = now;
      const parcel = { webhookId, type, body, eventIds, messageIds };
      const attempts = row?.attempts ?? pending.attempts;
      const item = { ...one.item, pending: { ...pending, parcel, attempts } };
      if (body === pending.parcel.body && same(attempts, pending.attempts)) return [{ ...one, item }];
      // The answer may repeat what was sent.
      return [{ item, sent: { ...one.sent, attempt: { ...one.sent.attempt, response: null } } }];
    });
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
