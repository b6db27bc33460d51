import type { RecipientCounts } from '@gateway/core';
import { ProviderDirectory, SharedAccountStates, unconfigured, waitingFor, type Waiting } from '@gateway/delivery';
import { CLOCK, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';

/** Dashboards may be that late. */
const RECENT_MS = 1000;

/** Which accounts send, looked up once for all messages of an answer. */
export interface AccountsNow {
  /** Why mail waits at an account. */
  readonly waiting: (account: string) => Waiting | undefined;
  /** Accounts that send. Mail that is queued at another one is shown as `deferred` (docs/states.md#closed-accounts). */
  readonly sending: readonly string[];
}

/** Tells why what is queued does not go now. */
@Injectable()
export class WaitingAccounts {
  constructor(
    private readonly states: SharedAccountStates,
    private readonly providers: ProviderDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async find(): Promise<AccountsNow> {
    const states = await this.states.recent(RECENT_MS);
    const waiting = (account: string): Waiting | undefined => {
      const [state, provider] = [states.get(account), this.providers.find(account)];
      if (provider === undefined) return withoutAccount(account);
      return state && waitingFor(state, provider.capabilities.limits, this.clock.now());
    };
    return { waiting, sending: this.providers.names.filter((name) => waiting(name)?.stopped !== true) };
  }
}

const withoutAccount = (account: string): Waiting => ({
  account,
  reason: 'provider_unavailable',
  detail: unconfigured(account),
  since: null,
  until: null,
  stopped: true,
});

/** Recipients that are queued at each account. */
export type QueuedByAccount = ReadonlyMap<string, number>;

/** Where the mail of a message waits, if all of it is at one account. */
export const routedTo = (routing: unknown): { readonly account: string; readonly moved: boolean } => {
  const { provider, failovers } = routing as { provider: string; failovers?: readonly { readonly to: string }[] };
  return { account: failovers?.at(-1)?.to ?? provider, moved: (failovers ?? []).length > 0 };
};

/** Counts as a reader sees them: what is queued at an account that sends nothing now is deferred. */
export function countsNow(counts: RecipientCounts, queued: QueuedByAccount, now: AccountsNow): RecipientCounts {
  let stopped = 0;
  for (const [account, recipients] of queued) if (now.waiting(account)?.stopped === true) stopped += recipients;
  return deferring(counts, stopped);
}

/** The same counts with so many recipients deferred that are queued. */
export function deferring(counts: RecipientCounts, recipients: number): RecipientCounts {
  const moved = Math.min(recipients, counts.queued ?? 0);
  return moved === 0
    ? counts
    : { ...counts, queued: (counts.queued ?? 0) - moved, deferred: (counts.deferred ?? 0) + moved };
}

/** Why a message does not go now: because of an account that it is queued at, else of the one that it was routed to. */
export function waitingOf(
  counts: RecipientCounts,
  { queued, account }: { readonly queued: QueuedByAccount; readonly account: string },
  now: AccountsNow,
): Waiting | undefined {
  if ((counts.queued ?? 0) + (counts.deferred ?? 0) === 0) return undefined;
  for (const name of [...queued.keys(), account]) {
    const waiting = now.waiting(name);
    if (waiting !== undefined) return waiting;
  }
  return undefined;
}
