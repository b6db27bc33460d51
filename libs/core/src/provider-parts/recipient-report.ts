import type { BounceType, Reason, ReportedStatus } from '../recipient-status.js';

/** A provider's report about one recipient, in the gateway's terms. Matched to the recipient by address. */
export interface RecipientReport {
  readonly address: string;
  /** Absent when the provider's state is unknown or says nothing new; then only `opened` or the codes matter. */
  readonly status?: ReportedStatus;
  readonly reason?: Reason;
  readonly bounceType?: BounceType;
  readonly mailId?: string;
  readonly code?: string;
  readonly message?: string;
  readonly deliveredAt?: Date;
  readonly openedAt?: Date;
  /** A state that the vendor's documents do not list; kept as an event. */
  readonly unknownStatus?: string;
}
