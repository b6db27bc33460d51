import type { Category, Delivery } from '../message.js';

/** A request that the provider has accepted. */
export interface TrackedRequest {
  readonly requestId: string;
  readonly operation: string;
  readonly category: Category;
  readonly delivery: Delivery;
  /** Of those that are known; see `ofList`. */
  readonly recipientCount: number;
  /** It went to a list: its recipients become known by being reported, all of them, whatever their state. */
  readonly ofList: boolean;
  readonly acceptedAt: Date;
  /** The cursor of the last poll; `undefined` for the first. Opaque JSON of the adapter. */
  readonly cursor: unknown;
}

export interface PollResult {
  /** Has the provider begun to send? Followers of the batch are then `sending`, else `submitted`. */
  readonly begun: boolean;
  /** Did the counters move since the cursor? Then the next poll comes sooner. */
  readonly moved: boolean;
  /** The provider wants not to be asked sooner than this, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** Of a request to a list: has everybody been reported who gets it? */
  readonly listed?: boolean;
  /** Of a request to a list: it came to nothing for those who have no state of their own. */
  readonly ended?: 'failed' | 'cancelled';
  readonly cursor: unknown;
}
