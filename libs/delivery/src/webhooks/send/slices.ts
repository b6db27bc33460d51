import type { WebhookPlace } from '@gateway/database';
import { LogHorizon } from '@gateway/database';
import { CLOCK, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { EventLog, type ToldEvent } from '../../events/event-log.js';
import { BATCH_TYPE, batchParcel, singleParcel, sliceId, type Parcel } from '../body.js';
import { EntryFilter, typesOf, type Wanted } from '../entry-filter.js';

/** The settings of an endpoint that decide how the log is cut for it. */
export interface Reader extends Wanted {
  readonly clientId: string;
  readonly batchMaxEvents: number | null;
  readonly batchMaxWaitMs: number | null;
}

/** One request's part of the log. */
export interface Slice {
  readonly parcel: Parcel;
  /** Everything before this place is in this slice or an earlier one, or not wanted. */
  readonly end: WebhookPlace;
}

export interface Cut {
  readonly slices: readonly Slice[];
  /** How far was read: what lies between the last slice and here is not wanted. */
  readonly end: WebhookPlace;
  /** A slice is not full yet; it is sent then, whatever it has. */
  readonly waitUntil?: Date | undefined;
  /** More may be there. */
  readonly more: boolean;
}

/** Events between two places in the log. */
interface Range {
  readonly events: readonly ToldEvent[];
  readonly start: WebhookPlace;
  readonly end: WebhookPlace;
}

const EVENTS_AT_ONCE = 500;

/** Where little of the log is wanted, what was searched is noted that often. */
const LONGEST_SEARCH_MS = 5000;

/** Cuts the log into requests for an endpoint: always the same ones for the same range. */
@Injectable()
export class Slicer {
  constructor(
    private readonly log: EventLog,
    private readonly horizon: LogHorizon,
    private readonly filter: EntryFilter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** At most so many slices from a place on. */
  async cut(reader: Reader, from: WebhookPlace, most: number): Promise<Cut> {
    const { horizon } = await this.horizon.look();
    return reader.batchMaxEvents === null
      ? this.singles(horizon, reader, { from, most })
      : this.batches(horizon, reader, { from, most });
  }

  /** The slices that were planned before, exactly. */
  async planned(reader: Reader, from: WebhookPlace, ends: readonly WebhookPlace[]): Promise<readonly Slice[]> {
    const ranges = await this.readRanges(reader, from, ends);
    return ranges.map(({ events, ...range }) => toSlice(reader.id, events, range));
  }

  /** Requests that were cut from a place on, in order, as they would be cut now: without what was erased meanwhile. */
  async again(reader: Reader, from: WebhookPlace, requests: readonly Slice[]): Promise<ReadonlyMap<string, Parcel>> {
    const ends = requests.map(({ end }) => end).sort((a, b) => (isBefore(a, b) ? -1 : 1));
    const isBatch = requests.some(({ parcel }) => parcel.type === BATCH_TYPE);
    const ranges = await this.readRanges(reader, from, ends);
    const parcels = ranges.flatMap(({ events, ...range }) =>
      isBatch ? toSlice(reader.id, events, range).parcel : events.map(({ event }) => singleParcel(event)),
    );
    return new Map(parcels.map((parcel) => [parcel.webhookId, parcel]));
  }

  /** Events up to each of these ends. Ranges all of whose events were erased meanwhile are left out. */
  private async readRanges(
    reader: Reader,
    from: WebhookPlace,
    ends: readonly WebhookPlace[],
  ): Promise<readonly Range[]> {
    const { horizon } = await this.horizon.look();
    const ranges: Range[] = [];
    let start = from;
    for (const end of ends) {
      const events: ToldEvent[] = [];
      for (let next = start; isBefore(next, end);) {
        const page = await this.read(horizon, reader, next, EVENTS_AT_ONCE);
        events.push(...page.events.filter(({ after }) => !isBefore(end, after)));
        next = page.more ? page.next : end;
      }
      if (events.length > 0) ranges.push({ events, start, end });
      start = end;
    }
    return ranges;
  }

  private async singles(
    horizon: number,
    reader: Reader,
    { from, most }: { readonly from: WebhookPlace; readonly most: number },
  ): Promise<Cut> {
    const { events, next, more } = await this.read(horizon, reader, from, most);
    const slices = events.map(({ event, after }) => ({ parcel: singleParcel(event), end: after }));
    return { slices, end: next, more };
  }

  private async batches(
    horizon: number,
    reader: Reader,
    { from, most }: { readonly from: WebhookPlace; readonly most: number },
  ): Promise<Cut> {
    const slices: Slice[] = [];
    let start = from;
    while (slices.length < most) {
      const { events, next, more } = await this.fill(horizon, reader, start);
      const waitUntil = this.unripe(reader, events);
      if (events.length === 0) return { slices, end: next, more };
      if (waitUntil !== undefined) return { slices, end: start, more: false, waitUntil };
      slices.push(toSlice(reader.id, events, { start, end: next }));
      start = next;
      if (!more) break;
    }
    return { slices, end: start, more: slices.length >= most };
  }

  /** Events for one slice: as many as it takes, or all there are. */
  private async fill(horizon: number, reader: Reader, from: WebhookPlace) {
    const most = reader.batchMaxEvents ?? 1;
    const events: ToldEvent[] = [];
    const end = performance.now() + LONGEST_SEARCH_MS;
    for (let next = from; ;) {
      const page = await this.read(horizon, reader, next, most - events.length);
      events.push(...page.events);
      next = page.next;
      const found = events.length >= most || (events.length === 0 && performance.now() > end);
      if (!page.more || found) return { events, next, more: page.more };
    }
  }

  /** Until when a slice that is not full waits for more; nothing when it is to be sent now. */
  private unripe({ batchMaxEvents, batchMaxWaitMs }: Reader, events: readonly ToldEvent[]): Date | undefined {
    const [first] = events;
    if (first === undefined || events.length >= (batchMaxEvents ?? 1)) return undefined;
    const until = first.event.at.getTime() + (batchMaxWaitMs ?? 0);
    return until > this.clock.now().getTime() ? new Date(until) : undefined;
  }

  private async read(horizon: number, reader: Reader, from: WebhookPlace, limit: number) {
    const filter = typesOf(reader.events);
    const page = await this.log.readTo(horizon, { clientId: reader.clientId }, { from, limit, filter });
    return { ...page, events: await this.filter.wanted(reader, page.events) };
  }
}

const toSlice = (
  endpointId: string,
  events: readonly ToldEvent[],
  { start, end }: { readonly start: WebhookPlace; readonly end: WebhookPlace },
): Slice => ({
  parcel: batchParcel(
    sliceId(endpointId, start, end),
    events.map(({ event }) => event),
  ),
  end,
});

const isBefore = (a: WebhookPlace, b: WebhookPlace): boolean =>
  a.position < b.position || (a.position === b.position && a.told < b.told);
