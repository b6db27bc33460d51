import type { Dispatcher } from 'undici';
import type { HttpRequest, HttpResponse } from './http-message.js';
import { NoAnswerError, NotSentError } from './http-errors.js';

interface Limits {
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

type Headers = Record<string, string | string[] | undefined>;

/** Sends one request over the pool, exactly once. Errors as `HttpClient.request` says. */
export const exchange = (pool: Dispatcher, request: HttpRequest, limits: Limits): Promise<HttpResponse> =>
  new Promise((resolve, reject) => {
    new Exchange(request, limits, resolve, reject).dispatch(pool);
  });

/**
 * Follows one request through undici. `onRequestStart` comes immediately before the first byte is written, and only
 * once: a failure without it is proof that nothing left.
 */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | undefined;
  private settled = false;
  private status = 0;
  private headers: Readonly<Record<string, string>> = {};
  private received = 0;

  constructor(
    private readonly request: HttpRequest,
    private readonly limits: Limits,
    private readonly resolve: (response: HttpResponse) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.timer = setTimeout(() => this.fail(new Error(`no answer within ${limits.timeoutMs} ms`)), limits.timeoutMs);
  }

  dispatch(pool: Dispatcher): void {
    const { method, path, signal } = this.request;
    if (signal?.aborted) return this.fail(signal.reason);
    signal?.addEventListener('abort', this.onAbort, { once: true });
    try {
      pool.dispatch({ method, path, headers: this.requestHeaders(), body: bodyOf(this.request) }, this);
    } catch (error) {
      this.fail(error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The caller already got "not sent" while the request waited for a connection; aborting here writes nothing.
    if (this.settled) return controller.abort(new Error('aborted before it was written'));
    this.controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.status = status;
    this.headers = joinValues(headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.received += chunk.length;
    if (this.received > this.limits.maxResponseBytes) {
      return this.fail(new Error(`the answer is larger than ${this.limits.maxResponseBytes} bytes`));
    }
    this.chunks.push(Buffer.from(chunk));
  }

  onResponseEnd(): void {
    if (!this.settle()) return;
    this.resolve({ status: this.status, headers: this.headers, body: Buffer.concat(this.chunks) });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.fail(error);
  }

  private readonly onAbort = (): void => this.fail(this.request.signal?.reason);

  private fail(cause: unknown): void {
    if (!this.settle()) return;
    const reason = cause instanceof Error ? cause : new Error(String(cause));
    // No path here: it carries addresses and, with some vendors, keys; this text ends in logs and records.
    const { method } = this.request;
    if (!this.controller) {
      this.reject(new NotSentError(`${method} was not sent: ${reason.message}`, { cause: reason }));
      return;
    }
    this.reject(new NoAnswerError(`${method} got no answer: ${reason.message}`, { cause: reason }));
    this.controller.abort(reason);
  }

  private settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    clearTimeout(this.timer);
    this.request.signal?.removeEventListener('abort', this.onAbort);
    return true;
  }

  private requestHeaders(): Record<string, string> {
    const { body, headers } = this.request;
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return { ...headers };
    const length = 'chunks' in body ? body.size : body.reduce((sum, part) => sum + part.length, 0);
    return { ...headers, 'content-length': String(length) };
  }
}

// undici takes any iterable of buffers as a body, asynchronous ones too, which its types do not say. It writes each of
// them by itself, but a buffer together with the headers.
const bodyOf = ({ body }: HttpRequest): string | Buffer | null => {
  if (body === undefined) return null;
  if (isAlone(body)) return body[0];
  return (typeof body === 'object' && 'chunks' in body ? body.chunks : body) as string | Buffer;
};

const isAlone = (body: HttpRequest['body']): body is readonly [Buffer] => Array.isArray(body) && body.length === 1;

const joinValues = (headers: Headers): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
