import { GatewayProblem, type Capabilities, type QuotaPolicy } from '@gateway/core';
import { msUntilNextMonth } from './month.js';

type Limits = Pick<Capabilities['limits'], 'recipientsPerMonth'>;

/** An account's month (Asia/Seoul) in recipients. `null`: there is no quota. */
export interface QuotaState {
  readonly recipientsPerMonth: number | null;
  readonly usedThisMonth: number;
  /** Not below 0, although more may be used than there was: a list is only counted as it is reported. */
  readonly leftThisMonth: number | null;
}

export function quotaState(limits: Limits, usedThisMonth: number): QuotaState {
  const recipientsPerMonth = limits.recipientsPerMonth ?? null;
  const leftThisMonth = recipientsPerMonth === null ? null : Math.max(0, quotaLeft(limits, usedThisMonth));
  return { recipientsPerMonth, usedThisMonth, leftThisMonth };
}

/** Recipients that the month has left, below 0 where more were used; `Infinity` without a quota. */
export const quotaLeft = (limits: Limits, usedThisMonth: number): number =>
  (limits.recipientsPerMonth ?? Infinity) - usedThisMonth;

/** What a message takes of the month: everybody who is not left out. */
export const quotaCost = (recipients: number, suppressed: number): number => recipients - suppressed;

/**
 * Of the able accounts those that the caller's `onQuota` lets a message go to.
 * @throws GatewayProblem `quota_exceeded` when no account has room and the caller does not want to wait for it.
 */
export function withinQuota<T extends { readonly quotaLeft: number }>(
  onQuota: QuotaPolicy,
  able: readonly T[],
  recipients: number,
): readonly T[] {
  const roomy = able.filter((account) => account.quotaLeft >= recipients);
  if (onQuota === 'reject' && able.length > 0 && roomy.length === 0) throw quotaProblem(able, recipients);
  return onQuota === 'defer' || roomy.length === 0 ? able : roomy;
}

function quotaProblem(able: readonly { readonly quotaLeft: number }[], recipients: number): GatewayProblem {
  const left = Math.max(0, ...able.map((account) => account.quotaLeft));
  const detail = `The quota has ${left} recipients left this month (Asia/Seoul), the message has ${recipients}.`;
  return new GatewayProblem('quota_exceeded', detail);
}

/** Why a batch does not go although its account is in order, and what its message's `onQuota` makes of that. */
export function quotaUsedUp({ recipientsPerMonth = 0 }: Limits, now: Date) {
  return {
    reason: 'quota' as const,
    detail: `the account's quota of ${recipientsPerMonth} recipients a month is used up`,
    // It drains by itself when the month ends; a larger quota lets it go sooner (law 11).
    delayMs: msUntilNextMonth(now),
    elsewhere: true,
    untried: 'waits' as const,
  };
}

/** May a batch that waits for a quota move to another account? */
export const leavesForQuota = (onQuota: QuotaPolicy): boolean => onQuota === 'failover';
