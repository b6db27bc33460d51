import type { GatewayError } from '../errors.js';

/** As the platform's own `fetch`; give another one for a proxy, a test or a trace. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Retry {
  readonly error: GatewayError;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly delayMs: number;
}

export interface Limits {
  /** For one attempt, until its answer is read; default 30,000. The body of a stream counts only while it stands still. */
  readonly timeoutMs?: number;
  /** For the whole call with its retries and waits; default 120,000, none for streams. */
  readonly deadlineMs?: number;
  /** Default 3; 0 for none. */
  readonly maxRetries?: number;
}

export interface GatewayOptions extends Limits {
  /** Where the gateway is, with or without a path before `/v1`: `https://mail.example.com`. */
  readonly url: string | URL;
  /** The key, or a function that is asked for it before each attempt. */
  readonly apiKey: string | (() => string | Promise<string>);
  readonly fetch?: Fetch;
  /** On every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called before each wait. */
  readonly onRetry?: (retry: Retry) => void;
}

export interface AnswerInfo {
  readonly status: number;
  readonly requestId: string | undefined;
  /** An earlier request with the same key was answered so; nothing was done again. */
  readonly replayed: boolean;
  readonly attempts: number;
  readonly headers: Headers;
}

export interface CallOptions extends Limits {
  /** Ends the call; it then throws `signal.reason` as it is. */
  readonly signal?: AbortSignal;
  /** Of a `POST`; made by the client unless given. Keep one of your own to repeat a call in another process. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onAnswer?: (answer: AnswerInfo) => void;
}
