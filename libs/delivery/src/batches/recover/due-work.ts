import { Inject, Injectable } from '@nestjs/common';
import {
  BatchTransitions,
  isClosed,
  isProbeDue,
  isShut,
  type Lane,
  type LostJobs,
  type ProviderAccountState,
  RecoveryRepository,
} from '@gateway/database';
import { CONFIG } from '@gateway/platform';
import { type AccountStates, SharedAccountStates } from '../../accounts/account-states.js';
import { hasPace, PACE_AHEAD_MS, paceRoom } from '../../accounts/pace.js';
import { isUsedUp } from '../../accounts/quota/quota.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { effectiveLeaseMs, type Timing } from '../../shared/timing.js';

/** Milliseconds. An account that was open so recently is taken as open: the gate looks again before anything is sent. */
const RECENT_MS = 200;
/** Milliseconds. A worker that is given a batch claims it at once; later than that, the next worker may have it. */
const TAKEN_MS = 2000;
/** Nor one that the pace had no turn for. */
const PACED_MS = PACE_AHEAD_MS + 1000;
/** Longer than anything waits. */
const NEVER_MS = 1e12;

/**
 * The work of a lane while the queue is away, by the database alone (law 13): batches that are due and that no worker
 * has. Any number of workers may ask; each batch is given to one of them at a time.
 */
@Injectable()
export class DueWork {
  /** For each lane of a closed account the moment up to which its batches were looked at. */
  private readonly looked = new Map<string, number>();

  constructor(
    private readonly transitions: BatchTransitions,
    private readonly recovery: RecoveryRepository,
    private readonly states: SharedAccountStates,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /** Oldest first. Of a closed account one batch when it is to be tried, else nothing (law 12). */
  async dispatch(lane: Lane, limit: number): Promise<readonly string[]> {
    const states = await this.states.recent(RECENT_MS);
    const state = states.get(lane.provider);
    if (state === undefined || !isClosed(state)) return this.takeOpen(lane, state, limit);
    if (isProbeDue(state)) return this.take(lane, { afterMs: TAKEN_MS }, 1);
    return this.movable(lane, { state, states }, limit);
  }

  async reconcile(account: string, limit: number): Promise<readonly string[]> {
    return idsOf(await this.recovery.takeLookups(effectiveLeaseMs(this.timing), limit, account));
  }

  async track(account: string, limit: number): Promise<readonly string[]> {
    return idsOf(await this.recovery.takePolls(effectiveLeaseMs(this.timing), limit, account));
  }

  /** Another account may take them, so they are looked at once for each closing of theirs and opening of another. */
  private async movable(
    lane: Lane,
    { state, states }: { readonly state: ProviderAccountState; readonly states: AccountStates },
    limit: number,
  ): Promise<readonly string[]> {
    const others = [...states.values()].filter((other) => !isClosed(other));
    const since = Math.max(
      ...[state, ...others].map(({ closedAt, openedAt }) => (closedAt ?? openedAt ?? EPOCH).getTime()),
    );
    const key = `${lane.provider} ${lane.category}`;
    const isThrottled = state.openReason === 'throttled' && !isShut(state);
    if (others.length === 0 || isThrottled || this.looked.get(key) === since) return [];
    const ids = await this.take(lane, { afterMs: NEVER_MS, before: new Date(since) }, limit);
    if (ids.length < limit) this.looked.set(key, since);
    return ids;
  }

  private async takeOpen(lane: Lane, state: ProviderAccountState | undefined, limit: number) {
    const limits = this.providers.find(lane.provider)?.capabilities.limits ?? {};
    const impatient = state !== undefined && isUsedUp(limits, state);
    const isPaced = hasPace(limits) && lane.category !== 'authentication';
    const room = isPaced && state !== undefined ? Math.min(limit, paceRoom(limits, state)) : limit;
    const afterMs = isPaced ? PACED_MS : TAKEN_MS;
    return room === 0 ? [] : this.take(lane, { afterMs, impatient }, room);
  }

  private async take(lane: Lane, lost: LostJobs, limit: number) {
    return idsOf(await this.transitions.queueDue(lane, lost, limit));
  }
}

const EPOCH = new Date(0);

const idsOf = (batches: readonly { readonly id: string }[]): readonly string[] => batches.map(({ id }) => id);
