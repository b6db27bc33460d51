import type { EmailProvider, RoutableProvider } from '@gateway/core';
import type { ProviderAccountRepository, ProviderAccountState } from '@gateway/database';
import { Coalescer } from '@gateway/platform';
import type { AccountState } from './route-message.js';

export type AccountStates = ReadonlyMap<string, ProviderAccountState>;

/** What is known of the accounts when a message comes: paused, out of order, how much of the month is used. */
export async function accountStates(deps: {
  readonly accounts: ProviderAccountRepository;
  readonly providers: readonly EmailProvider[];
}): Promise<AccountStates> {
  const states = await deps.accounts.find(deps.providers.map(({ name }) => name));
  return new Map(states.map((state) => [state.name, state]));
}

/** The same for many requests at once, which share a look; never one that was begun before they came. */
export class SharedAccountStates {
  private readonly looks: Coalescer<undefined, AccountStates>;

  constructor(deps: Parameters<typeof accountStates>[0]) {
    this.looks = new Coalescer(
      async (askers) => {
        const states = await accountStates(deps);
        return askers.map(() => states);
      },
      { atOnce: 1, most: Infinity },
    );
  }

  run(): Promise<AccountStates> {
    return this.looks.run(undefined);
  }
}

export const routable = (
  providers: readonly EmailProvider[],
  states: AccountStates,
): readonly (RoutableProvider & AccountState)[] =>
  providers.map(({ name, capabilities, dialect, audience }) => {
    const state = states.get(name);
    const resting = state !== undefined && (state.pausedAt !== null || isOpen(state));
    const quotaLeft = (capabilities.limits.recipientsPerMonth ?? Infinity) - (state?.usedThisMonth ?? 0);
    return { name, capabilities, dialect, ...(audience && { audience }), resting, quotaLeft };
  });

/** A moment's rest, because the provider asked for it, is no reason to go elsewhere; and one mail has to try again. */
const isOpen = ({ openForMs, openReason }: ProviderAccountState): boolean =>
  (openForMs ?? 0) > 0 && openReason !== 'throttled';
