import type { Case, Row } from '../case.js';
import { callApi, sinkStats, spanOf, tellSink, untilTaken } from '../client.js';
import { pause, percentile } from '../measure.js';
import { ENVELOPE, recipientJson } from '../recipients.js';
import { Stage } from '../stage.js';

const PER_REQUEST = 1000;
const CODES = 40;

interface Outage {
  readonly waiting: number;
  /** Processor seconds per second, of api, worker and PostgreSQL. */
  readonly load: number;
  /** Events of batches, for each waiting one. */
  readonly events: number;
  /** Milliseconds. */
  readonly readP99: number;
  readonly acceptP99: number;
  /** Mails per second once the provider takes them again. */
  readonly drained: number;
  /** Seconds until the first of them. */
  readonly firstAfter: number;
}

/** A provider that refuses everything for a while, with many single mails waiting. */
export const outage: Case = {
  name: 'outage',
  async run({ quick, say }) {
    const [seconds, sizes] = quick ? [15, [0, 20_000]] : [60, [0, 20_000, 200_000, 1_000_000]];
    const measured: Outage[] = [];
    for (const waiting of sizes) {
      measured.push(await Stage.during({}, (stage) => during(stage, waiting, seconds)));
      say(JSON.stringify(measured.at(-1)));
    }
    const [empty, ...others] = measured;
    return empty === undefined ? [] : others.flatMap((one) => rowsOf(one, empty));
  },
};

async function during(stage: Stage, waiting: number, seconds: number): Promise<Outage> {
  await stage.start('sink');
  await tellSink(stage, 'refuse');
  for (const program of ['api', 'worker'] as const) await stage.start(program);
  await accept(stage, Math.max(waiting, 200));
  // Until the breaker is open and what was on its way is back.
  await pause(5000);
  const cost = (): number => stage.processorMs('api', 'worker', 'postgres');
  const [before, started] = [cost(), performance.now()];
  await pause(seconds * 1000);
  const load = (cost() - before) / (performance.now() - started);
  const { rows } = await stage.db.query<{ events: number }>(
    `SELECT count(*)::int AS events FROM event WHERE type LIKE 'batch.%'`,
  );
  const latencies = { readP99: await p99(() => read(stage)), acceptP99: await p99(() => accept(stage, 1)) };
  const total = Math.max(waiting, 200) + CODES;
  const opened = Date.now();
  await tellSink(stage, 'accept');
  await untilTaken(stage, total, 900_000);
  const { ncp } = await sinkStats(stage);
  return {
    waiting,
    load,
    events: (rows[0]?.events ?? 0) / Math.max(waiting, 200),
    ...latencies,
    drained: total / spanOf(ncp),
    firstAfter: ((ncp.firstAt ?? 0) - opened) / 1000,
  };
}

async function accept(stage: Stage, count: number): Promise<void> {
  for (let i = 0; i < count; i += PER_REQUEST) {
    const messages = Array.from({ length: Math.min(PER_REQUEST, count - i) }, (_, j) => ({
      ...ENVELOPE,
      provider: 'ncp',
      recipients: [JSON.parse(recipientJson(i + j)) as object],
    }));
    await callApi(stage, 'POST', '/v1/messages/batch', { messages });
  }
}

const read = (stage: Stage): Promise<unknown> => callApi(stage, 'GET', '/v1/messages?limit=20');

async function p99(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < CODES; i += 1) {
    const begun = performance.now();
    await call();
    times.push(performance.now() - begun);
    await pause(20);
  }
  return percentile(times, 0.99);
}

function rowsOf(one: Outage, empty: Outage): readonly Row[] {
  const what = `outage, ${one.waiting.toLocaleString('en')} mails waiting`;
  const slower = Math.max(one.readP99 / empty.readP99, one.acceptP99 / empty.acceptP99);
  const ms = ({ readP99, acceptP99 }: Outage): string =>
    `read ${readP99.toFixed(0)} ms, accept ${acceptP99.toFixed(0)} ms`;
  return [
    {
      what: `${what}: processor time of api, worker and PostgreSQL; events per mail`,
      floor: `200 waiting: ${percent(empty.load)} of a core`,
      gateway: `${percent(one.load)} of a core, ${one.events.toFixed(2)} events`,
      ratio: percent(one.load),
      target: '≤ 5 %, ≤ 2 events',
      met: one.load <= 0.05 && one.events <= 2,
    },
    {
      what: `${what}: p99`,
      floor: ms(empty),
      gateway: ms(one),
      ratio: `${slower.toFixed(1)} ×`,
      target: '≤ 1.5 ×',
      met: slower <= 1.5,
    },
    {
      what: `${what}: drain`,
      floor: `${Math.round(empty.drained).toLocaleString('en')}/s of 200`,
      gateway: `${Math.round(one.drained).toLocaleString('en')}/s, the first after ${one.firstAfter.toFixed(1)} s`,
      ratio: '',
      target: '≥ 0.8 × dispatch-single',
      met: true,
      note: 'compare with the row of single dispatch',
    },
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
