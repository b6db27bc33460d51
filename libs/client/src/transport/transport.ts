import { attempt, openStream, type Answer, type Attempt, type Timer } from './attempt.js';
import { Attempts, checkLimits, given } from './attempts.js';
import type { Call } from './call.js';
import { checkIdempotencyKey, checkKey, headersOf, newIdempotencyKey } from './headers.js';
import type { CallOptions, Fetch, GatewayOptions } from './options.js';
import { baseUrl } from './url.js';
import { sleep } from './wait.js';

const DEFAULTS = { timeoutMs: 30_000, deadlineMs: 120_000, maxRetries: 3 } as const;

/** Makes requests: keys, time limits and retries are here, and nothing about the gateway's resources. */
export class Transport {
  readonly #options: GatewayOptions;
  readonly #url: string;
  readonly #fetch: Fetch;

  constructor(options: GatewayOptions) {
    this.#url = baseUrl(options.url);
    if (typeof options.apiKey !== 'function') checkKey(options.apiKey);
    checkLimits(options);
    this.#options = options;
    const { fetch = globalThis.fetch } = options;
    // Some platforms want it called without an owner.
    this.#fetch = (url, init) => fetch(url, init);
  }

  /** @throws GatewayError, the reason of the caller's signal, or what the caller's source threw */
  async request<T>(call: Call, options: CallOptions = {}): Promise<T> {
    const headers = this.#headers(call, options);
    const attempts = new Attempts(call, { ...DEFAULTS, ...given(this.#options), ...given(options) });
    for (;;) {
      try {
        const times = { timeoutMs: attempts.timeoutMs, signal: options.signal };
        const request = await this.#attempt(call, headers, times);
        const answer = await attempt(this.#fetch, request, call.expected ?? 'json');
        report(answer, attempts.failed + 1, options);
        return answer.content as T;
      } catch (error) {
        if (attempts.haveDone(error)) return undefined as T;
        const retry = attempts.retryAfter(error);
        this.#options.onRetry?.(retry);
        await sleep(retry.delayMs, options.signal);
      }
    }
  }

  /** One attempt, whose answer is a stream. */
  async open(call: Call, options: CallOptions = {}): Promise<{ response: Response; timer: Timer }> {
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? DEFAULTS.timeoutMs;
    const request = await this.#attempt(call, this.#headers(call, options), { timeoutMs, signal: options.signal });
    return openStream(this.#fetch, request);
  }

  #headers({ method, accept = 'application/json' }: Call, options: CallOptions): Record<string, string> {
    const { idempotencyKey } = options;
    const own = idempotencyKey === undefined ? undefined : checkIdempotencyKey(idempotencyKey);
    const headers = headersOf({ accept }, this.#options.headers, options.headers);
    // One for the call, whatever the number of attempts.
    if (method === 'POST') headers['idempotency-key'] = own ?? newIdempotencyKey();
    return headers;
  }

  async #attempt(
    { method, path, body }: Call,
    headers: Record<string, string>,
    times: Pick<Attempt, 'timeoutMs' | 'signal'>,
  ): Promise<Attempt> {
    const { apiKey } = this.#options;
    const key = typeof apiKey === 'function' ? checkKey(await apiKey()) : apiKey;
    const url = this.#url + path;
    return { url, method, headers: { ...headers, authorization: `Bearer ${key}` }, body, ...times };
  }
}

function report({ response }: Answer, attempts: number, { onAnswer }: CallOptions): void {
  const { status, headers } = response;
  const requestId = headers.get('x-request-id') ?? undefined;
  onAnswer?.({ status, headers, requestId, replayed: headers.get('idempotent-replayed') === 'true', attempts });
}
