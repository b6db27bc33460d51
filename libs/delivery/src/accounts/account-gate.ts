import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@gateway/platform';
import type { Category, EmailProvider, Reason } from '@gateway/core';
import {
  type BatchRow,
  isClosed,
  isProbeDue,
  isShut,
  ProviderAccountRepository,
  type ProviderAccountState,
  QuotaRepository,
} from '@gateway/database';
import { ProviderDirectory } from '../shared/provider-directory.js';
import type { Timing } from '../shared/timing.js';
import { SharedAccountStates } from './account-states.js';
import { hasPace, PACE_AHEAD_MS, paceCostMs, paceRoom } from './pace.js';
import { isUsedUp } from './quota/quota.js';
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

/** A batch whose turn in the account's pace comes soon. */
export interface Turn {
  readonly batch: BatchRow;
  readonly waitMs: number;
}

export interface Admission {
  readonly admitted: readonly BatchRow[];
  readonly turns?: readonly Turn[];
  /** The pace has no turn for them so soon: they wait as if they had not been claimed. */
  readonly left?: readonly BatchRow[];
  readonly held: readonly { readonly batch: BatchRow; readonly obstacle: Obstacle }[];
}

/** Milliseconds. An account that was open so recently is taken as open: `admit` looks again before anything is sent. */
const RECENT_MS = 200;

/** Decides whether batches of an account may be tried now: configured, open, within its pace. */
@Injectable()
export class AccountGate {
  /** For each account with a pace, the claims that are being made. */
  private readonly claiming = new Map<string, Promise<unknown>>();

  constructor(
    private readonly accounts: ProviderAccountRepository,
    private readonly states: SharedAccountStates,
    private readonly quota: QuotaRepository,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /**
   * To be asked before anything is claimed: `closed` accounts cost nothing (law 12). Batches may `leave` one for another
   * account that is open; of an account that is `used_up`, those that do not wait for its quota.
   */
  async look(name: string): Promise<'open' | 'closed' | 'leave' | 'used_up'> {
    const before = (await this.states.recent(RECENT_MS)).get(name);
    if (mayTry(before) && !this.isUsedUp(before)) return 'open';
    // A job that is dropped does not come back until the account opens: never on the word of an older look.
    const states = await this.states.run();
    const state = states.get(name);
    if (state === undefined || mayTry(state)) return (await this.noteQuota(state)) ? 'used_up' : 'open';
    if (state.openReason === 'throttled' && !isShut(state)) return 'closed';
    return [...states.values()].some((other) => !isClosed(other)) ? 'leave' : 'closed';
  }

  /** Is nothing left of the account's quota at this moment? If so, that is noted: its batches wait untouched. */
  async hasNoQuota(name: string): Promise<boolean> {
    return this.noteQuota((await this.states.run()).get(name));
  }

  /**
   * How many of a lane's batches may be claimed at this pace, for `work` that claims and admits them: one after the
   * other, or jobs side by side would all see the same room. Login codes do not wait for the pace.
   */
  async withRoom<T>(name: string, category: Category, work: (room: number) => Promise<T>): Promise<T> {
    const limits = this.providers.find(name)?.capabilities.limits ?? {};
    if (category === 'authentication' || !hasPace(limits)) return work(Infinity);
    const before = this.claiming.get(name) ?? Promise.resolve();
    const mine = before.then(async () => {
      const state = (await this.states.run()).get(name);
      return work(state === undefined ? Infinity : paceRoom(limits, state));
    });
    this.claiming.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }

  private isUsedUp(state: ProviderAccountState | undefined): boolean {
    return state !== undefined && isUsedUp(this.providers.find(state.name)?.capabilities.limits ?? {}, state);
  }

  private async noteQuota(state: ProviderAccountState | undefined): Promise<boolean> {
    if (state === undefined || !this.isUsedUp(state)) return false;
    if (state.usedUpAt === null) await this.quota.close(state.name);
    return true;
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
    const { name, capabilities } = provider;
    if (!hasPace(capabilities.limits)) return { admitted: batches, held: [] };
    const [admitted, turns, left]: [BatchRow[], Turn[], BatchRow[]] = [[], [], []];
    for (const batch of batches) {
      const costMs = paceCostMs(capabilities.limits, batch.followerCount);
      const turn = { costMs, urgent: batch.category === 'authentication', withinMs: PACE_AHEAD_MS };
      // A version before this one has given it a turn already.
      const waitMs = batch.pacedAt === null ? await this.accounts.takePace(name, turn) : 0;
      if (waitMs === undefined) left.push(batch);
      else if (waitMs > 0) turns.push({ batch, waitMs });
      else admitted.push(batch);
    }
    return { admitted, turns, left, held: [] };
  }
}

const mayTry = (state: ProviderAccountState | undefined): boolean =>
  state === undefined || !isClosed(state) || isProbeDue(state);

const holdAll = (batches: readonly BatchRow[], obstacle: Obstacle): Admission => ({
  admitted: [],
  held: batches.map((batch) => ({ batch, obstacle })),
});
