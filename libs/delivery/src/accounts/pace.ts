import type { Capabilities } from '@gateway/core';
import type { ProviderAccountState } from '@gateway/database';

type Limits = Pick<Capabilities['limits'], 'requestsPerSecond' | 'recipientsPerSecond'>;

/**
 * Milliseconds. So far ahead of its pace an account gives out turns: a batch waits that long at most in a worker, all
 * others wait untouched (law 12). Longer than the pause of the sweep that lets them in, so that no turn is left out.
 */
export const PACE_AHEAD_MS = 2000;

export const hasPace = ({ requestsPerSecond, recipientsPerSecond }: Limits): boolean =>
  requestsPerSecond !== undefined || recipientsPerSecond !== undefined;

/** The time that a request takes of the pace. */
export const paceCostMs = ({ requestsPerSecond, recipientsPerSecond }: Limits, recipients: number): number =>
  1000 * Math.max(1 / (requestsPerSecond ?? Infinity), recipients / (recipientsPerSecond ?? Infinity));

/** How much time of the pace may be given out now; not above 0: none. */
export const paceLeftMs = ({ paceForMs }: Pick<ProviderAccountState, 'paceForMs'>): number =>
  PACE_AHEAD_MS - Math.max(0, paceForMs ?? 0);

/** Batches that fit into that time, if each has a single recipient; at least one while there is any. */
export const paceRoom = (limits: Limits, state: Pick<ProviderAccountState, 'paceForMs'>): number =>
  hasPace(limits) ? Math.max(0, Math.ceil(paceLeftMs(state) / paceCostMs(limits, 1))) : Infinity;
