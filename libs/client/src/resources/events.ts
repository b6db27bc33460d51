import type { GatewayEvent } from '../event.types.js';
import { follow, type FollowOptions } from '../events/follow.js';
import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import type { CallOptions } from '../transport/options.js';

export interface EventFilter {
  /** Types, or beginnings of them: `['recipient.*', 'message.completed']`. */
  readonly types?: readonly string[];
  readonly messageId?: string;
}

export interface EventQuery extends EventFilter {
  /** Where to begin; without it at the oldest event. */
  readonly cursor?: string;
  readonly limit?: number;
}

export class Events {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** All events of the client in their order, up to now. Its `nextCursor` is never null: ask again with it later. */
  list(query: EventQuery = {}, options?: CallOptions): List<GatewayEvent> {
    return this.#api.list('/v1/events', query, options);
  }

  /**
   * Events as they happen, without end. It connects again after any loss and goes on where it was. `onCursor` is called
   * with an event's cursor when the loop asks for the next one: keep it, and a new process goes on from there.
   *
   * ```ts
   * for await (const event of gateway.events.follow({ cursor: await load(), onCursor: save })) await handle(event);
   * ```
   */
  follow(options: FollowOptions = {}): AsyncGenerator<GatewayEvent, void, undefined> {
    return follow(this.#api.transport, options);
  }
}
