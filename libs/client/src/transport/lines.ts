import type { Body, Watch } from './body.js';
import { inBrowser } from './headers.js';

/** Entries of a stream. A function is called for each attempt, so that the call can be repeated. */
export type Source<T> = Iterable<T> | AsyncIterable<T> | (() => Iterable<T> | AsyncIterable<T>);

const CHUNK = 65_536;
/** What a slow source has given so far is sent after so long: the gateway ends uploads that stand still. */
const FLUSH_MS = 200;

/** @returns a body that asks for entries only as fast as the gateway takes them */
export function linesBody<T>(source: Source<T>, toLine: (entry: T) => string, contentType: string): Body {
  let current: LineStream<T> | undefined;
  let opened = false;
  return {
    contentType,
    repeatable: () => !opened || !isOneShot(source),
    open: (watch) => {
      const iterable = typeof source === 'function' ? source() : source;
      current = new LineStream(iterable, { toLine, watch, started: () => void (opened = true) });
      const stream = new ReadableStream<Uint8Array>(current, { highWaterMark: 0 });
      // Browsers send no streams over HTTP/1.1.
      return inBrowser ? new Response(stream).blob() : stream;
    },
    close: () => {
      current?.cancel();
      const failure = current?.failure;
      current = undefined;
      if (failure !== undefined) throw failure.error;
    },
  };
}

/** Lists and sets begin anew each time, generators do not. */
function isOneShot<T>(source: Source<T>): boolean {
  if (typeof source === 'function') return false;
  const iterator = Symbol.iterator in source ? source[Symbol.iterator]() : undefined;
  return iterator === undefined || (iterator as unknown) === source;
}

interface Use<T> {
  readonly toLine: (entry: T) => string;
  readonly watch: Watch;
  readonly started: () => void;
}

class LineStream<T> {
  failure: { readonly error: unknown } | undefined;
  readonly #iterable: Iterable<T> | AsyncIterable<T>;
  readonly #use: Use<T>;
  readonly #encoder = new TextEncoder();
  #iterator: Iterator<T> | AsyncIterator<T> | undefined;
  #text = '';
  #timer: ReturnType<typeof setInterval> | undefined;
  #ended = false;

  constructor(iterable: Iterable<T> | AsyncIterable<T>, use: Use<T>) {
    this.#iterable = iterable;
    this.#use = use;
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const { watch } = this.#use;
    watch.pause();
    this.#timer = setInterval(() => this.#flush(controller), FLUSH_MS);
    try {
      await this.#fill();
      if (this.#ended && this.failure === undefined) {
        this.#flush(controller);
        controller.close();
      } else this.#flush(controller);
    } catch (error) {
      this.#ended = true;
      this.failure ??= { error };
      controller.error(error);
    } finally {
      clearInterval(this.#timer);
      watch.restart();
    }
  }

  cancel(): void {
    clearInterval(this.#timer);
    if (this.#ended) return;
    this.#ended = true;
    // A source that is asked for an entry answers later; nobody waits for it.
    void Promise.resolve(this.#iterator?.return?.()).catch(() => undefined);
  }

  async #fill(): Promise<void> {
    this.#use.started();
    const iterator = (this.#iterator ??= iteratorOf(this.#iterable));
    while (this.#text.length < CHUNK && !this.#ended) {
      const next = iterator.next();
      const entry = 'then' in next ? await next : next;
      if (entry.done === true) this.#ended = true;
      else this.#text += `${this.#use.toLine(entry.value)}\n`;
    }
  }

  #flush(controller: ReadableStreamDefaultController<Uint8Array>): void {
    if (this.#text === '') return;
    const bytes = this.#encoder.encode(this.#text);
    this.#text = '';
    controller.enqueue(bytes);
  }
}

const iteratorOf = <T>(iterable: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> =>
  Symbol.asyncIterator in iterable ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
