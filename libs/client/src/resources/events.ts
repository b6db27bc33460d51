import type { GatewayEvent } from '../event.types.js';
import { follow, type FollowOptions } from '../events/follow.js';
import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import type { CallOptions } from '../transport/options.js';

export interface EventFilter {
  /** Only these types: `['recipient.*', 'message.completed']`. */
  readonly types?: readonly string[];
  readonly messageId?: string;
}

export interface EventQuery extends EventFilter {
  /** Where to start. Without it the list starts with the oldest event. */
  readonly cursor?: string;
  readonly limit?: number;
}

export class Events {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** All events up to now, oldest first. `nextCursor` is never null: use it to read on later. */
  list(query: EventQuery = {}, options?: CallOptions): List<GatewayEvent> {
    return this.#api.list('/v1/events', query, options);
  }

  /**
   * Events as they happen, without end. After a lost connection it resumes where it was. `onCursor` receives the cursor of
   * each event that the loop has finished. Store it, so that a new process can resume from there.
   *
   * ```ts
   * for await (const event of gateway.events.follow({ cursor: await load(), onCursor: save })) await handle(event);
   * ```
   */
  follow(options: FollowOptions = {}): AsyncGenerator<GatewayEvent, void, undefined> {
    return follow(this.#api.transport, options);
  }
}
