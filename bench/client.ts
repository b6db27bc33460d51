import { Readable } from 'node:stream';
import { Pool, request } from 'undici';
import type { ProviderKind } from '@gateway/providers';
import { API_KEY, type Stage } from './stage.js';
import { pause, until } from './measure.js';

const HEADERS = { authorization: `Bearer ${API_KEY}` };

/** @throws with what the gateway said, unless it took the message. @returns its id */
export async function postMessage(stage: Stage, type: string, body: Buffer | Readable | string): Promise<string> {
  const answer = await request(`${stage.apiUrl}/v1/messages`, {
    method: 'POST',
    headers: { ...HEADERS, 'content-type': type },
    body,
    headersTimeout: 600_000,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 202) throw new Error(`${answer.statusCode}: ${text.slice(0, 500)}`);
  return (JSON.parse(text) as { readonly id: string }).id;
}

export const postStream = (stage: Stage, chunks: Iterable<Buffer>): Promise<string> =>
  postMessage(stage, 'application/x-ndjson', Readable.from(chunks));

export async function callApi<T>(stage: Stage, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const json = body !== undefined && { body: JSON.stringify(body) };
  const headers = { ...HEADERS, ...(json && { 'content-type': 'application/json' }) };
  const answer = await request(`${stage.apiUrl}${path}`, { method, headers, ...json });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}

export interface Taken {
  readonly requests: number;
  readonly recipients: number;
  readonly bytes: number;
  readonly firstAt?: number;
  readonly lastAt?: number;
}

/** Kinds whose API the sink speaks. */
export const SINK_KINDS = ['ncp', 'nhn'] as const satisfies readonly ProviderKind[];
export type SinkKind = (typeof SINK_KINDS)[number];

export type SinkStats = Readonly<Record<SinkKind | 'plain', Taken>>;

export async function sinkStats(stage: Stage): Promise<SinkStats> {
  const { body } = await request(`${stage.sinkUrl}/control/stats`);
  return (await body.json()) as SinkStats;
}

export async function tellSink(stage: Stage, what: 'hold' | 'release' | 'reset' | 'refuse' | 'accept'): Promise<void> {
  const { body } = await request(`${stage.sinkUrl}/control/${what}`, { method: 'POST' });
  await body.dump();
}

/** Waits until the sink has had so many recipients. */
export const untilTaken = (stage: Stage, recipients: number, patienceMs = 600_000): Promise<void> =>
  until(
    async () => {
      const stats = await sinkStats(stage);
      return SINK_KINDS.reduce((sum, kind) => sum + stats[kind].recipients, 0) >= recipients;
    },
    patienceMs,
    100,
  );

/** Seconds between the first and the last request. */
export const spanOf = ({ firstAt = 0, lastAt = 0 }: Taken): number => (lastAt - firstAt) / 1000;

/** The result of many requests over some connections. */
export interface Load {
  readonly seconds: number;
  /** Milliseconds of each. */
  readonly latencies: readonly number[];
}

export interface LoadPlan {
  readonly origin: string;
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
  readonly bodyOf: (i: number) => string;
  readonly headersOf?: (i: number) => Readonly<Record<string, string>>;
}

/** Posts over so many connections, each its next request when it has its answer; every answer must be a success. */
export async function load({ origin, path, connections, seconds, bodyOf, headersOf }: LoadPlan): Promise<Load> {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const latencies: number[] = [];
  const started = performance.now();
  const deadline = started + seconds * 1000;
  let sent = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < deadline) {
      const begun = performance.now();
      const i = (sent += 1);
      await post(pool, { path, body: bodyOf(i), headers: headersOf?.(i) });
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const took = (performance.now() - started) / 1000;
  await pool.close();
  return { seconds: took, latencies };
}

/**
 * Posts so many a second, whether the ones before are answered or not. A latency begins when its request was due, so a
 * server that stands still is seen by all requests that came meanwhile.
 */
export async function openLoad(plan: LoadPlan, perSecond: number): Promise<Load> {
  const { origin, path, connections, seconds, bodyOf, headersOf } = plan;
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const latencies: number[] = [];
  const started = performance.now();
  const under: Promise<void>[] = [];
  for (let i = 0; i < perSecond * seconds;) {
    const due = started + (i * 1000) / perSecond;
    if (due > performance.now()) {
      await pause(1);
      continue;
    }
    i += 1;
    const done = post(pool, { path, body: bodyOf(i), headers: headersOf?.(i) });
    under.push(done.then(() => void latencies.push(performance.now() - due)));
  }
  await Promise.all(under);
  const took = (performance.now() - started) / 1000;
  await pool.close();
  return { seconds: took, latencies };
}

async function post(
  pool: Pool,
  request: {
    readonly path: string;
    readonly body: string;
    readonly headers: Readonly<Record<string, string>> | undefined;
  },
): Promise<void> {
  const headers = { ...HEADERS, 'content-type': 'application/json', ...request.headers };
  const answer = await pool.request({ method: 'POST', path: request.path, headers, body: request.body });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${answer.statusCode}: ${text.slice(0, 300)}`);
}
