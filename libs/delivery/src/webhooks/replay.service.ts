import { decodeId, FieldErrors, GatewayProblem, type EventType } from '@gateway/core';
import {
  Database,
  EventRepository,
  LogHorizon,
  WebhookDeliveryRepository,
  WebhookEndpointRepository,
  type NewWebhookDelivery,
  type Queryable,
  type WebhookEndpointRow,
  type WebhookPlace,
} from '@gateway/database';
import { CLOCK, newUuid, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { EventLog, type ToldEvent } from '../events/event-log.js';
import { batchParcel, singleParcel, sliceId, type Parcel } from './body.js';
import { EntryFilter, typesOf } from './entry-filter.js';

export type ReplayWish =
  | { readonly events: readonly string[] }
  | {
      readonly from: WebhookPlace;
      /** Exclusive. */
      readonly to: WebhookPlace;
      readonly types?: ReadonlySet<EventType> | undefined;
    }
  | { readonly failed: true };

export interface ReplayCount {
  readonly events: number;
  readonly requests: number;
}

/** Events of one replay: each request waits as a row of its own. */
const MOST_EVENTS = 10_000;
const EVENTS_AT_ONCE = 1000;
const EVENT_ID = /^(evt_[0-9a-hjkmnp-tv-z]{26})(?:_(\d{1,9}))?$/;

/** Sends events again that an endpoint got, or should have got. */
@Injectable()
export class ReplayService {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly horizon: LogHorizon,
    private readonly events: EventRepository,
    private readonly filter: EntryFilter,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly endpoints: WebhookEndpointRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Counts the events of a replay; `write` then has them sent, in a transaction. */
  async prepare(
    endpoint: WebhookEndpointRow,
    wish: ReplayWish,
  ): Promise<ReplayCount & { readonly write: (tx: Queryable) => Promise<void> }> {
    if ('failed' in wish) {
      const count = await this.deliveries.countFailed(this.database.pool, endpoint.id);
      return { ...count, write: (tx) => this.deliveries.retryFailed(tx, endpoint.id) };
    }
    const read = async () =>
      'events' in wish ? await this.byIds(endpoint, wish.events) : await this.inRange(endpoint, wish);
    const events = await read();
    const parcels = pack(endpoint, events);
    return {
      events: events.length,
      requests: parcels.length,
      write: async (tx) => {
        const now = this.clock.now();
        // Some may have been erased since they were read.
        const locked = await this.endpoints.lock(tx, endpoint.clientId, endpoint.id);
        const left = locked?.erasures === endpoint.erasures ? parcels : pack(endpoint, await read());
        await this.deliveries.insert(
          tx,
          left.map((parcel) => waiting(endpoint.id, parcel, now)),
        );
        await this.deliveries.probeNow(tx, endpoint.id);
      },
    };
  }

  private async byIds({ clientId }: WebhookEndpointRow, ids: readonly string[]): Promise<readonly ToldEvent[]> {
    const horizon = await this.horizon.current();
    const errors = new FieldErrors();
    const found: ToldEvent[] = [];
    for (const [i, id] of ids.entries()) {
      const event = await this.byId(horizon, clientId, id);
      if (event === undefined)
        errors.add(`/events/${i}`, 'unknown_reference', 'no event has this id, or it was erased');
      else found.push(event);
    }
    errors.throwIfAny();
    return found;
  }

  private async byId(horizon: number, clientId: string, id: string): Promise<ToldEvent | undefined> {
    const [, row = '', nth = '0'] = EVENT_ID.exec(id) ?? [];
    const uuid = decodeId('event', row);
    const at = uuid && (await this.events.findPosition(clientId, uuid));
    if (!at || !at.exact) return undefined;
    const from = { position: at.position, told: Number(nth) };
    const { events } = await this.log.readTo(horizon, { clientId }, { from, limit: 1 });
    return events.find(({ event }) => event.id === id);
  }

  /** The events of a part of the log that the endpoint wants. */
  private async inRange(
    endpoint: WebhookEndpointRow,
    { from, to, types = typesOf(endpoint.events) }: Exclude<ReplayWish, { events: unknown } | { failed: true }>,
  ): Promise<readonly ToldEvent[]> {
    const horizon = await this.horizon.current();
    const scope = { clientId: endpoint.clientId };
    const found: ToldEvent[] = [];
    for (let next = from; ;) {
      const page = await this.log.readTo(horizon, scope, { from: next, limit: EVENTS_AT_ONCE, filter: types });
      const within = page.events.filter(({ after }) => !isAfter(after, to));
      found.push(...(await this.filter.wanted(endpoint, within)));
      if (found.length > MOST_EVENTS) throw tooMany();
      if (!page.more || !isAfter(to, page.next)) return found;
      next = page.next;
    }
  }
}

function pack(endpoint: WebhookEndpointRow, events: readonly ToldEvent[]): readonly Parcel[] {
  const size = endpoint.batchMaxEvents;
  if (size === null) return events.map(({ event }) => singleParcel(event));
  const parcels: Parcel[] = [];
  for (let i = 0; i < events.length; i += size) {
    const part = events.slice(i, i + size);
    const [from, to] = [i === 0 ? { position: 0, told: 0 } : events[i - 1]?.after, part.at(-1)?.after];
    if (from === undefined || to === undefined) continue;
    parcels.push(
      batchParcel(
        sliceId(`${endpoint.id} replay ${part.map(({ event }) => event.id).join()}`, from, to),
        part.map(({ event }) => event),
      ),
    );
  }
  return parcels;
}

const waiting = (endpointId: string, parcel: Parcel, now: Date): NewWebhookDelivery => ({
  id: newUuid(),
  endpointId,
  ...parcel,
  replay: true,
  status: 'pending',
  tries: 0,
  refusals: 0,
  nextAttemptAt: now,
  attempts: [],
  finishedAt: null,
});

const isAfter = (a: WebhookPlace, b: WebhookPlace): boolean =>
  a.position > b.position || (a.position === b.position && a.told > b.told);

function tooMany(): GatewayProblem {
  const detail = `the range has more than ${MOST_EVENTS} events; replay it in parts`;
  return new GatewayProblem('validation_failed', `/to: ${detail}`, {
    fieldErrors: [{ pointer: '/to', code: 'too_many', detail }],
  });
}
