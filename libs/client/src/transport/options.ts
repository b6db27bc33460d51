import type { GatewayError } from '../errors.js';

/** The platform's `fetch`, or a replacement, for example with a proxy. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Retry {
  readonly error: GatewayError;
  /** Number of the failed attempt, from 1. */
  readonly attempt: number;
  readonly delayMs: number;
}

export interface Limits {
  /** Time for one attempt, until its answer is read; default 30,000. For a streamed body it is the time without progress. */
  readonly timeoutMs?: number;
  /** Time for the whole call with its retries and waits; default 120,000, none for streams. */
  readonly deadlineMs?: number;
  /** Maximum number of retries; default 3. */
  readonly maxRetries?: number;
}

export interface GatewayOptions extends Limits {
  /** The gateway's address, such as `https://mail.example.com`. A path before `/v1` is allowed. */
  readonly url: string | URL;
  /** The API key, or a function that returns it. The function is called before each attempt. */
  readonly apiKey: string | (() => string | Promise<string>);
  readonly fetch?: Fetch;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called before each wait. */
  readonly onRetry?: (retry: Retry) => void;
}

export interface AnswerInfo {
  readonly status: number;
  readonly requestId: string | undefined;
  /** True if this is the stored answer to an earlier request with the same key. */
  readonly replayed: boolean;
  readonly attempts: number;
  readonly headers: Headers;
}

export interface CallOptions extends Limits {
  /** Aborts the call, which then throws `signal.reason` unchanged. */
  readonly signal?: AbortSignal;
  /** For a `POST`; random by default. Use a key of your own to repeat a call in another process. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onAnswer?: (answer: AnswerInfo) => void;
}
