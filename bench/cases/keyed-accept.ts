import { randomUUID } from 'node:crypto';
import { ratioRow, type Case, type Row } from '../case.js';
import { load, type Load } from '../client.js';
import { median } from '../measure.js';
import { ENVELOPE, recipientJson } from '../recipients.js';
import { Stage, type Program } from '../stage.js';

const CONNECTIONS = 32;
/** Both sides: until V8 has compiled what a mail needs. */
const WARM_UP_S = 30;

interface Measured {
  /** Accepted messages per second. */
  readonly rate: number;
  /** Processor milliseconds per message, of all processes of this side. */
  readonly costMs: number;
}

/** Mails to one recipient while the worker sends them: with and without an Idempotency-Key, beside the naive service. */
export const keyedAccept: Case = {
  name: 'accept-keyed',
  async run({ quick, runs, say }) {
    const seconds = quick ? 5 : 20;
    const rows: Row[] = [];
    for (const redis of [false, true]) {
      const [plain, keyed, naive]: [Measured[], Measured[], Measured[]] = [[], [], []];
      for (let run = 0; run < runs; run += 1) {
        naive.push(await Stage.during({ redis }, (stage) => naiveLoad(stage, seconds)));
        plain.push(await Stage.during({ redis }, (stage) => gatewayLoad(stage, seconds, false)));
        keyed.push(await Stage.during({ redis }, (stage) => gatewayLoad(stage, seconds, true)));
        say(`${redis ? 'Redis' : 'PostgreSQL'}: naive ${told(naive)}, without ${told(plain)}, with key ${told(keyed)}`);
      }
      rows.push(...rowsOf(redis, { plain, keyed, naive }));
    }
    return rows;
  },
};

const told = (all: readonly Measured[]): string => {
  const { rate = 0, costMs = 0 } = all.at(-1) ?? {};
  return `${Math.round(rate)}/s at ${costMs.toFixed(2)} ms`;
};

async function gatewayLoad(stage: Stage, seconds: number, withKey: boolean): Promise<Measured> {
  for (const program of ['sink', 'api', 'worker'] as const) await stage.start(program);
  const bodyOf = (i: number): string => `${JSON.stringify(ENVELOPE).slice(0, -1)},"recipients":[${recipientJson(i)}]}`;
  const headersOf = () => (withKey ? { 'idempotency-key': randomUUID() } : {});
  const plan = { origin: stage.apiUrl, path: '/v1/messages', connections: CONNECTIONS, bodyOf, headersOf };
  await load({ ...plan, seconds: WARM_UP_S });
  return measured(stage, ['api', 'worker'], () => load({ ...plan, seconds }));
}

async function naiveLoad(stage: Stage, seconds: number): Promise<Measured> {
  for (const program of ['sink', 'naive-api', 'naive-worker'] as const) await stage.start(program);
  const { subject, html } = ENVELOPE;
  const head = JSON.stringify({ from: ENVELOPE.from.address, subject, html }).slice(0, -1);
  const bodyOf = (i: number): string => `${head},"recipients":[${recipientJson(i)}]}`;
  const plan = { origin: stage.naiveUrl, path: '/messages', connections: CONNECTIONS, bodyOf };
  await load({ ...plan, seconds: WARM_UP_S });
  return measured(stage, ['naive-api', 'naive-worker'], () => load({ ...plan, seconds }));
}

async function measured(stage: Stage, programs: readonly Program[], work: () => Promise<Load>): Promise<Measured> {
  const cost = (): number => stage.processorMs(...programs, 'postgres');
  const before = cost();
  const { latencies, seconds } = await work();
  return { rate: latencies.length / seconds, costMs: (cost() - before) / latencies.length };
}

function rowsOf(
  redis: boolean,
  { plain, keyed, naive }: Readonly<Record<'plain' | 'keyed' | 'naive', readonly Measured[]>>,
): readonly Row[] {
  const rate = (all: readonly Measured[]): number => median(all.map((one) => one.rate));
  const shown = (all: readonly Measured[]): string => `${Math.round(rate(all)).toLocaleString('en')}/s`;
  const what = `single accept with Idempotency-Key, worker on, queue on ${redis ? 'Redis' : 'PostgreSQL'}`;
  const costMs = median(keyed.map((one) => one.costMs));
  return [
    ratioRow(
      { what: `${what}, beside the same without`, floor: shown(plain), gateway: shown(keyed) },
      rate(keyed) / rate(plain),
      0.9,
    ),
    ratioRow(
      { what: `${what}, beside the service a team would otherwise write`, floor: shown(naive), gateway: shown(keyed) },
      rate(keyed) / rate(naive),
      redis ? 2 : 6,
    ),
    {
      what: `${what}: processor time of a mail while it is sent (api, worker, PostgreSQL)`,
      floor: `naive ${median(naive.map((one) => one.costMs)).toFixed(2)} ms`,
      gateway: `${costMs.toFixed(2)} ms`,
      ratio: `without key ${median(plain.map((one) => one.costMs)).toFixed(2)} ms`,
      target: '≤ 1.6 ms',
      met: costMs <= 1.6,
    },
  ];
}
