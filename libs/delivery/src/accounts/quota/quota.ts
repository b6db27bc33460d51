import { GatewayProblem, type Capabilities, type Quota, type QuotaPolicy } from '@gateway/core';
import { msUntilNextPeriod } from './period.js';

type Limits = Pick<Capabilities['limits'], 'quota'>;
type Period = Pick<Quota, 'per' | 'timeZone'>;

/** The period by which an account without a quota counts its recipients. */
const DEFAULT_PERIOD: Period = { per: 'month', timeZone: 'Asia/Seoul' };

/** The running period of an account in recipients. `null`: there is no quota. */
export interface QuotaState {
  readonly recipients: number | null;
  readonly per: Quota['per'];
  readonly timeZone: string;
  readonly used: number;
  /** At least 0, although more may be used than the quota has: list mail is only counted as it is reported. */
  readonly left: number | null;
}

/** @param used recipients of the running period */
export function quotaState(limits: Limits, used: number): QuotaState {
  const { per, timeZone } = limits.quota ?? DEFAULT_PERIOD;
  const recipients = limits.quota?.recipients ?? null;
  return { recipients, per, timeZone, used, left: recipients === null ? null : Math.max(0, quotaLeft(limits, used)) };
}

/** Recipients that the period has left, below 0 where more were used; `Infinity` without a quota. */
export const quotaLeft = ({ quota }: Limits, used: number): number => (quota?.recipients ?? Infinity) - used;

/** Nothing at all is left: the account's batches wait untouched until it has room again. */
export const isUsedUp = (limits: Limits, { usedInPeriod }: { readonly usedInPeriod: number }): boolean =>
  quotaLeft(limits, usedInPeriod) <= 0;

/** Recipients that count against the quota: all but those that are left out. */
export const quotaCost = (recipients: number, suppressed: number): number => recipients - suppressed;

/**
 * Of the able accounts those that the caller's `onQuota` lets a message go to.
 * @throws GatewayProblem `quota_exceeded` when no account has room and the caller does not want to wait for it.
 */
export function withinQuota<T extends QuotaAccount>(
  onQuota: QuotaPolicy,
  able: readonly T[],
  recipients: number,
): readonly T[] {
  const roomy = able.filter((account) => account.quotaLeft >= recipients);
  if (onQuota === 'reject' && able.length > 0 && roomy.length === 0) throw quotaProblem(able, recipients);
  return onQuota === 'defer' || roomy.length === 0 ? able : roomy;
}

interface QuotaAccount {
  readonly quotaLeft: number;
  readonly capabilities?: { readonly limits: Limits };
}

/** Tells of the account that has most left. */
function quotaProblem(able: readonly QuotaAccount[], recipients: number): GatewayProblem {
  const most = [...able].sort((a, b) => b.quotaLeft - a.quotaLeft)[0];
  const left = Math.max(0, most?.quotaLeft ?? 0);
  const when = spoken(most?.capabilities?.limits.quota ?? DEFAULT_PERIOD);
  const detail = `The quota has ${left} recipients left ${when}, the message has ${recipients}.`;
  return new GatewayProblem('quota_exceeded', detail);
}

/** Why a batch does not go although its account is in order, and what its message's `onQuota` makes of that. */
export function quotaUsedUp({ quota }: Limits, now: Date) {
  const { per } = quota ?? DEFAULT_PERIOD;
  return {
    reason: 'quota' as const,
    detail: `the account's quota of ${quota?.recipients ?? 0} recipients a ${per} is used up`,
    // The batch is sent when the next period begins; a larger quota releases it sooner (law 11).
    delayMs: msUntilNextPeriod(now, quota ?? DEFAULT_PERIOD),
    elsewhere: true,
    untried: 'waits' as const,
  };
}

const spoken = ({ per, timeZone }: Period): string => `${per === 'day' ? 'today' : 'this month'} (${timeZone})`;

/** May a batch that waits for a quota move to another account? */
export const leavesForQuota = (onQuota: QuotaPolicy): boolean => onQuota === 'failover';
