import type { Category, Delivery } from '../message.js';
import type { ListTarget } from './audience.js';

/** The known facts about a request whose answer never arrived. */
export interface FindQuery {
  readonly batchId: string;
  /** Markers of all attempts that may have arrived. */
  readonly markers: readonly string[];
  readonly category: Category;
  readonly delivery: Delivery;
  readonly sender: string;
  /** `undefined`: it was sent to a list of unknown length. */
  readonly recipientCount: number | undefined;
  /** The first recipient with the subject as that recipient reads it: identity where no marker comes back. */
  readonly first: { readonly address: string; readonly subject: string };
  /** Where it went instead of to recipients; then `first` has no address. */
  readonly list?: ListTarget;
  /** From the start of the first unconfirmed attempt to now. */
  readonly window: { readonly from: Date; readonly to: Date };
  /** Requests that belong to other batches already are no candidates. */
  isAdopted(requestId: string): Promise<boolean>;
}

export interface FoundRequest {
  readonly requestId: string;
  readonly operation: string;
}
