import { randomUUID } from 'node:crypto';
import type { Case, Row } from '../case.js';
import { load, postStream } from '../client.js';
import { costPage, type Campaign, type Mail } from '../cost/page.js';
import {
  costOfOne,
  COUNTING,
  processorMsOf,
  readMeters,
  startCounting,
  tellStatements,
  type Reading,
} from '../cost/meter.js';
import { growthOf, sizesOf, type TableSize } from '../cost/disk.js';
import { median, until } from '../measure.js';
import { ENVELOPE, ndjsonMessage, recipientJson } from '../recipients.js';
import { Stage } from '../stage.js';

const CONNECTIONS = 32;
/** Until V8 has compiled what a mail needs, and each connection has made the plans that it keeps. */
const WARM_UP_S = 30;

/**
 * The cost of a mail from its accept to the last report on it: processor time, statements, write-ahead log, disk. Nothing
 * of it is left to be done when the cost is read.
 */
export const cost: Case = {
  name: 'cost',
  async run({ quick, runs, say, page }) {
    const seconds = quick ? 10 : 20;
    const recipients = quick ? 100_000 : 1_000_000;
    const mails: Mail[] = [];
    for (const redis of [false, true]) {
      const measured: Single[] = [];
      for (let run = 0; run < runs; run += 1) {
        measured.push(await Stage.during({ redis, settings: COUNTING }, (stage) => singles(stage, seconds, say)));
      }
      mails.push({ queue: redis ? 'Redis' : 'PostgreSQL', ...medianOf(measured) });
    }
    const campaign = await Stage.during({ settings: COUNTING }, (stage) => ofCampaign(stage, recipients));
    page('docs/scaling.md', costPage(mails, campaign));
    return mails.map(rowOf);
  },
};

type Single = Omit<Mail, 'queue'>;

async function singles(stage: Stage, seconds: number, say: (line: string) => void): Promise<Single> {
  await startCounting(stage);
  // From empty tables on: later, new rows take the room of dead ones.
  const before = await sizesOf(stage);
  for (const program of ['sink', 'api', 'worker'] as const) await stage.start(program);
  await accept(stage, WARM_UP_S, true);
  await untilFinal(stage);
  await stage.asAdmin('SELECT pg_stat_statements_reset()');
  const keyed = await measured(stage, () => accept(stage, seconds, true));
  await tellStatements(stage, keyed.count, say);
  const disk = growthOf(before, await sizesOf(stage));
  const plain = (await measured(stage, () => accept(stage, seconds, false))).cost;
  for (const program of ['api', 'worker'] as const) await stage.end(program);
  say(`${stage.redisUrl === undefined ? 'PostgreSQL' : 'Redis'}: without ${told(plain)}; with key ${told(keyed.cost)}`);
  return { plain, keyed: keyed.cost, disk };
}

const told = (cost: Reading): string =>
  `api ${cost.api.toFixed(2)} worker ${cost.worker.toFixed(2)} PostgreSQL ${cost.postgres.toFixed(2)} Redis ${cost.redis.toFixed(2)} ` +
  `= ${processorMsOf(cost).toFixed(2)} ms, ${cost.transactions.toFixed(2)} transactions, ${cost.statements.toFixed(2)} statements, ` +
  `${Math.round(cost.log)} B of log, ${cost.redisCommands.toFixed(2)} commands`;

async function measured(
  stage: Stage,
  work: () => Promise<number>,
): Promise<{ readonly cost: Reading; readonly count: number }> {
  const before = await readMeters(stage);
  const count = await work();
  await untilFinal(stage);
  return { cost: costOfOne(before, await readMeters(stage), count), count };
}

/** @returns how many. */
async function accept(stage: Stage, seconds: number, withKey: boolean): Promise<number> {
  const bodyOf = (i: number): string => `${JSON.stringify(ENVELOPE).slice(0, -1)},"recipients":[${recipientJson(i)}]}`;
  const headersOf = () => (withKey ? { 'idempotency-key': randomUUID() } : {});
  const plan = { origin: stage.apiUrl, path: '/v1/messages', connections: CONNECTIONS, bodyOf, headersOf, seconds };
  return (await load(plan)).latencies.length;
}

const untilFinal = (stage: Stage): Promise<void> =>
  until(
    async () => {
      // The sandbox has examples that wait for their time.
      const { rowCount } = await stage.db.query(
        `SELECT FROM batch WHERE status IN ('queued', 'deferred', 'dispatching', 'unconfirmed', 'submitted', 'sending') LIMIT 1`,
      );
      return rowCount === 0;
    },
    600_000,
    200,
  );

async function ofCampaign(stage: Stage, recipients: number): Promise<Campaign> {
  await startCounting(stage);
  for (const program of ['sink', 'api', 'worker'] as const) await stage.start(program);
  await accept(stage, 1, false);
  await untilFinal(stage);
  const before = await sizesOf(stage);
  const { cost } = await measured(stage, async () => {
    await postStream(stage, ndjsonMessage(recipients, { provider: 'ncp' }));
    return recipients;
  });
  return { recipients, cost, disk: growthOf(before, await sizesOf(stage)) };
}

function medianOf(all: readonly Single[]): Single {
  const keys = Object.keys(all[0]?.keyed ?? {}) as (keyof Reading)[];
  const side = (which: 'plain' | 'keyed'): Reading =>
    Object.fromEntries(keys.map((key) => [key, median(all.map((one) => one[which][key]))])) as unknown as Reading;
  const disk: readonly TableSize[] = all[0]?.disk ?? [];
  return { plain: side('plain'), keyed: side('keyed'), disk };
}

const MOST_MS = 1.6;

function rowOf({ queue, plain, keyed }: Mail): Row {
  const { api, worker, postgres } = keyed;
  const total = processorMsOf(keyed);
  const parts = `api ${api.toFixed(2)}, worker ${worker.toFixed(2)}, PostgreSQL ${postgres.toFixed(2)} ms`;
  return {
    what: `processor time of a single mail with Idempotency-Key from accept to final, queue on ${queue}`,
    floor: `without key ${processorMsOf(plain).toFixed(2)} ms`,
    gateway: parts,
    ratio: `${total.toFixed(2)} ms`,
    target: `≤ ${MOST_MS} ms`,
    met: total <= MOST_MS,
  };
}
