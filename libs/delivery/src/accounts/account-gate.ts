import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@gateway/platform';
import type { EmailProvider, Reason } from '@gateway/core';
import {
  type BatchRow,
  isClosed,
  isProbeDue,
  ProviderAccountRepository,
  type ProviderAccountState,
} from '@gateway/database';
import { ProviderDirectory } from '../shared/provider-directory.js';
import type { Timing } from '../shared/timing.js';
import { SharedAccountStates } from './account-states.js';
import { closedBecause } from './waiting.js';

/** Why a batch may not go now. */
export interface Obstacle {
  readonly reason: Reason;
  readonly detail: string;
  /** How long it waits at least; not given: until its account opens. */
  readonly delayMs?: number;
  /** May another account take it meanwhile? Not for a moment's pause. */
  readonly elsewhere: boolean;
}

export interface Admission {
  readonly admitted: readonly BatchRow[];
  readonly held: readonly { readonly batch: BatchRow; readonly obstacle: Obstacle }[];
}

/** Milliseconds. An account that was open so recently is taken as open: `admit` looks again before anything is sent. */
const RECENT_MS = 200;

/** Decides whether batches of an account may be tried now: configured, open, within its pace. */
@Injectable()
export class AccountGate {
  constructor(
    private readonly accounts: ProviderAccountRepository,
    private readonly states: SharedAccountStates,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /**
   * To be asked before anything is claimed: `closed` accounts cost nothing (law 12). Batches may `leave` one for another
   * account that is open.
   */
  async look(name: string): Promise<'open' | 'closed' | 'leave'> {
    if (mayTry((await this.states.recent(RECENT_MS)).get(name))) return 'open';
    // A job that is dropped does not come back until the account opens: never on the word of an older look.
    const states = await this.states.run();
    const state = states.get(name);
    if (state === undefined || mayTry(state)) return 'open';
    if (state.openReason === 'throttled' && state.pausedAt === null) return 'closed';
    return [...states.values()].some((other) => !isClosed(other)) ? 'leave' : 'closed';
  }

  /** @param batches of one account, claimed. */
  async admit(name: string, batches: readonly BatchRow[]): Promise<Admission> {
    const provider = this.providers.find(name);
    if (provider === undefined) return holdAll(batches, this.unconfigured(name));
    const state = (await this.states.run()).get(name);
    const closed = state && closedBecause(state);
    if (state === undefined || closed === undefined) return this.pace(provider, batches);
    const obstacle = { ...closed, elsewhere: closed.reason !== 'throttled' };
    const [first, ...others] = batches;
    const mayProbe = first !== undefined && isProbeDue(state);
    if (!mayProbe || !(await this.accounts.takeProbe(name, this.probeMs))) return holdAll(batches, obstacle);
    return { admitted: [first], held: holdAll(others, obstacle).held };
  }

  /** How long a try of an account that is out of order keeps others from trying. */
  private get probeMs(): number {
    return this.timing.providerTimeoutMs + this.timing.retryBaseMs;
  }

  private unconfigured(name: string): Obstacle {
    const detail = `no account "${name}" is configured`;
    return { reason: 'provider_unavailable', detail, delayMs: this.timing.retryMaxMs, elsewhere: true };
  }

  private async pace(provider: EmailProvider, batches: readonly BatchRow[]): Promise<Admission> {
    const { requestsPerSecond, recipientsPerSecond } = provider.capabilities.limits;
    if (requestsPerSecond === undefined && recipientsPerSecond === undefined) return { admitted: batches, held: [] };
    const admitted: BatchRow[] = [];
    const held: { batch: BatchRow; obstacle: Obstacle }[] = [];
    for (const batch of batches) {
      const costMs =
        1000 * Math.max(1 / (requestsPerSecond ?? Infinity), batch.followerCount / (recipientsPerSecond ?? Infinity));
      const urgent = batch.category === 'authentication';
      const waitMs = batch.pacedAt === null ? await this.accounts.takePace(provider.name, batch.id, costMs, urgent) : 0;
      if (waitMs <= 0) admitted.push(batch);
      else held.push({ batch, obstacle: pacing(waitMs) });
    }
    return { admitted, held };
  }
}

const mayTry = (state: ProviderAccountState | undefined): boolean =>
  state === undefined || !isClosed(state) || isProbeDue(state);

const pacing = (waitMs: number): Obstacle => ({
  reason: 'throttled',
  detail: 'the account sends as fast as it may',
  delayMs: Math.ceil(waitMs),
  elsewhere: false,
});

const holdAll = (batches: readonly BatchRow[], obstacle: Obstacle): Admission => ({
  admitted: [],
  held: batches.map((batch) => ({ batch, obstacle })),
});
