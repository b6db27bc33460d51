import {
  WebhookDeliveryRepository,
  WebhookWorkRepository,
  type ClaimedEndpoint,
  type WebhookDeliveryRow,
  type WebhookHealth,
  type WebhookPlace,
} from '@gateway/database';
import { CLOCK, CONFIG, newUuid, type Clock, type GatewayConfig } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Pending } from './outcome.js';
import { Slicer, type Slice } from './slices.js';

const LONGEST_LEASE_MS = 15_000;

/** A worker's right to an endpoint, which it renews while it sends. After a worker is lost, another one takes over when the lease has ended. */
export const leaseOf = ({ leaseMs }: Pick<GatewayConfig, 'leaseMs'>): number => Math.min(leaseMs, LONGEST_LEASE_MS);

/** How far a worker is with an endpoint. */
export interface EndpointState {
  readonly health: WebhookHealth;
  readonly place: WebhookPlace;
  readonly planned: readonly WebhookPlace[];
  /** How often mail of the client had been erased when this was read. */
  readonly erasures: number;
}

/** One request of a round. */
export interface Item {
  readonly pending: Pending;
  /** From the log, up to this place; otherwise it was sent before, or is a replay. */
  readonly end?: WebhookPlace;
  /** False: a probe before its time. */
  readonly counts: boolean;
}

/** Requests that are sent together, in this order. */
export interface Round {
  readonly items: readonly Item[];
  /** Where the log is read on when all were sent. */
  readonly end: WebhookPlace;
  readonly planned: readonly WebhookPlace[];
  readonly waitUntil?: Date | undefined;
  readonly more: boolean;
}

/** Requests in a round, for each one that may be under way: few, so that results are written soon. Batches are large. */
const ROUND_FACTOR = 2;
/** With a pace, no more than what takes some seconds. */
const PACED_SECONDS = 10;

/** Chooses what to send to an endpoint next. */
@Injectable()
export class RoundPlanner {
  constructor(
    private readonly slicer: Slicer,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly work: WebhookWorkRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<GatewayConfig, 'leaseMs'>,
  ) {}

  /** @returns nothing when another worker has the endpoint now */
  async next(endpoint: ClaimedEndpoint, state: EndpointState): Promise<Round | undefined> {
    const rest = { end: state.place, planned: state.planned, more: false };
    if (state.health.probeAt !== null && !endpoint.ordered) return this.probe(endpoint, state);
    if (endpoint.ordered) {
      const oldest = await this.deliveries.findOldest(endpoint.id);
      if (oldest === undefined) return this.ofLog(endpoint, state, 1);
      const item = this.again(oldest);
      if (item.counts || state.health.probeAt !== null) return { ...rest, items: [item], more: true };
      return { ...rest, items: [], waitUntil: oldest.nextAttemptAt ?? undefined };
    }
    const most = sizeOf(endpoint, state.health);
    const due = await this.deliveries.findDue(endpoint.id, most);
    const items = due.map((row) => this.again(row));
    if (items.length >= most) return { ...rest, items, more: true };
    const log = await this.ofLog(endpoint, state, most - items.length);
    return log && { ...log, items: [...items, ...log.items] };
  }

  /**
   * One request for an endpoint that is failing: from the log and of those that wait in turns, so that a request that
   * always fails does not keep the endpoint from recovering.
   */
  private async probe(endpoint: ClaimedEndpoint, state: EndpointState): Promise<Round | undefined> {
    const log = state.health.probes % 2 === 0 ? undefined : await this.ofLog(endpoint, state, 1);
    if (log !== undefined && log.items.length > 0) return log;
    const waiting = await this.deliveries.findProbe(endpoint.id);
    if (waiting === undefined) return this.ofLog(endpoint, state, 1);
    return { items: [this.again(waiting)], end: state.place, planned: state.planned, more: false };
  }

  private async ofLog(
    endpoint: ClaimedEndpoint,
    { place, planned }: EndpointState,
    most: number,
  ): Promise<Round | undefined> {
    if (planned.length > 0) {
      const ends = planned.slice(0, most);
      const slices = await this.slicer.planned(endpoint, place, ends);
      const end = ends.at(-1) ?? place;
      return { items: slices.map((slice) => fresh(endpoint.id, slice)), end, planned, more: true };
    }
    const { slices, ...cut } = await this.slicer.cut(endpoint, place, most);
    const ends = endpoint.batchMaxEvents === null ? [] : slices.map(({ end }) => end);
    if (ends.length > 0 && !(await this.work.plan(endpoint, ends, leaseOf(this.config)))) return undefined;
    return { ...cut, items: slices.map((slice) => fresh(endpoint.id, slice)), planned: ends };
  }

  private again(row: WebhookDeliveryRow): Item {
    const { id, endpointId, webhookId, type, body, eventIds, messageIds, tries, refusals, attempts, replay } = row;
    const parcel = { webhookId, type, body, eventIds, messageIds };
    const counts = row.nextAttemptAt === null || row.nextAttemptAt <= this.clock.now();
    return { pending: { id, endpointId, parcel, tries, refusals, attempts, replay }, counts };
  }
}

const fresh = (endpointId: string, { parcel, end }: Slice): Item => ({
  pending: { id: newUuid(), endpointId, parcel, tries: 0, refusals: 0, attempts: [], replay: false },
  end,
  counts: true,
});

function sizeOf({ maxPerSecond, batchMaxEvents }: ClaimedEndpoint, { inFlight }: WebhookHealth): number {
  const most = batchMaxEvents === null ? inFlight * ROUND_FACTOR : inFlight;
  return maxPerSecond === null ? most : Math.min(most, maxPerSecond * PACED_SECONDS);
}
