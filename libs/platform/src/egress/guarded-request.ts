import { Client } from 'undici';
import type { EgressGuard } from './egress-guard.js';
import { toEgressError, type EgressError } from './egress-errors.js';

export interface GuardedRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface GuardedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The beginning, as text. */
  readonly body: string;
}

/** The result of one request: an answer, or an error. */
export interface GuardedOutcome {
  /** The peer; null if no connection was made. */
  readonly address: string | null;
  readonly durationMs: number;
  readonly answer: GuardedAnswer | undefined;
  readonly error: EgressError | undefined;
}

export const MOST_ANSWER_BYTES = 16 * 1024;
const WHOLE_MS = 15_000;
const MOST_HEADER_BYTES = 16 * 1024;

/**
 * Posts once, over a connection of its own that is closed afterwards. Redirects are answers, cookies are not kept, and
 * at most 16 KiB of the answer are read. The status counts, even if the rest of the answer never ends.
 */
export async function postGuarded(
  guard: EgressGuard,
  request: GuardedRequest,
  { wholeMs = WHOLE_MS }: { readonly wholeMs?: number } = {},
): Promise<GuardedOutcome> {
  const started = performance.now();
  let address: string | null = null;
  const client = new Client(request.url.origin, {
    connect: guard.connector(request.url, (peer) => (address = peer)),
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: MOST_HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const outcome = (result: Pick<GuardedOutcome, 'answer' | 'error'>): GuardedOutcome => ({
    address,
    durationMs: Math.round(performance.now() - started),
    ...result,
  });
  try {
    return outcome({ answer: await post(client, request, wholeMs), error: undefined });
  } catch (error) {
    return outcome({ answer: undefined, error: toEgressError(error, address !== null) });
  } finally {
    await client.destroy().catch(() => undefined);
  }
}

async function post(client: Client, { url, headers, body }: GuardedRequest, wholeMs: number): Promise<GuardedAnswer> {
  const deadline = AbortSignal.timeout(wholeMs);
  const answer = await client.request({
    method: 'POST',
    path: url.pathname + url.search,
    headers: { ...headers },
    body,
    signal: deadline,
  });
  answer.body.on('error', () => undefined);
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(
      Object.entries(answer.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
      ),
    ),
    body: await beginningOf(answer.body),
  };
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_ANSWER_BYTES) break;
    }
  } catch {
    // The status has arrived; what follows is for people to read.
  }
  return Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString('utf8').replaceAll('\0', '\ufffd');
}
