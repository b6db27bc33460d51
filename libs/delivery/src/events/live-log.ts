import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { encodeId } from '@gateway/core';
import { LogHorizon } from '@gateway/database';
import { LOGGER, pause, type Logger } from '@gateway/platform';
import { EventLog, type EventFilter, type LogCursor, type ToldEvent } from './event-log.js';

/** How often the log is looked at while somebody listens. */
const LOOK_MS = 200;

const EVENTS_AT_ONCE = 500;

/** Events that wait for one listener; a slower one reads them from the log again, at its own speed. */
const MOST_WAITING = 2000;

/** Somebody who listens to a client's events and has heard everything up to a cursor. */
class Listener {
  /** Wakes it up. */
  wake: () => void = () => undefined;
  hasFallenBehind = false;
  private waiting: ToldEvent[] = [];

  constructor(private heard: LogCursor) {}

  tell(events: readonly ToldEvent[]): void {
    if (this.waiting.length + events.length > MOST_WAITING) {
      this.hasFallenBehind = true;
      this.waiting = [];
    }
    if (!this.hasFallenBehind) {
      for (const one of events) if (isAfter(one.after, this.heard)) this.waiting.push(one);
    }
    this.wake();
  }

  get hasHeardAll(): boolean {
    return this.waiting.length === 0 && !this.hasFallenBehind;
  }

  take(): readonly ToldEvent[] {
    const taken = this.waiting;
    this.waiting = [];
    this.heard = taken.at(-1)?.after ?? this.heard;
    return taken;
  }
}

/** The state that all listeners of a client share. */
interface Channel {
  /** The listeners have everything before it. */
  next: LogCursor;
  readonly listeners: Set<Listener>;
}

export interface Following {
  readonly clientId: string;
  readonly from: LogCursor;
  readonly filter?: EventFilter;
  readonly messageId?: string | undefined;
  /** It yields at least that often, if need be nothing. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/** Events, and where to go on after them. */
export interface Told {
  readonly events: readonly ToldEvent[];
  readonly next: LogCursor;
}

/**
 * Follows the log live. Every process reads it once for each client, however many listen; who begins in the past, or is
 * slower than the log grows, reads it for itself until it has caught up.
 */
@Injectable()
export class LiveLog implements BeforeApplicationShutdown {
  private readonly channels = new Map<string, Channel>();
  private readonly stopping = new AbortController();
  private isReading = false;
  private readTo = -1;

  constructor(
    private readonly log: EventLog,
    private readonly horizon: LogHorizon,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Before the server closes: it waits for the answers that are still being written. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Yields events as they come, until `signal` aborts. A slow consumer is not hurried: nothing is kept for it. */
  async *follow({ clientId, from, filter, messageId, idleMs, signal }: Following): AsyncGenerator<Told> {
    const ended = AbortSignal.any([signal, this.stopping.signal]);
    for (let next = from; !ended.aborted;) {
      const { more, ...page } = await this.log.readTo(
        await this.horizon.current(),
        { clientId },
        { from: next, limit: EVENTS_AT_ONCE, filter, messageId },
      );
      next = page.next;
      if (page.events.length > 0) yield page;
      if (more || ended.aborted) continue;
      const channel = this.channelOf(clientId, next);
      // The others have heard more: so must this one, before it listens with them.
      if (isAfter(channel.next, next)) continue;
      for await (const told of this.listen(channel, { next, filter, messageId, idleMs, signal: ended })) {
        next = told.next;
        yield told;
      }
    }
  }

  /** Yields what the common reader tells, until the listener falls behind. */
  private async *listen(
    channel: Channel,
    { next, filter, messageId, idleMs, signal }: Omit<Following, 'clientId' | 'from'> & { next: LogCursor },
  ): AsyncGenerator<Told> {
    const listener = new Listener(next);
    const about = messageId && encodeId('message', messageId);
    channel.listeners.add(listener);
    this.keepReading();
    try {
      while (!signal.aborted && !listener.hasFallenBehind) {
        const heard = listener.take();
        const told =
          heard.length > 0 ? wantedOf(heard, filter, about) : await nextOf(channel, listener, { idleMs, signal });
        if (told !== undefined) yield told;
      }
    } finally {
      channel.listeners.delete(listener);
    }
  }

  private channelOf(clientId: string, next: LogCursor): Channel {
    const channel = this.channels.get(clientId) ?? { next, listeners: new Set() };
    this.channels.set(clientId, channel);
    return channel;
  }

  private keepReading(): void {
    // A new listener may have looked before the common reader did.
    this.readTo = -1;
    if (this.isReading) return;
    this.isReading = true;
    void this.readOn();
  }

  private async readOn(): Promise<void> {
    while (this.channels.size > 0 && !this.stopping.signal.aborted) {
      await this.readOnce().catch((error: unknown) => {
        this.readTo = -1;
        this.logger.warn({ err: error }, 'the log could not be read; listeners wait');
      });
      await pause(LOOK_MS, this.stopping.signal);
    }
    // In the same turn as the look at the channels: a listener that came in between would have no reader.
    this.isReading = false;
  }

  private async readOnce(): Promise<void> {
    for (const [clientId, { listeners }] of this.channels) if (listeners.size === 0) this.channels.delete(clientId);
    const { horizon } = await this.horizon.look();
    if (horizon === this.readTo) return;
    this.readTo = horizon;
    for (const [clientId, channel] of this.channels) await this.tellAll(clientId, channel, horizon);
  }

  private async tellAll(clientId: string, channel: Channel, horizon: number): Promise<void> {
    for (let more = true; more && channel.listeners.size > 0;) {
      const page = await this.log.readTo(horizon, { clientId }, { from: channel.next, limit: EVENTS_AT_ONCE });
      ({ next: channel.next, more } = page);
      if (page.events.length > 0) for (const listener of channel.listeners) listener.tell(page.events);
    }
  }
}

/** @returns nothing when none of it is wanted. */
function wantedOf(heard: readonly ToldEvent[], filter: EventFilter, about: string | undefined): Told | undefined {
  const wanted = heard.filter(
    ({ event }) => (filter?.has(event.type as never) ?? true) && (about === undefined || event.messageId === about),
  );
  const last = heard.at(-1);
  return wanted.length === 0 || last === undefined ? undefined : { events: wanted, next: last.after };
}

/** Waits for events. @returns where the log is when none came for long. */
async function nextOf(
  channel: Channel,
  listener: Listener,
  { idleMs, signal }: Pick<Following, 'idleMs' | 'signal'>,
): Promise<Told | undefined> {
  const isIdle = !(await isWoken(listener, idleMs, signal));
  return isIdle && listener.hasHeardAll ? { events: [], next: channel.next } : undefined;
}

const isAfter = (a: LogCursor, b: LogCursor): boolean =>
  a.position > b.position || (a.position === b.position && a.told > b.told);

/** @returns false when it was not woken in time. */
function isWoken(listener: Listener, idleMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (woken: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      listener.wake = () => undefined;
      resolve(woken);
    };
    const onAbort = (): void => end(true);
    const timer = setTimeout(() => end(false), idleMs);
    signal.addEventListener('abort', onAbort, { once: true });
    listener.wake = () => end(true);
  });
}
