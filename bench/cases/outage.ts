import { request } from 'undici';
import type { Case, Row } from '../case.js';
import { callApi, postMessage, sinkStats, spanOf, tellSink, untilTaken } from '../client.js';
import { pause, percentile } from '../measure.js';
import { acceptMany, fillWaiting } from '../outage/fill.js';
import { codeLatencies, overtakings, sendCodes } from '../outage/look.js';
import { outageRows, type Outage } from '../outage/rows.js';
import { Stage } from '../stage.js';

/** Mails that wait in the stage that the others are compared with: enough to keep both breakers open. */
const FEW = 200;
/** Login codes before any is measured. */
const WARM_UP = 20;
/** Calls before any is measured. */
const WARM_CALLS = 10;
/** After an outage so many mails are drained at most; the rest of a million would be more of the same. */
const DRAINED = 20_000;
/** As many: of fewer, most would not be polled within the time. */
const DISPATCHED = DRAINED;
/** Seconds between two scrapes, as a Prometheus has them, and between two looks of a console. */
const SCRAPED_EVERY_S = 15;
const LOOKED_EVERY_S = 5;

/** Both vendors refuse everything for a while, with many single mails waiting. */
export const outage: Case = {
  name: 'outage',
  async run({ quick, say }): Promise<readonly Row[]> {
    const seconds = quick ? 15 : 120;
    const measured: Outage[] = [];
    for (const waiting of sizes()) {
      measured.push(await Stage.during({}, (stage) => during(stage, { waiting, seconds, calls: 300 })));
      say(JSON.stringify(measured.at(-1)));
    }
    const [empty, ...others] = measured;
    return empty === undefined ? [] : others.flatMap((one) => outageRows(one, empty));
  },
};

/** `WAITING=20000,1000000` chooses others. */
const sizes = (): readonly number[] =>
  process.env['WAITING']?.split(',').map(Number) ?? [FEW, 20_000, 200_000, 1_000_000];

interface Plan {
  readonly waiting: number;
  readonly seconds: number;
  readonly calls: number;
}

async function during(stage: Stage, { waiting, seconds, calls }: Plan): Promise<Outage> {
  for (const program of ['sink', 'api'] as const) await stage.start(program);
  // As `npm start` and the composition start them.
  await stage.start('worker', { WORKER_LANES: 'transactional,marketing,upkeep' });
  await stage.start('login-worker', { WORKER_LANES: 'authentication' });
  await sendCodes(stage, WARM_UP);
  // The workers start meanwhile.
  await untilTaken(stage, WARM_UP);
  const idleCodes = await codeLatencies(stage, () => sendCodes(stage, calls));
  await tellSink(stage, 'refuse');
  await acceptMany(stage, FEW);
  // Until the breakers are open and what was on its way is back.
  await pause(5000);
  await fillWaiting(stage, waiting - FEW);
  await untilRolledUp(stage);
  await stage.settle();
  const load = await loadWhile(stage, seconds);
  const events = await batchEvents(stage);
  const readP99 = await p99(calls, () => callApi(stage, 'GET', '/v1/messages?limit=20'));
  const acceptP99 = await p99(calls, () => acceptMany(stage, 1));
  return {
    waiting,
    load,
    events: events / Math.max(waiting, FEW),
    readP99,
    acceptP99,
    idleCodeP99: percentile(idleCodes, 0.99),
    ...(await drain(stage, waiting + calls)),
    dispatched: waiting > FEW ? undefined : await dispatchRate(stage),
  };
}

/** Statistics of what was accepted are kept by a sweep, which is work of accepting, not of waiting. */
async function untilRolledUp(stage: Stage): Promise<void> {
  for (;;) {
    const { rows } = await stage.db.query<{ left: boolean }>('SELECT EXISTS (SELECT FROM statistic_delta) AS left');
    if (rows[0]?.left !== true) return;
    await pause(500);
  }
}

/** Processor seconds per second, of api, workers and PostgreSQL, while they are watched as in production. */
async function loadWhile(stage: Stage, seconds: number): Promise<number> {
  const cost = (): number => stage.processorMs('api', 'worker', 'login-worker', 'postgres');
  // The first look after a vacuum reads cold pages.
  await Promise.all([look(stage, '/metrics'), look(stage, '/v1/workload')]);
  const [before, started] = [cost(), performance.now()];
  for (let second = 1; second <= seconds; second += 1) {
    await pause(started + second * 1000 - performance.now());
    if (second % SCRAPED_EVERY_S === 0) await look(stage, '/metrics');
    if (second % LOOKED_EVERY_S === 0) await look(stage, '/v1/workload');
  }
  return (cost() - before) / (performance.now() - started);
}

async function look(stage: Stage, path: string): Promise<void> {
  if (path.startsWith('/v1')) return void (await callApi(stage, 'GET', path));
  const { body } = await request(`${stage.apiUrl}${path}`);
  await body.dump();
}

async function batchEvents(stage: Stage): Promise<number> {
  const { rows } = await stage.db.query<{ events: number }>(
    `SELECT count(*)::int AS events FROM event WHERE type LIKE 'batch.%'
     AND message_id IN (SELECT id FROM message WHERE category = 'transactional')`,
  );
  return rows[0]?.events ?? 0;
}

async function p99(calls: number, call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  // The first after a vacuum read cold pages.
  for (let i = 0; i < WARM_CALLS; i += 1) await call();
  for (let i = 0; i < calls; i += 1) {
    const begun = performance.now();
    await call();
    times.push(performance.now() - begun);
    await pause(20);
  }
  return percentile(times, 0.99);
}

type Drain = Pick<Outage, 'drained' | 'firstAfter' | 'codeP99' | 'overtaken' | 'twice'>;

/** The account is open again: how fast what waited goes, and a login code that comes meanwhile. */
async function drain(stage: Stage, waiting: number): Promise<Drain> {
  const opened = Date.now();
  await tellSink(stage, 'reset');
  await tellSink(stage, 'accept');
  await untilTaken(stage, 1);
  const first = (await sinkStats(stage)).ncp.firstAt ?? (await sinkStats(stage)).nhn.firstAt ?? 0;
  const wanted = Math.min(waiting, DRAINED);
  let over = false;
  const drained = untilTaken(stage, wanted, 900_000).finally(() => (over = true));
  const codes = await codeLatencies(stage, () => sendCodes(stage, 10_000, () => over));
  await drained;
  const { ncp, nhn } = await sinkStats(stage);
  const span = Math.max(spanOf(ncp), spanOf(nhn));
  const { rows } = await stage.db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT FROM attempt WHERE outcome = 'accepted' GROUP BY batch_id HAVING count(*) > 1) AS t`,
  );
  return {
    drained: (ncp.recipients + nhn.recipients) / span,
    firstAfter: (first - opened) / 1000,
    codeP99: percentile(codes, 0.99),
    overtaken: await overtakings(stage),
    twice: rows[0]?.n ?? 0,
  };
}

/** Mails per second of what waits when a worker starts, without an outage but with login codes: what a drain is compared with. */
async function dispatchRate(stage: Stage): Promise<number> {
  await stage.end('worker');
  await pause(500);
  await acceptMany(stage, DISPATCHED);
  await stage.settle();
  await tellSink(stage, 'reset');
  await stage.start('worker', { WORKER_LANES: 'transactional,marketing,upkeep' });
  await postMessage(
    stage,
    'application/json',
    '{"from":"a@shop.example.com","to":"b@example.com","subject":"s","text":"t","provider":"ncp"}',
  );
  let over = false;
  const codes = sendCodes(stage, 10_000, () => over);
  await untilTaken(stage, DISPATCHED);
  over = true;
  await codes;
  return DISPATCHED / spanOf((await sinkStats(stage)).ncp);
}
