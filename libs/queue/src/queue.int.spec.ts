import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { runMigrations } from 'bullmq';
import pg from 'pg';
import {
  emptyDatabase,
  eventually,
  freshDatabase,
  onEachQueue,
  ownRedis,
  queueKinds,
  redisCommand,
  sharedRedis,
  unique,
} from '@gateway/testing';
import { BatchProducer } from './batch-producer.js';
import { BATCHES_PER_JOB } from './batch-job.js';
import { BatchWorkers } from './batch-worker.js';
import { openQueueBackend, type QueueBackend } from './queue-backend.js';
import { openQueueBoard } from './queue-board.js';
import { migrateQueues } from './queue-tables.js';

onEachQueue('queue', (kind) => {
  let backend: QueueBackend;
  let producer: BatchProducer;
  let workers: BatchWorkers | undefined;
  let queueName: string;
  let databaseUrl: string;

  beforeEach(async () => {
    databaseUrl = await freshDatabase();
    backend = await openQueueBackend({
      redisNodes: kind === 'redis' ? [await sharedRedis()] : [],
      databaseUrl,
      connections: 6,
      onError: () => undefined,
    });
    producer = new BatchProducer(backend);
    queueName = unique('dispatch-test-');
  });
  afterEach(async () => {
    await workers?.close();
    workers = undefined;
    await producer.close();
    await backend.close();
  });

  const ids = (n: number): string[] => Array.from({ length: n }, () => newUuid());

  /** Works on the queue from now on. @returns the jobs as they arrive. */
  function work(handle: (batchIds: readonly string[]) => Promise<void> = async () => undefined, concurrency = 4) {
    const jobs: (readonly string[])[] = [];
    const handler = {
      queueName,
      concurrency,
      handle: async (batchIds: readonly string[]) => {
        jobs.push(batchIds);
        await handle(batchIds);
      },
      due: async () => [],
    };
    workers = new BatchWorkers(backend, [handler], { lockMs: 30_000, onFailed: () => undefined });
    workers.start();
    return jobs;
  }

  it('is of the kind that was asked for, and answers', async () => {
    expect(backend.kind).toBe(kind);
    await backend.ping();
  });

  it('brings every batch to a worker, once', async () => {
    const batches = ids(205);
    await producer.enqueue(queueName, batches);
    const jobs = work();
    await eventually(async () => expect(jobs.flat().length).toBe(205));
    expect(jobs.flat().sort()).toEqual(batches.sort());
    await eventually(async () => expect(await producer.waitingJobs(queueName)).toBe(0));
  });

  it('puts batches of many callers into few jobs', async () => {
    await Promise.all(ids(100).map((id) => producer.enqueue(queueName, [id])));
    expect(await producer.waitingJobs(queueName)).toBeLessThanOrEqual(100 / BATCHES_PER_JOB + 1);
    const jobs = work();
    await eventually(async () => expect(jobs.flat().length).toBe(100));
    expect(Math.max(...jobs.map((job) => job.length))).toBeLessThanOrEqual(BATCHES_PER_JOB);
  });

  it('holds a delayed job back, not the others', async () => {
    const [now, later] = [newUuid(), newUuid()];
    const jobs = work();
    const started = performance.now();
    await Promise.all([producer.enqueue(queueName, [later], 800), producer.enqueue(queueName, [now])]);
    await eventually(async () => expect(jobs.flat()).toEqual([now, later]));
    expect(performance.now() - started).toBeGreaterThan(750);
  });

  it('does not bring a job again that failed: the sweep does', async () => {
    const jobs = work(() => Promise.reject(new Error('no luck')));
    await producer.enqueue(queueName, ids(1));
    await eventually(async () => expect(jobs.length).toBe(1));
    await eventually(async () => expect(await producer.waitingJobs(queueName)).toBe(0));
    await producer.enqueue(queueName, ids(1));
    await eventually(async () => expect(jobs.length).toBe(2));
  });

  it('ends what runs before it closes', async () => {
    let finish = (): void => undefined;
    let finished = false;
    const jobs = work(() => new Promise<void>((resolve) => (finish = resolve)).then(() => void (finished = true)));
    await producer.enqueue(queueName, ids(1));
    await eventually(async () => expect(jobs.length).toBe(1));
    const closing = workers?.close();
    finish();
    await closing;
    expect(finished).toBe(true);
  });

  const onPostgres = kind === 'postgres' ? it : it.skip;

  onPostgres(
    'leaves events out of tables that an older version has made, with several migrations at once',
    async () => {
      const url = await emptyDatabase();
      const owner = new pg.Client({ connectionString: url });
      await owner.connect();
      await runMigrations(owner, 'bullmq');
      await Promise.all([migrateQueues(url), migrateQueues(url), migrateQueues(url)]);
      await owner.query("SELECT bullmq.publish_event('queue', 'added', '{}')");
      const { rows } = await owner.query('SELECT event FROM bullmq.event');
      await owner.end();
      expect(rows).toEqual([]);
    },
  );

  onPostgres('keeps no events of jobs, whichever way they were added, and wakes no worker for one', async () => {
    const listener = new pg.Client({ connectionString: databaseUrl });
    await listener.connect();
    const heard: string[] = [];
    listener.on('notification', ({ channel }) => heard.push(channel));
    await listener.query('LISTEN bullmq_events; LISTEN bullmq_jobs');
    const jobs = work();
    await producer.enqueue(queueName, ids(1));
    await producer.enqueue(queueName, ids(3 * BATCHES_PER_JOB));
    await eventually(async () => expect(jobs.flat()).toHaveLength(1 + 3 * BATCHES_PER_JOB));
    await workers?.close();
    const { rows } = await listener.query('SELECT event FROM bullmq.event');
    await listener.end();
    expect([rows, [...new Set(heard)]]).toEqual([[], ['bullmq_jobs']]);
  });
});

describe('a queue that is away', () => {
  it('rejects what was on its way, needs no hints, brings due work instead, and does not delay a stop', async () => {
    const backend = await openQueueBackend({
      redisNodes: ['redis://127.0.0.1:1'],
      databaseUrl: 'postgres://127.0.0.1:1/none',
      connections: 1,
      onError: () => undefined,
    });
    const producer = new BatchProducer(backend);
    const board = await openQueueBoard(backend, ['dispatch-test-away'], '/queues');
    await Promise.all([
      expect(producer.enqueue('dispatch-test-away', [newUuid()])).rejects.toThrow('away'),
      expect(board.ready()).rejects.toThrow('away'),
    ]);
    expect(producer.isAway).toBe(true);
    await producer.enqueue('dispatch-test-away', [newUuid()]);
    const due = Array.from({ length: 3 * BATCHES_PER_JOB }, () => newUuid());
    const [given, running] = [[] as string[], { now: 0, most: 0 }];
    const handler = {
      queueName: 'dispatch-test-away',
      concurrency: 2,
      due: async (limit: number) => due.splice(0, limit),
      handle: async (batchIds: readonly string[]) => {
        running.most = Math.max(running.most, (running.now += 1));
        await setImmediate();
        given.push(...batchIds);
        running.now -= 1;
      },
    };
    const workers = new BatchWorkers(backend, [handler], { lockMs: 30_000, onFailed: () => undefined });
    workers.start();
    await eventually(async () => expect([given.length, running.most]).toEqual([3 * BATCHES_PER_JOB, 2]));
    await workers.close();
    await producer.close();
    await board.close();
    await backend.close();
  });
});

// Without redis-server only the queue on PostgreSQL is tested.
(queueKinds().includes('redis') ? describe : describe.skip)('a Redis that is there but takes no jobs', () => {
  it.each([
    ['does not answer', 'CLIENT PAUSE 4500 ALL', 'PING'],
    ['is full', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'],
    ['is a replica', 'REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'],
  ])('counts as away while it %s', async (_, ends, begins) => {
    const url = await ownRedis();
    const port = Number(new URL(url).port);
    const settings = { redisNodes: [url], databaseUrl: '', connections: 1, onError: () => undefined };
    const backend = await openQueueBackend(settings);
    const producer = new BatchProducer(backend);
    try {
      await producer.enqueue('dispatch-test-full', [newUuid()]);
      await redisCommand(port, ends);
      await eventually(async () => expect(producer.isAway).toBe(true));
      expect(await backend.health()).toEqual({ degraded: 'away' });
      await redisCommand(port, begins);
      await eventually(async () => expect(producer.isAway).toBe(false));
      expect(producer.backForMs).toBeGreaterThanOrEqual(0);
      await producer.enqueue('dispatch-test-full', [newUuid()]);
      expect(await producer.waitingJobs('dispatch-test-full')).toBe(2);
    } finally {
      await producer.close();
      await backend.close();
    }
  });
});
