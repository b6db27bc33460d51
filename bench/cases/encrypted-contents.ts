import { randomBytes } from 'node:crypto';
import type { Case, Row } from '../case.js';
import { callApi, postStream, untilTaken } from '../client.js';
import { median } from '../measure.js';
import { ENVELOPE, ndjsonMessage, recipientJson } from '../recipients.js';
import { Stage } from '../stage.js';

const PER_REQUEST = 100;
const KEYS = { CONTENT_KEYS: `bench:${randomBytes(32).toString('hex')}`, CONTENT_ENCRYPTION: 'all' };
const PROGRAMS = ['api', 'worker', 'postgres'] as const;

/** Processor time of api, worker and PostgreSQL per recipient, in milliseconds. */
interface Cost {
  readonly single: number;
  readonly bulk: number;
}

/** The price of encrypting all contents, from the request to the provider's yes: the same mail with and without. */
export const encryptedContents: Case = {
  name: 'encrypted-contents',
  async run({ quick, runs, say }) {
    const counts = { single: quick ? 2000 : 10_000, bulk: quick ? 100_000 : 500_000 };
    const costs: Record<'clear' | 'encrypted', Cost[]> = { clear: [], encrypted: [] };
    for (let run = 0; run < runs; run += 1) {
      for (const [side, env] of [
        ['clear', {}],
        ['encrypted', KEYS],
      ] as const) {
        const cost = await Stage.during({ env }, (stage) => measure(stage, counts));
        costs[side].push(cost);
        say(
          `${side}: ${cost.single.toFixed(3)} ms a mail alone, ${(cost.bulk * 1000).toFixed(1)} µs a recipient of many`,
        );
      }
    }
    return (['single', 'bulk'] as const).map((kind) =>
      rowOf(
        kind,
        counts[kind],
        median(costs.clear.map((cost) => cost[kind])),
        median(costs.encrypted.map((cost) => cost[kind])),
      ),
    );
  },
};

async function measure(stage: Stage, counts: Cost): Promise<Cost> {
  await stage.start('sink');
  await stage.start('api');
  // Following what was sent is the same on both sides.
  await stage.start('worker', { POLL_INTERVAL_MS: '600000' });
  await sendSingle(stage, 500);
  await untilTaken(stage, 500);
  const begin = stage.processorMs(...PROGRAMS);
  await sendSingle(stage, counts.single);
  await untilTaken(stage, 500 + counts.single);
  const between = stage.processorMs(...PROGRAMS);
  await postStream(stage, ndjsonMessage(counts.bulk, { provider: 'ncp' }));
  await untilTaken(stage, 500 + counts.single + counts.bulk);
  const end = stage.processorMs(...PROGRAMS);
  return { single: (between - begin) / counts.single, bulk: (end - between) / counts.bulk };
}

async function sendSingle(stage: Stage, count: number): Promise<void> {
  for (let i = 0; i < count; i += PER_REQUEST) {
    const messages = Array.from({ length: PER_REQUEST }, (_, j) => ({
      ...ENVELOPE,
      provider: 'ncp',
      recipients: [JSON.parse(recipientJson(i + j)) as object],
    }));
    await callApi(stage, 'POST', '/v1/messages/batch', { messages });
  }
}

function rowOf(kind: keyof Cost, count: number, clear: number, encrypted: number): Row {
  const shown = (ms: number): string => (kind === 'single' ? `${ms.toFixed(3)} ms` : `${(ms * 1000).toFixed(1)} µs`);
  const what = kind === 'single' ? '1-recipient messages' : 'personalised recipients of one message';
  const most = kind === 'single' ? 1.1 : 2;
  return {
    what: `CONTENT_ENCRYPTION=all: processor time of api, worker and PostgreSQL, ${count.toLocaleString('en')} ${what}`,
    floor: `in clear ${shown(clear)}`,
    gateway: shown(encrypted),
    ratio: `${(encrypted / clear).toFixed(2)} ×`,
    target: `≤ ${most} ×`,
    met: encrypted <= most * clear,
  };
}
