import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@gateway/platform';
import type { EmailProvider, Reason } from '@gateway/core';
import { type BatchRow, ProviderAccountRepository, type ProviderAccountState } from '@gateway/database';
import { ProviderDirectory } from '../shared/provider-directory.js';
import { backoffMs, type Timing } from '../shared/timing.js';

/** Why a batch may not go now, and how long it waits at least. */
export interface Obstacle {
  readonly reason: Reason;
  readonly detail: string;
  readonly delayMs: number;
  /** May another account take it meanwhile? Not for a moment's pause. */
  readonly elsewhere: boolean;
}

export interface Admission {
  readonly admitted: readonly BatchRow[];
  readonly held: readonly { readonly batch: BatchRow; readonly obstacle: Obstacle }[];
}

/** Decides whether batches of an account may be tried now: configured, not paused, breaker closed, within its pace. */
@Injectable()
export class AccountGate {
  constructor(
    private readonly accounts: ProviderAccountRepository,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /** @param batches of one account, claimed. */
  async admit(name: string, batches: readonly BatchRow[]): Promise<Admission> {
    const provider = this.providers.find(name);
    if (provider === undefined) return holdAll(batches, this.unconfigured(name));
    const [state] = await this.accounts.find([name]);
    const obstacle = state && this.obstacleOf(state);
    if (obstacle === undefined) return this.pace(provider, batches);
    const [first, ...others] = batches;
    const mayProbe = state !== undefined && first !== undefined && isProbeDue(state);
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

  private obstacleOf(state: ProviderAccountState): Obstacle | undefined {
    const { timing } = this;
    const reason = 'provider_unavailable';
    if (state.pausedAt !== null) {
      const wait = state.pausedBy === 'gateway' ? state.openForMs : null;
      const detail = `the account is paused: ${state.pauseReason ?? 'by an operator'}`;
      return { reason, detail, delayMs: wait === null ? timing.retryMaxMs : this.after(wait), elsewhere: true };
    }
    if (state.openForMs === null) return undefined;
    const delayMs = this.after(state.openForMs);
    if (state.openReason === 'throttled') {
      return {
        reason: 'throttled',
        detail: 'the provider asked to be left alone for a while',
        delayMs,
        elsewhere: false,
      };
    }
    return { reason, detail: `the provider is out of order: ${state.failureWords ?? ''}`, delayMs, elsewhere: true };
  }

  /** A little after the others, so that not all come at once. */
  private after(ms: number): number {
    return Math.max(0, Math.round(ms)) + backoffMs(0, this.timing);
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

const isProbeDue = ({ pausedAt, pausedBy, openForMs }: ProviderAccountState): boolean =>
  (pausedAt === null || pausedBy === 'gateway') && openForMs !== null && openForMs <= 0;

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
