import type { Workload } from '@gateway/client';

export type Lane = Workload['accounts'][number]['lanes'][number];

const count = ({ batches }: Lane, ...statuses: readonly string[]): number =>
  statuses.reduce((sum, status) => sum + (batches[status] ?? 0), 0);

/** Batches that are due, or put off. Batches that are scheduled for later do not wait. */
export const waitingOf = (lane: Lane): number => count(lane, 'queued', 'deferred');

export const inFlightOf = (lane: Lane): number => count(lane, 'dispatching');

export const unconfirmedOf = (lane: Lane): number => count(lane, 'unconfirmed');

/** Taken by the provider, and not at their end. */
export const followedOf = (lane: Lane): number => count(lane, 'submitted', 'sending');
