import type { SentRequest } from './request-sender.js';
import type { Item } from './round.js';

/** A request of a round, and its result. */
export interface SentItem {
  readonly item: Item;
  readonly sent: SentRequest;
}
