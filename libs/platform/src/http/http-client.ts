import { Pool } from 'undici';
import { exchange } from './exchange.js';
import type { HttpRequest, HttpResponse } from './http-message.js';

/**
 * One pool of connections to one origin. Any complete answer, whatever its status, resolves; redirects are answers.
 * Nothing is ever tried twice.
 */
export interface HttpClient {
  /**
   * @throws NotSentError when no byte of the request was written.
   * @throws NoAnswerError when writing had begun and no complete answer came.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Waits for running requests, then closes the connections. */
  close(): Promise<void>;
}

export interface HttpClientOptions {
  /** Its origin is where requests go; a path in it is not put before `request.path`. */
  readonly baseUrl: string;
  /** For a whole call, from the wait for a connection to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Concurrent connections, 128 unless given. */
  readonly connections?: number;
  /** A larger answer is cut and counts as none; 32 MiB unless given. */
  readonly maxResponseBytes?: number;
}

const DEFAULT_CONNECTIONS = 512;
const DEFAULT_MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
const LONGEST_CONNECT_MS = 10_000;

/** @throws TypeError when `baseUrl` is not an http(s) URL. */
export const createHttpClient = (options: HttpClientOptions): HttpClient => {
  const pool = new Pool(new URL(options.baseUrl).origin, {
    connections: options.connections ?? DEFAULT_CONNECTIONS,
    // One request a connection at a time and no HTTP/2: undici re-queues requests it pipelined behind a broken one.
    pipelining: 1,
    allowH2: false,
    connect: { timeout: Math.min(options.timeoutMs, LONGEST_CONNECT_MS) },
    // The deadline of the whole call is ours; undici's own timers are coarse.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const limits = {
    timeoutMs: options.timeoutMs,
    maxResponseBytes: options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
  };
  return { request: (request) => exchange(pool, request, limits), close: () => pool.close() };
};
