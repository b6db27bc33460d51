import { Queue, Worker, createPostgresBackend, runMigrations, withBackend, type PgPool } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { perSecond, type Case, type Effort, type Row } from '../case.js';
import { sinkStats, spanOf, untilTaken } from '../client.js';
import { dispatchPlainly } from '../floors/single.js';
import { median, until } from '../measure.js';
import { acceptMany } from '../outage/fill.js';
import { Stage } from '../stage.js';

/** Concurrency of the transactional lane of the gateway's worker. */
const CONCURRENCY = 6;
const TARGET = 2000;

/** Messages of one recipient that wait in the queue, to a provider that answers at once; they are polled meanwhile. */
export const singleDispatch: Case = {
  name: 'dispatch-single',
  async run(effort) {
    const rows: Row[] = [];
    for (const redis of [false, true]) rows.push(await compare(10_000, redis, effort));
    return rows;
  },
};

async function compare(count: number, redis: boolean, { runs, say }: Effort): Promise<Row> {
  const [bare, floor, gateway]: [number[], number[], number[]] = [[], [], []];
  const backend = redis ? 'Redis' : 'PostgreSQL';
  for (let run = 0; run < runs; run += 1) {
    bare.push(count / (await Stage.during({ redis }, (stage) => bareJobs(stage, count))));
    const both = await Stage.during({ redis }, (stage) => dispatch(stage, count));
    floor.push(both.floor);
    gateway.push(both.gateway);
    const told = [bare, floor, gateway].map((all) => Math.round(all.at(-1) ?? 0));
    say(`${backend}: bare ${told[0]} jobs/s, simplest ${told[1]} mails/s, gateway ${told[2]} mails/s`);
  }
  const mine = median(gateway);
  return {
    what: `single dispatch: ${count.toLocaleString('en')} queued 1-recipient messages, polls included, queue on ${backend}`,
    floor:
      `the same rows read, posted and marked, as durable ${perSecond(median(floor), 1)}; ` +
      `bare BullMQ ${Math.round(median(bare)).toLocaleString('en')} jobs/s`,
    gateway: `${Math.round(mine).toLocaleString('en')} mails/s`,
    ratio: `${(mine / median(floor)).toFixed(2)} ×`,
    target: `≥ ${TARGET.toLocaleString('en')} mails/s`,
    met: mine >= TARGET,
  };
}

/** @returns mails per second of both sides, from the first request at the provider to the last. */
async function dispatch(stage: Stage, count: number): Promise<{ readonly floor: number; readonly gateway: number }> {
  await stage.start('sink');
  await stage.start('api');
  await acceptMany(stage, count);
  await stage.end('api');
  await stage.settle();
  const floor = count / (await dispatchPlainly(stage));
  await stage.settle();
  await stage.start('worker');
  await untilTaken(stage, count);
  return { floor, gateway: count / spanOf((await sinkStats(stage)).ncp) };
}
/** @returns seconds from the first job's end to the last's. */
async function bareJobs(stage: Stage, count: number): Promise<number> {
  const { queue, worker, close } = stage.redisUrl === undefined ? await onPostgres(stage) : onRedis(stage.redisUrl);
  const ends: number[] = [];
  worker.on('completed', () => ends.push(performance.now()));
  for (let i = 0; i < count; i += 1000) {
    await queue.addBulk(Array.from({ length: 1000 }, (_, j) => ({ name: 'job', data: { n: i + j } })));
  }
  void worker.run();
  await until(() => Promise.resolve(ends.length >= count), 300_000);
  await worker.close();
  await queue.close();
  await close();
  return ((ends.at(-1) ?? 0) - (ends[0] ?? 0)) / 1000;
}

interface Bare {
  readonly queue: Pick<Queue, 'addBulk' | 'close'>;
  readonly worker: Pick<Worker, 'on' | 'run' | 'close'>;
  readonly close: () => Promise<unknown>;
}

const NAME = 'bare';
const JOBS = { defaultJobOptions: { removeOnComplete: true } };
const WORK = { concurrency: CONCURRENCY, autorun: false };
const nothing = (): Promise<void> => Promise.resolve();

function onRedis(url: string): Bare {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue(NAME, { connection, ...JOBS });
  const worker = new Worker(NAME, nothing, { connection, ...WORK });
  return { queue, worker, close: () => connection.quit() };
}

async function onPostgres(stage: Stage): Promise<Bare> {
  // BullMQ looks for no other when it is given a pool.
  const schema = 'bullmq';
  const pool = new pg.Pool({ connectionString: stage.databaseUrl, max: 16, options: `-c search_path=${schema}` });
  const client = await pool.connect();
  await runMigrations(client, schema);
  client.release();
  const bull = withBackend(createPostgresBackend);
  const connection = pool as unknown as PgPool;
  const queue = new bull.Queue(NAME, { connection, ...JOBS });
  const worker = new bull.Worker(NAME, nothing, { connection, ...WORK });
  return {
    queue: queue as unknown as Bare['queue'],
    worker: worker as unknown as Bare['worker'],
    close: () => pool.end(),
  };
}
