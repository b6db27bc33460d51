/**
 * The statuses of a recipient, in the order of progress (docs/states.md#recipient). A recipient only moves forward,
 * except that mail which no provider has accepted may wait again (`deferred`, `queued`).
 */
export const recipientStatuses = [
  'held',
  'scheduled',
  'queued',
  'deferred',
  'dispatching',
  'unconfirmed',
  'submitted',
  'sending',
  'sent',
  'delivered',
  'bounced',
  'failed',
  'rejected',
  'suppressed',
  'unsubscribed',
  'cancelled',
  'expired',
] as const;

export type RecipientStatus = (typeof recipientStatuses)[number];

/** States a provider can report, in the gateway's words. */
export type ReportedStatus = Extract<
  RecipientStatus,
  'submitted' | 'sending' | 'sent' | 'delivered' | 'bounced' | 'failed' | 'rejected' | 'unsubscribed' | 'cancelled'
>;

const RANK: Record<RecipientStatus, number> = {
  held: 0,
  scheduled: 0,
  queued: 1,
  deferred: 1,
  dispatching: 2,
  unconfirmed: 3,
  submitted: 4,
  sending: 5,
  sent: 6,
  delivered: 7,
  bounced: 7,
  failed: 7,
  rejected: 7,
  suppressed: 7,
  unsubscribed: 7,
  cancelled: 7,
  expired: 7,
};

const FINAL_RANK = 7;

/** True when nothing is expected to happen to the recipient any more. */
export const isFinal = (status: RecipientStatus): boolean => RANK[status] === FINAL_RANK;

/** Final, or handed over without proof of receipt: what a message needs of all its recipients to be complete. */
export const isSettled = (status: RecipientStatus): boolean => isFinal(status) || status === 'sent';

/**
 * May a provider's report move a recipient from one state to another? Forward only; of what is final only one thing
 * changes: a mail that the receiving server took can still come back (`delivered` → `bounced`).
 */
export function mayAdvance(from: RecipientStatus, to: RecipientStatus): boolean {
  if (isFinal(from)) return from === 'delivered' && to === 'bounced';
  return RANK[to] > RANK[from];
}

/** Why a recipient did not get the mail (docs/glossary.md#reason); the provider's own code and message are kept, too. */
export const reasons = [
  'invalid_address',
  'unknown_user',
  'mailbox_full',
  'domain_not_found',
  'blocked_spam',
  'blocked_policy',
  'auth_failed',
  'too_large',
  'content',
  'sender_not_verified',
  'recipient_opted_out',
  'provider_suppressed',
  'quota',
  'throttled',
  'provider_unavailable',
  'provider_refused',
  'template_error',
  'cancelled_by_caller',
  'expired',
  'unknown',
] as const;

export type Reason = (typeof reasons)[number];

/** `hard`: the address will never take mail; `soft`: it may take mail later. */
export type BounceType = 'hard' | 'soft';

const HARD: ReadonlySet<Reason> = new Set(['invalid_address', 'unknown_user', 'domain_not_found']);

export const bounceTypeOf = (reason: Reason): BounceType => (HARD.has(reason) ? 'hard' : 'soft');
