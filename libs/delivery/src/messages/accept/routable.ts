import type { EmailProvider, RoutableProvider } from '@gateway/core';
import type { ProviderAccountState } from '@gateway/database';
import type { AccountStates } from '../../accounts/account-states.js';
import { learntCapabilities } from '../../accounts/learnt-capabilities.js';
import { quotaLeft } from '../../accounts/quota/quota.js';
import type { AccountState } from './route-message.js';
import { mayUse, type SenderLimits } from './sender-limits.js';

export const routable = (
  providers: readonly EmailProvider[],
  states: AccountStates,
  limits?: SenderLimits,
): readonly (RoutableProvider & AccountState)[] =>
  providers.map(({ name, capabilities, dialect, audience }) => {
    const state = states.get(name);
    const resting = state !== undefined && (state.pausedAt !== null || isOpen(state));
    const drained = state !== undefined && state.drainedAt !== null;
    const left = quotaLeft(capabilities.limits, state?.usedInPeriod ?? 0);
    const forbidden = !mayUse(limits, name);
    const account = { resting, drained, quotaLeft: left, forbidden };
    const known = learntCapabilities(capabilities, state);
    return { name, capabilities: known, dialect, ...(audience && { audience }), ...account };
  });

/** A moment's rest, because the provider asked for it, is no reason to go elsewhere; and one mail has to try again. */
const isOpen = ({ openForMs, openReason }: ProviderAccountState): boolean =>
  (openForMs ?? 0) > 0 && openReason !== 'throttled';
