import { Injectable } from '@nestjs/common';
import type { EmailProvider, RoutableProvider } from '@gateway/core';
import { ProviderAccountRepository, type ProviderAccountState } from '@gateway/database';
import { Coalescer } from '../../shared/coalescer.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { quotaLeft } from '../../accounts/quota/quota.js';
import type { AccountState } from './route-message.js';

export type AccountStates = ReadonlyMap<string, ProviderAccountState>;

/** What is known of the accounts when a message comes: paused, out of order, how much of the month is used. */
export async function accountStates(
  accounts: ProviderAccountRepository,
  providers: ProviderDirectory,
): Promise<AccountStates> {
  const states = await accounts.find(providers.names);
  return new Map(states.map((state) => [state.name, state]));
}

/** The same for many requests at once, which share a look; never one that was begun before they came. */
@Injectable()
export class SharedAccountStates {
  private readonly looks: Coalescer<undefined, AccountStates>;

  constructor(accounts: ProviderAccountRepository, providers: ProviderDirectory) {
    this.looks = new Coalescer(
      async (askers) => {
        const states = await accountStates(accounts, providers);
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
    const left = quotaLeft(capabilities.limits, state?.usedThisMonth ?? 0);
    return { name, capabilities, dialect, ...(audience && { audience }), resting, quotaLeft: left };
  });

/** A moment's rest, because the provider asked for it, is no reason to go elsewhere; and one mail has to try again. */
const isOpen = ({ openForMs, openReason }: ProviderAccountState): boolean =>
  (openForMs ?? 0) > 0 && openReason !== 'throttled';
