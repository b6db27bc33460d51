import type { RecipientCounts } from '@gateway/core';
import { ProviderDirectory, SharedAccountStates, unconfigured, waitingFor, type Waiting } from '@gateway/delivery';
import { CLOCK, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';

/** Dashboards may be that late. */
const RECENT_MS = 1000;

/** Why mail waits, by account: looked up once for all messages of an answer. */
export type WaitingByAccount = (account: string) => Waiting | undefined;

/** Tells why what is queued does not go now. */
@Injectable()
export class WaitingAccounts {
  constructor(
    private readonly states: SharedAccountStates,
    private readonly providers: ProviderDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async find(): Promise<WaitingByAccount> {
    const states = await this.states.recent(RECENT_MS);
    return (account) => {
      const [state, provider] = [states.get(account), this.providers.find(account)];
      if (provider === undefined) return withoutAccount(account);
      return state && waitingFor(state, provider.capabilities.limits, this.clock.now());
    };
  }
}

const withoutAccount = (account: string): Waiting => ({
  account,
  reason: 'provider_unavailable',
  detail: unconfigured(account),
  since: null,
  until: null,
});

/** Of a message whose account may have changed since it was accepted. */
export function waitingOf(
  { counts, routing }: { readonly counts: RecipientCounts; readonly routing: unknown },
  waiting: WaitingByAccount,
): Waiting | undefined {
  if ((counts.queued ?? 0) + (counts.deferred ?? 0) === 0) return undefined;
  const { provider, failovers } = routing as { provider: string; failovers?: readonly { readonly to: string }[] };
  return waiting(failovers?.at(-1)?.to ?? provider);
}
