import { Inject, Injectable } from '@nestjs/common';
import { categories } from '@gateway/core';
import {
  BatchTransitions,
  FIRST_PLACE,
  isClosed,
  type Lane,
  type ProviderAccountState,
  StrandedAccountRepository,
  type WaitingBatch,
  type WaitingPlace,
} from '@gateway/database';
import { CLOCK, CONFIG, type Clock } from '@gateway/platform';
import type { Obstacle } from '../../accounts/account-gate.js';
import { SharedAccountStates } from '../../accounts/account-states.js';
import { ConfiguredAccounts, unconfigured } from '../../accounts/configured-accounts.js';
import { closedBecause } from '../../accounts/waiting.js';
import { effectiveLeaseMs, type Timing } from '../../shared/timing.js';
import { StrandedAudiences } from './stranded-audiences.js';
import { BatchHolder } from '../dispatch/hold-batches.js';

/** Batches of a lane that one sweep looks at: its work does not grow with the number of those that wait (law 12). */
const LOOKED_AT = 500;
const MOVED_AT_ONCE = 8;
/** Milliseconds after which everything is looked at again: a quota may have room, a breaker may have closed. */
const EPOCH_MS = 600_000;

interface Progress {
  readonly epoch: string;
  readonly place: WaitingPlace;
}

/**
 * Takes waiting batches to other accounts when their own will not send them: it is drained, or no process has it. Each
 * batch is looked at once, and again when another account has opened. A batch that may not leave its account waits, and
 * says why.
 */
@Injectable()
export class MoveWaitingService {
  private readonly progress = new Map<string, Progress>();

  constructor(
    private readonly accounts: StrandedAccountRepository,
    private readonly states: SharedAccountStates,
    private readonly configured: ConfiguredAccounts,
    private readonly audiences: StrandedAudiences,
    private readonly transitions: BatchTransitions,
    private readonly holder: BatchHolder,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async sweep(): Promise<void> {
    await this.configured.sweep();
    const states = [...(await this.states.run()).values()];
    for (const state of states) {
      const closed = state.drainedAt === null ? undefined : closedBecause(state);
      if (closed !== undefined) await this.move(state.name, states, { ...closed, elsewhere: true });
    }
    const open = states.filter((state) => !isClosed(state)).map(({ name }) => name);
    await this.audiences.sweep([...this.configured.stranded], open);
    for (const name of this.configured.stranded) {
      const [reason, delayMs] = ['provider_unavailable', this.timing.retryMaxMs] as const;
      await this.move(name, states, { reason, detail: unconfigured(name), elsewhere: true, delayMs });
    }
  }

  private async move(name: string, states: readonly ProviderAccountState[], why: Obstacle): Promise<void> {
    const epoch = `${lastOpening(states, name)} ${Math.floor(this.clock.now().getTime() / EPOCH_MS)}`;
    for (const category of categories) await this.moveLane({ provider: name, category }, epoch, why);
  }

  private async moveLane(lane: Lane, epoch: string, why: Obstacle): Promise<void> {
    const key = `${lane.provider} ${lane.category}`;
    const before = this.progress.get(key);
    const after = before?.epoch === epoch ? before.place : FIRST_PLACE;
    const found = await this.accounts.readWaiting(lane, after, { limit: LOOKED_AT, detail: why.detail });
    const place = found.at(-1) ?? after;
    const wanted = found.filter(({ movable, told }) => movable || (why.delayMs !== undefined && !told));
    await this.leave(wanted, why);
    this.progress.set(key, { epoch, place });
  }

  private async leave(wanted: readonly WaitingBatch[], why: Obstacle): Promise<void> {
    const told = new Set(wanted.filter((batch) => batch.told).map(({ id }) => id));
    for (let i = 0; i < wanted.length; i += MOVED_AT_ONCE) {
      const ids = wanted.slice(i, i + MOVED_AT_ONCE).map(({ id }) => id);
      const claimed = await this.transitions.claim(ids, effectiveLeaseMs(this.timing));
      const { delayMs, ...quietly } = why;
      await Promise.all(
        claimed.map((batch) =>
          this.holder.holdBack(batch, told.has(batch.id) || delayMs === undefined ? quietly : why),
        ),
      );
    }
  }
}

/** The last moment at which another account became able to take them. */
const lastOpening = (states: readonly ProviderAccountState[], except: string): number =>
  Math.max(
    0,
    ...states
      .filter((state) => state.name !== except && !isClosed(state))
      .map(({ openedAt }) => openedAt?.getTime() ?? 0),
  );
