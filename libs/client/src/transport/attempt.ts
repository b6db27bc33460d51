import { GatewayError, GatewayTimeout } from '../errors.js';
import { readAnswer, refuseFailure, type Expected } from './answer.js';
import type { Body, Watch } from './body.js';
import { connectionError } from './connection-error.js';
import type { Fetch } from './options.js';
import { LONGEST_TIMER_MS, untilAborted } from './wait.js';

export interface Attempt {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Body | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** One answer, read to its end. */
export interface Answer {
  readonly response: Response;
  readonly content: unknown;
}

/**
 * One request and its answer.
 * @throws GatewayError, or as they are: the reason of the caller's signal, and what the caller's own source threw
 */
export async function attempt(fetch: Fetch, request: Attempt, expected: Expected): Promise<Answer> {
  const timer = new Timer(request);
  try {
    const response = await send(fetch, request, timer);
    const content = await untilAborted(readAnswer(response, expected), timer.signal);
    return { response, content };
  } catch (thrown) {
    throw timer.errorOf(thrown);
  } finally {
    timer.end();
    request.body?.close();
  }
}

/** A request whose answer is read by the caller, for as long as it likes. */
export async function openStream(fetch: Fetch, request: Attempt): Promise<{ response: Response; timer: Timer }> {
  const timer = new Timer(request);
  try {
    const response = await send(fetch, request, timer);
    timer.pause();
    return { response, timer };
  } catch (thrown) {
    timer.end();
    throw timer.errorOf(thrown);
  }
}

async function send(fetch: Fetch, request: Attempt, timer: Timer): Promise<Response> {
  const { url, method, headers, body } = request;
  if (timer.signal.aborted) throw timer.signal.reason;
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': body.contentType },
    // The key must not follow to another place.
    redirect: 'manual',
    signal: timer.signal,
  };
  if (body !== undefined) Object.assign(init, { body: await body.open(timer), duplex: 'half' });
  const response = await untilAborted(fetch(url, init), timer.signal);
  await untilAborted(refuseFailure(response), timer.signal);
  return response;
}

/** Aborts an attempt when its time is over or the caller wants. */
export class Timer implements Watch {
  readonly #controller = new AbortController();
  readonly #request: Attempt;
  readonly #follow = (): void => this.#controller.abort(this.#request.signal?.reason);
  #handle: ReturnType<typeof setTimeout> | undefined;
  #over: number | undefined;
  #ended = false;

  constructor(request: Attempt) {
    this.#request = request;
    const { signal } = request;
    if (signal?.aborted === true) this.#follow();
    signal?.addEventListener('abort', this.#follow);
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  pause(): void {
    clearTimeout(this.#handle);
  }

  restart(ms = this.#request.timeoutMs): void {
    this.pause();
    if (this.#ended || this.signal.aborted || ms > LONGEST_TIMER_MS) return;
    this.#handle = setTimeout(() => {
      this.#over = ms;
      this.#controller.abort();
    }, ms);
  }

  /** A body that is still being read may ask for more time; it gets none, or the process would stay. */
  end(): void {
    this.#ended = true;
    this.pause();
    this.#request.signal?.removeEventListener('abort', this.#follow);
  }

  /** Ends the connection too. */
  abort(): void {
    this.end();
    this.#controller.abort();
  }

  /** What the caller of the client gets for what was thrown. */
  errorOf(thrown: unknown): unknown {
    const { signal } = this.#request;
    if (signal?.aborted === true) return signal.reason;
    if (this.#over !== undefined) {
      const words = `no answer from the gateway within ${Math.round(this.#over)} ms`;
      return new GatewayTimeout(words, { sent: 'maybe', cause: thrown });
    }
    return thrown instanceof GatewayError ? thrown : connectionError(thrown);
  }
}
