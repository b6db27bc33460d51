import { Inject, Injectable } from '@nestjs/common';
import { categories, type Capabilities } from '@gateway/core';
import {
  BatchTransitions,
  Database,
  type DueBatch,
  isClosed,
  isProbeDue,
  type Lane,
  type ProviderAccountState,
} from '@gateway/database';
import { CONFIG } from '@gateway/platform';
import { BATCHES_PER_JOB, BatchProducer, dispatchQueueName } from '@gateway/queue';
import { SharedAccountStates } from '../../accounts/account-states.js';
import { hasPace, PACE_AHEAD_MS, paceCostMs, paceLeftMs } from '../../accounts/pace.js';
import { isUsedUp } from '../../accounts/quota/quota.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import type { Timing } from '../../shared/timing.js';

/** Batches of a lane in its queue while a backlog is let in: some seconds of work. */
const WINDOW = 2000;
const TAKEN_AT_ONCE = 500;
/** Milliseconds between two looks at accounts that all take mail. */
const IDLE_MS = 1900;
/** A job from that long after an account opened may have met a worker that believed it closed. */
const UNSURE_MS = 2000;
/** Milliseconds after which a probe that no worker has begun was lost, with its queue or its worker. */
const PROBE_LOST_MS = 5000;
/** Batches of an account with a pace are let in few at a time, then more: their sizes decide how many. */
const FIRST_TURNS = 5;
/** Milliseconds after which a batch whose job is gone, in an empty queue or in one that is not, has got no turn. */
const TURN_LOST_MS = 500;
const SURELY_NO_TURN_MS = PACE_AHEAD_MS + 1000;
/** Milliseconds. An account that was as fast as it may be so recently may have batches that wait for their turn. */
const TAKES_TURNS_MS = 30_000;
/** While a queue still has jobs, a batch that is waiting is most likely in one of them. */
const SURELY_LOST_MS = 600_000;

/**
 * Puts jobs into the queue for batches that have none: one at a time while an account is tried, then the account's
 * backlog in order and a window at a time (law 12), and jobs that the queue has lost (law 1). The return of a queue that
 * was away is like an opening of all accounts: it may be empty. Meanwhile `DueWork` finds what is due.
 */
@Injectable()
export class BacklogFeeder {
  /** The opening of each account after which its backlog was empty. */
  private readonly drained = new Map<string, number>();
  private idleUntil = -Infinity;

  constructor(
    private readonly transitions: BatchTransitions,
    private readonly states: SharedAccountStates,
    private readonly providers: ProviderDirectory,
    private readonly producer: BatchProducer,
    private readonly database: Database,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /** One sweep over accounts that are closed, or were until a moment ago. Cheap; meant for twice per second. */
  async sweepBacklog(): Promise<void> {
    if (this.producer.isAway || performance.now() < this.idleUntil) return;
    const all = [...(await this.states.run()).values()];
    for (const state of all) await this.attend(state, all);
    if (all.every((state) => this.isAtRest(state))) this.idleUntil = performance.now() + IDLE_MS;
  }

  private async attend(state: ProviderAccountState, all: readonly ProviderAccountState[]): Promise<void> {
    if (isProbeDue(state)) return this.probe(state);
    if (isClosed(state)) return this.feed(state, lastOpening(all.filter((other) => !isClosed(other))));
    if (isUsedUp(this.limitsOf(state), state)) return;
    return hasPace(this.limitsOf(state)) ? this.feedInTurn(state) : this.feed(state, this.openingOf(state));
  }

  /** There is nothing that has to be noticed soon: no account is closed, has a backlog or is as fast as it may be. */
  private isAtRest(state: ProviderAccountState): boolean {
    return !isClosed(state) && !this.isTakingTurns(state) && this.isDrained(state.name, this.openingOf(state));
  }

  /** One sweep over jobs that were lost. A closed account needs none, and a backlog is let in anyhow. */
  async sweepLostJobs(): Promise<void> {
    if (this.producer.isAway) return;
    for (const state of (await this.states.run()).values()) {
      if (isClosed(state) || this.isTakingTurns(state)) continue;
      // Those that wait for the quota are let in when it has room.
      const impatient = isUsedUp(this.limitsOf(state), state);
      if (impatient || this.isDrained(state.name, this.openingOf(state))) await this.recover(state.name, impatient);
    }
  }

  /** When jobs for an open account were last lost. */
  private openingOf({ openedAt }: ProviderAccountState): Date | null {
    const { backForMs } = this.producer;
    if (backForMs === undefined) return openedAt;
    // In whole seconds: it is the same at every look.
    const back = Math.round((this.database.clock.now().getTime() - backForMs) / 1000) * 1000;
    return new Date(Math.max(back, openedAt?.getTime() ?? 0));
  }

  /** The oldest batch of the most urgent lane. Which of the workers tries it, `AccountGate` decides. */
  private async probe({ name, openUntil }: ProviderAccountState): Promise<void> {
    for (const lane of lanesOf(name)) {
      const lost = { afterMs: PROBE_LOST_MS, before: openUntil ?? undefined };
      const due = await this.transitions.queueDue(lane, lost, 1);
      await this.enqueue(lane, due);
      if (due.length > 0) return;
    }
  }

  /** @param opening what was enqueued before has lost its job. */
  private async feed({ name }: ProviderAccountState, opening: Date | null): Promise<void> {
    if (opening === null || this.isDrained(name, opening)) return;
    const sinceMs = this.database.clock.now().getTime() - opening.getTime();
    const before = new Date(opening.getTime() + Math.min(UNSURE_MS, Math.max(0, sinceMs - UNSURE_MS)));
    let fed = 0;
    for (const lane of lanesOf(name)) fed += await this.feedLane(lane, before);
    if (fed === 0 && sinceMs > 2 * UNSURE_MS) this.drained.set(name, opening.getTime());
  }

  /** @returns how many batches got a job, or could not for want of room. */
  private async feedLane(lane: Lane, before: Date): Promise<number> {
    const waiting = await this.producer.waitingJobs(dispatchQueueName(lane.provider, lane.category));
    let room = WINDOW - waiting * BATCHES_PER_JOB;
    if (room <= 0) return 1;
    let fed = 0;
    while (room > 0) {
      const limit = Math.min(room, TAKEN_AT_ONCE);
      const due = await this.transitions.queueDue(lane, { afterMs: SURELY_LOST_MS, before }, limit);
      await this.enqueue(lane, due);
      fed += due.length;
      room -= limit;
      if (due.length < limit) break;
    }
    return fed;
  }

  /** As many as the pace has room for, oldest first: the others wait untouched (law 12). */
  private async feedInTurn(state: ProviderAccountState): Promise<void> {
    const [limits, opening] = [this.limitsOf(state), this.openingOf(state)];
    if (!this.isTakingTurns(state) && this.isDrained(state.name, opening)) return;
    let leftMs = paceLeftMs(state);
    let fed = 0;
    for (const lane of lanesOf(state.name)) {
      // Login codes take their time, but do not wait for it.
      const turns = await this.feedTurns(lane, limits, lane.category === 'authentication' ? PACE_AHEAD_MS : leftMs);
      leftMs -= turns.tookMs;
      fed += turns.fed;
    }
    const sinceMs = opening === null ? 0 : this.database.clock.now().getTime() - opening.getTime();
    if (opening !== null && fed === 0 && leftMs > 0 && sinceMs > 2 * UNSURE_MS) {
      this.drained.set(state.name, opening.getTime());
    }
  }

  private async feedTurns(lane: Lane, limits: Limits, forMs: number) {
    const pending = await this.producer.pendingJobs(dispatchQueueName(lane.provider, lane.category));
    const lost = { afterMs: pending === 0 ? TURN_LOST_MS : SURELY_NO_TURN_MS };
    const turnMs = paceCostMs(limits, 1);
    let tookMs = pending * BATCHES_PER_JOB * turnMs;
    let fed = 0;
    for (let size = FIRST_TURNS; tookMs < forMs; size *= 2) {
      const limit = Math.min(size, Math.ceil((forMs - tookMs) / turnMs));
      const due = await this.transitions.queueDue(lane, lost, limit);
      await this.enqueue(lane, due);
      fed += due.length;
      for (const { positionFrom, positionTo } of due) tookMs += paceCostMs(limits, positionTo - positionFrom + 1);
      if (due.length < limit) break;
    }
    return { fed, tookMs };
  }

  /** The account has a pace, and has recently been as fast as it may. */
  private isTakingTurns(state: ProviderAccountState): boolean {
    return hasPace(this.limitsOf(state)) && state.paceForMs !== null && state.paceForMs > -TAKES_TURNS_MS;
  }

  private limitsOf({ name }: ProviderAccountState): Limits {
    return this.providers.find(name)?.capabilities.limits ?? {};
  }

  private async recover(name: string, impatient: boolean): Promise<void> {
    const lanes = lanesOf(name);
    const jobs = await Promise.all(
      lanes.map(({ provider, category }) => this.producer.waitingJobs(dispatchQueueName(provider, category))),
    );
    // Nothing waits in the account's queues: then a due batch has no job.
    const afterMs = jobs.every((waiting) => waiting === 0) ? this.timing.recoveryIntervalMs : SURELY_LOST_MS;
    for (const lane of lanes)
      await this.enqueue(lane, await this.transitions.queueDue(lane, { afterMs, impatient }, WINDOW));
  }

  private isDrained(name: string, opening: Date | null): boolean {
    return opening === null || this.drained.get(name) === opening.getTime();
  }

  private async enqueue({ provider, category }: Lane, due: readonly DueBatch[]): Promise<void> {
    if (due.length === 0) return;
    await this.producer.enqueue(
      dispatchQueueName(provider, category),
      due.map(({ id }) => id),
    );
  }
}

type Limits = Partial<Capabilities['limits']>;

const lanesOf = (provider: string): readonly Lane[] => categories.map((category) => ({ provider, category }));

/** An account that has opened may take what waits for a closed one. */
const lastOpening = (open: readonly ProviderAccountState[]): Date | null => {
  const times = open.flatMap(({ openedAt }) => openedAt?.getTime() ?? []);
  return times.length === 0 ? null : new Date(Math.max(...times));
};
