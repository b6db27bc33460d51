import { ratioRow, type Case, type Effort, type Row } from '../case.js';
import { load, type Load } from '../client.js';
import { median, percentile } from '../measure.js';
import { pgbenchRate } from '../pgbench.js';
import { ENVELOPE, recipientJson } from '../recipients.js';
import { Stage } from '../stage.js';

const CONNECTIONS = 32;
const WHAT = `single accept: 1-recipient POSTs, ${CONNECTIONS} connections, worker on`;

/** Many messages of one recipient, each durable before its 202, while the worker sends them. */
export const singleAccept: Case = {
  name: 'accept-single',
  async run(effort) {
    const seconds = effort.quick ? 5 : 30;
    const [gateway, naive]: [Load[], Load[]] = [[], []];
    const pgbench: (number | undefined)[] = [];
    for (let run = 0; run < effort.runs; run += 1) {
      naive.push(await Stage.during({}, (stage) => naiveLoad(stage, seconds)));
      gateway.push(await Stage.during({}, (stage) => gatewayLoad(stage, seconds)));
      pgbench.push(await Stage.during({}, (stage) => pgbenchRate(stage, seconds, CONNECTIONS)));
      effort.say(`peer ${rate(naive.at(-1))}/s, gateway ${rate(gateway.at(-1))}/s, pgbench ${pgbench.at(-1)}/s`);
    }
    return rowsOf({ gateway, naive, pgbench: pgbench.filter((tps) => tps !== undefined) }, effort);
  },
};

const body = (i: number): string => `${JSON.stringify(ENVELOPE).slice(0, -1)},"recipients":[${recipientJson(i)}]}`;

async function gatewayLoad(stage: Stage, seconds: number): Promise<Load> {
  for (const program of ['sink', 'api', 'worker'] as const) await stage.start(program);
  const plan = { origin: stage.apiUrl, path: '/v1/messages', connections: CONNECTIONS, bodyOf: body };
  await load({ ...plan, seconds: 3 });
  return load({ ...plan, seconds });
}

async function naiveLoad(stage: Stage, seconds: number): Promise<Load> {
  for (const program of ['sink', 'naive-api', 'naive-worker'] as const) await stage.start(program);
  const { subject, html } = ENVELOPE;
  const head = JSON.stringify({ from: ENVELOPE.from.address, subject, html }).slice(0, -1);
  const bodyOf = (i: number): string => `${head},"recipients":[${recipientJson(i)}]}`;
  const plan = { origin: stage.naiveUrl, path: '/messages', connections: CONNECTIONS, bodyOf };
  await load({ ...plan, seconds: 3 });
  return load({ ...plan, seconds });
}

const rate = (one: Load | undefined): number => Math.round((one?.latencies.length ?? 0) / (one?.seconds ?? 1));

function rowsOf(
  { gateway, naive, pgbench }: { gateway: readonly Load[]; naive: readonly Load[]; pgbench: readonly number[] },
  { quick }: Effort,
): readonly Row[] {
  const [mine, peer] = [median(gateway.map(rate)), median(naive.map(rate))];
  const all = gateway.flatMap(({ latencies }) => latencies);
  const [p50, p99] = [percentile(all, 0.5), percentile(all, 0.99)];
  const what = `${WHAT}, ${quick ? 5 : 30} s`;
  const side = `${mine.toLocaleString('en')}/s`;
  const floor = median(pgbench);
  return [
    ratioRow(
      { what: `${what}, beside the service a team would otherwise write`, floor: `${peer}/s`, gateway: side },
      mine / peer,
      2,
    ),
    ...(pgbench.length === 0
      ? []
      : [
          ratioRow(
            { what: `${what}, beside pgbench`, floor: `${floor.toLocaleString('en')}/s`, gateway: side },
            mine / floor,
            0.5,
          ),
        ]),
    {
      what: `${what}: latency`,
      floor: `p50 ${p50.toFixed(1)} ms`,
      gateway: `p99 ${p99.toFixed(1)} ms`,
      ratio: `${(p99 / p50).toFixed(1)} ×`,
      target: '≤ 5 ×',
      met: p99 <= 5 * p50,
    },
  ];
}
