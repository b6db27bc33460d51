import { unusable } from '../transport/answer.js';
import type { Timer } from '../transport/attempt.js';
import { FrameParser, type Frame } from './frames.js';

/** One connection to an event stream. */
export class EventStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #timer: Timer;
  readonly #stallMs: number;
  readonly #decoder = new TextDecoder();
  readonly #parser = new FrameParser();
  readonly #frames: Frame[] = [];

  /** @throws GatewayConnectionError for an answer that is no event stream */
  constructor({ response, timer }: { readonly response: Response; readonly timer: Timer }, stallMs: number) {
    this.#timer = timer;
    this.#stallMs = stallMs;
    const type = response.headers.get('content-type') ?? 'no content type';
    if (response.body === null || !type.startsWith('text/event-stream')) {
      timer.abort();
      throw unusable(response, `${type} instead of an event stream`, false);
    }
    this.#reader = response.body.getReader();
  }

  /** @returns nothing at the end @throws GatewayError when it is lost, or the reason of the caller's signal */
  async next(): Promise<Frame | undefined> {
    while (this.#frames.length === 0) {
      const text = await this.#read();
      if (text === undefined) return undefined;
      this.#frames.push(...this.#parser.push(text));
    }
    return this.#frames.shift();
  }

  close(): void {
    this.#timer.abort();
  }

  async #read(): Promise<string | undefined> {
    this.#timer.restart(this.#stallMs);
    try {
      const { done, value } = await this.#reader.read();
      return done ? undefined : this.#decoder.decode(value, { stream: true });
    } catch (thrown) {
      throw this.#timer.errorOf(thrown);
    } finally {
      this.#timer.pause();
    }
  }
}
