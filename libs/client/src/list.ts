import type { Page } from './types.js';

/**
 * A list that asks when it is used: `await` gives one page, `for await` every entry of every page.
 *
 * ```ts
 * const { data, nextCursor } = await gateway.messages.list({ limit: 10 });
 * for await (const message of gateway.messages.list({ status: 'failed' })) …
 * ```
 */
export class List<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
  readonly #load: (cursor: string | undefined) => Promise<Page<T>>;
  #first: Promise<Page<T>> | undefined;

  constructor(load: (cursor: string | undefined) => Promise<Page<T>>) {
    this.#load = load;
  }

  then<A = Page<T>, B = never>(
    done?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#first ??= this.#load(undefined);
    return this.#first.then(done, failed);
  }

  /** Page by page, for those who keep cursors. Ends with the last page; the feed's ends with an empty one. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let cursor: string | undefined;
    for (;;) {
      const page = await this.#load(cursor);
      yield page;
      const { data, nextCursor } = page;
      // A cursor that does not move would be asked for without end.
      if (nextCursor === null || nextCursor === cursor || data.length === 0) return;
      cursor = nextCursor;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const { data } of this.pages()) yield* data;
  }

  /** All entries at once, for short lists. @param atMost stops after so many entries */
  async toArray(atMost = Infinity): Promise<T[]> {
    const entries: T[] = [];
    if (atMost <= 0) return entries;
    for await (const entry of this) {
      entries.push(entry);
      if (entries.length >= atMost) break;
    }
    return entries;
  }
}
