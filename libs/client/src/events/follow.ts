import { GatewayConnectionError, GatewayError, GatewayProblem } from '../errors.js';
import type { GatewayEvent } from '../event.types.js';
import type { CallOptions } from '../transport/options.js';
import type { Transport } from '../transport/transport.js';
import { queryString } from '../transport/url.js';
import { backOff, notBefore, sleep } from '../transport/wait.js';
import { EventStream } from './event-stream.js';

export interface FollowOptions extends Pick<CallOptions, 'signal' | 'headers' | 'timeoutMs'> {
  /** Where to start. Without it the stream starts with the next event. */
  readonly cursor?: string | null | undefined;
  /** Only these types: `['recipient.*', 'message.completed']`. */
  readonly types?: readonly string[];
  /** Only events of this message. */
  readonly messageId?: string;
  /**
   * Called with the cursor of each handled event. Also called without an event at the start and with pings, so that a
   * quiet stream still moves on. A promise is awaited.
   */
  readonly onCursor?: (cursor: string, event: GatewayEvent | undefined) => unknown;
  /** Called whenever the stream is connected. */
  readonly onOpen?: () => void;
  /** Called when the stream was lost, before the wait. */
  readonly onReconnect?: (lost: { readonly error: GatewayError; readonly delayMs: number }) => void;
  /** Milliseconds without a byte after which the stream counts as lost; default 45,000. The gateway pings every 15 s. */
  readonly stallMs?: number;
}

const STALL_MS = 45_000;
/** Maximum wait between two attempts to connect. */
const LONGEST_WAIT_MS = 30_000;

/** @throws GatewayProblem when the gateway refuses for good, the reason of the signal, or what `onCursor` threw */
export const follow = (transport: Transport, options: FollowOptions): AsyncGenerator<GatewayEvent, void, undefined> =>
  new Follower(transport, options).events();

class Follower {
  readonly #transport: Transport;
  readonly #options: FollowOptions;
  #cursor: string | undefined;
  #failures = 0;
  /** Of `retry:`. */
  #leastMs = 0;
  /** Errors of the caller's own functions must not look like a lost stream. */
  #calling = false;

  constructor(transport: Transport, options: FollowOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#cursor = options.cursor ?? undefined;
  }

  async *events(): AsyncGenerator<GatewayEvent, void, undefined> {
    for (;;) {
      const openedAt = performance.now();
      let lost: GatewayError = new GatewayConnectionError('the stream ended', { sent: 'maybe' });
      try {
        yield* this.#connection();
      } catch (error) {
        if (this.#calling || !(error instanceof GatewayError) || !error.retryable) throw error;
        lost = error;
      }
      // A quiet connection that lasted is not a failed attempt.
      if (performance.now() - openedAt > LONGEST_WAIT_MS) this.#failures = 0;
      await this.#wait(lost);
    }
  }

  async *#connection(): AsyncGenerator<GatewayEvent, void, undefined> {
    const stream = new EventStream(await this.#open(), this.#options.stallMs ?? STALL_MS);
    try {
      this.#options.onOpen?.();
      for (let frame = await stream.next(); frame !== undefined; frame = await stream.next()) {
        this.#failures = 0;
        this.#leastMs = frame.retryMs ?? this.#leastMs;
        const event = frame.data === '' ? undefined : parse(frame.data);
        if (event !== undefined) yield event;
        // The loop asked for the next event, so it has handled this one.
        if (frame.id !== '') await this.#moveTo(frame.id, event);
      }
    } finally {
      stream.close();
    }
  }

  async #moveTo(cursor: string, event: GatewayEvent | undefined): Promise<void> {
    this.#cursor = cursor;
    this.#calling = true;
    await this.#options.onCursor?.(cursor, event);
    this.#calling = false;
  }

  #open(): ReturnType<Transport['open']> {
    const { types, messageId, headers, signal, timeoutMs } = this.#options;
    const query = queryString({ types, messageId });
    const call = { method: 'GET', path: `/v1/events/stream${query}`, accept: 'text/event-stream' } as const;
    const resume = this.#cursor === undefined ? {} : { 'last-event-id': this.#cursor };
    return this.#transport.open(call, {
      headers: { ...headers, ...resume },
      ...(signal && { signal }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }

  async #wait(error: GatewayError): Promise<void> {
    const asked = error instanceof GatewayProblem ? error.retryAfterMs : undefined;
    const own = asked === undefined ? backOff(this.#failures, LONGEST_WAIT_MS) : notBefore(asked);
    const delayMs = Math.max(this.#leastMs, own);
    this.#failures += 1;
    this.#options.onReconnect?.({ error, delayMs });
    await sleep(delayMs, this.#options.signal);
  }
}

function parse(data: string): GatewayEvent {
  try {
    return JSON.parse(data) as GatewayEvent;
  } catch (cause) {
    const words = `an event of the stream is no JSON: ${data.slice(0, 100)}`;
    throw new GatewayConnectionError(words, { sent: 'maybe', retryable: false, cause });
  }
}
