import type { Capabilities, Reason } from '@gateway/core';
import { isClosed, type ProviderAccountState } from '@gateway/database';
import { quotaLeft, quotaUsedUp } from './quota/quota.js';

/** The reason why batches queued at an account wait. It is derived from the account and not written to a batch. */
export interface Waiting {
  readonly account: string;
  readonly reason: Reason;
  readonly detail: string;
  readonly since: Date | null;
  /** When sending may resume, or is tried again. `null`: only after an operator acts. */
  readonly until: Date | null;
  /** Nothing is sent meanwhile, so what is queued counts as `deferred`. Otherwise it goes at the account's pace. */
  readonly stopped: boolean;
}

/** Milliseconds; a shorter wait is not reported. */
const PACE_MS = 1000;

/** @returns `undefined` while the account takes mail. */
export function waitingFor(
  state: ProviderAccountState,
  limits: Pick<Capabilities['limits'], 'quota'>,
  now: Date,
): Waiting | undefined {
  const { name: account, paceAt } = state;
  const closed = closedBecause(state);
  if (closed !== undefined) return { account, ...closed, since: state.closedAt, until: untilOf(state), stopped: true };
  if (quotaLeft(limits, state.usedInPeriod) <= 0) {
    const { reason, detail, delayMs } = quotaUsedUp(limits, now);
    const until = new Date(now.getTime() + delayMs);
    return { account, reason, detail, since: state.usedUpAt, until, stopped: true };
  }
  if (paceAt === null || paceAt.getTime() - now.getTime() < PACE_MS) return undefined;
  const detail = 'the account sends as fast as it may';
  return { account, reason: 'throttled', detail, since: null, until: paceAt, stopped: false };
}

/** The reason why a closed account sends nothing. */
export function closedBecause(
  state: ProviderAccountState,
): { readonly reason: Reason; readonly detail: string } | undefined {
  if (!isClosed(state)) return undefined;
  const reason = 'provider_unavailable';
  if (state.drainedAt !== null) {
    return { reason, detail: `the account is drained: ${state.drainReason ?? 'by an operator'}` };
  }
  if (state.pausedAt !== null) {
    return { reason, detail: `the account is paused: ${state.pauseReason ?? 'by an operator'}` };
  }
  if (state.openReason === 'throttled') {
    return { reason: 'throttled', detail: 'the provider asked to be left alone for a while' };
  }
  return { reason, detail: `the provider is out of order: ${state.failureWords ?? ''}` };
}

const untilOf = ({ pausedBy, drainedAt, openUntil }: ProviderAccountState): Date | null =>
  pausedBy === 'operator' || drainedAt !== null ? null : openUntil;
