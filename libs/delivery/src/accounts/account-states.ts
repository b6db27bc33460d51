import { Injectable } from '@nestjs/common';
import { ProviderAccountRepository, type ProviderAccountState } from '@gateway/database';
import { Coalescer } from '../shared/coalescer.js';
import { ProviderDirectory } from '../shared/provider-directory.js';

export type AccountStates = ReadonlyMap<string, ProviderAccountState>;

/** State of all accounts at this moment: closed, paused, out of order, how much of the month is used. */
@Injectable()
export class SharedAccountStates {
  private readonly looks: Coalescer<undefined, AccountStates>;
  private last: { readonly states: AccountStates; readonly begunAt: number } | undefined;

  constructor(accounts: ProviderAccountRepository, providers: ProviderDirectory) {
    const look = async (): Promise<AccountStates> => {
      const begunAt = performance.now();
      const states = await accounts.find(providers.names);
      this.last = { states: new Map(states.map((state) => [state.name, state])), begunAt };
      return this.last.states;
    };
    this.looks = new Coalescer(
      async (askers) => {
        const states = await look();
        return askers.map(() => states);
      },
      { atOnce: 1, most: Infinity },
    );
  }

  /** For many requests at once, which share a look; never one that was begun before they came. */
  run(): Promise<AccountStates> {
    return this.looks.run(undefined);
  }

  /** As they were at most `maxAgeMs` ago. */
  recent(maxAgeMs: number): Promise<AccountStates> {
    const { last } = this;
    return last !== undefined && performance.now() - last.begunAt <= maxAgeMs
      ? Promise.resolve(last.states)
      : this.run();
  }
}
