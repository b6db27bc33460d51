import { randomUUID } from 'node:crypto';
import type { Case } from '../case.js';
import { load, openLoad } from '../client.js';
import { median, percentile } from '../measure.js';
import { ENVELOPE, recipientJson } from '../recipients.js';
import { Stage } from '../stage.js';

const CONNECTIONS = 32;
const [MOST_MS, MOST_TIMES] = [50, 5];

/** Mails with a key that come at half the peak rate, whether the one before is answered or not; the worker sends them. */
export const acceptLatency: Case = {
  name: 'accept-latency',
  async run({ quick, runs, say }) {
    const seconds = quick ? 6 : 20;
    const [p50s, p99s, rates]: [number[], number[], number[]] = [[], [], []];
    for (let run = 0; run < runs; run += 1) {
      const { latencies, rate } = await Stage.during({}, (stage) => measure(stage, seconds));
      p50s.push(percentile(latencies, 0.5));
      p99s.push(percentile(latencies, 0.99));
      rates.push(rate);
      say(`${Math.round(rate)}/s: p50 ${p50s.at(-1)?.toFixed(1)} ms, p99 ${p99s.at(-1)?.toFixed(1)} ms`);
    }
    const [p50, p99] = [median(p50s), median(p99s)];
    return [
      {
        what: 'single accept with Idempotency-Key, open loop at half the peak rate, worker on',
        floor: `${Math.round(median(rates))}/s`,
        gateway: `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
        ratio: `p99 ${(p99 / p50).toFixed(1)} × p50`,
        target: `p99 ≤ ${MOST_TIMES} × p50 and ≤ ${MOST_MS} ms`,
        met: p99 <= MOST_TIMES * p50 && p99 <= MOST_MS,
      },
    ];
  },
};

async function measure(stage: Stage, seconds: number): Promise<{ latencies: readonly number[]; rate: number }> {
  for (const program of ['sink', 'api', 'worker'] as const) await stage.start(program);
  const bodyOf = (i: number): string => `${JSON.stringify(ENVELOPE).slice(0, -1)},"recipients":[${recipientJson(i)}]}`;
  const headersOf = () => ({ 'idempotency-key': randomUUID() });
  const plan = { origin: stage.apiUrl, path: '/v1/messages', connections: CONNECTIONS, bodyOf, headersOf };
  await load({ ...plan, seconds: 3 });
  const peak = await load({ ...plan, seconds: 4 });
  const rate = peak.latencies.length / peak.seconds / 2;
  const { latencies } = await openLoad({ ...plan, connections: 4 * CONNECTIONS, seconds }, rate);
  return { latencies, rate };
}
