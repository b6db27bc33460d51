import { Queue, Worker, createPostgresBackend, withBackend, type PgPool } from 'bullmq';
import { IDLE_CONNECTION_MS, setUpBy } from '@gateway/platform';
import { Cluster, Redis } from 'ioredis';
import { Pool } from 'pg';
import type { BatchJob } from './batch-job.js';
import { POSTGRES_SCHEMA } from './queue-schema.js';
import { expectQueueTables } from './queue-tables.js';
import { QueueWatch } from './queue-watch.js';

export interface QueueSettings {
  /** Redis nodes as URLs; several: Cluster; none: BullMQ keeps its jobs in PostgreSQL. */
  readonly redisNodes: readonly string[];
  /** Certificates, in PEM, of the authorities that a Redis over TLS may have. Absent: those that Node trusts. */
  readonly redisCa?: string | undefined;
  readonly databaseUrl: string;
  /** Maximum PostgreSQL connections of this process for queues; each worker listens on one of its own. */
  readonly connections: number;
  readonly onError: (error: Error) => void;
}

export interface WorkerSettings {
  readonly concurrency: number;
  /** Milliseconds after which a job of a lost worker is given to another one, approximately. */
  readonly lockMs: number;
  readonly onFailed: (error: Error) => void;
}

/** The part of a BullMQ queue that the gateway uses, for every backend. */
export interface BatchQueue {
  add(name: string, data: BatchJob, opts: { delay: number }): Promise<unknown>;
  addBulk(jobs: { name: string; data: BatchJob; opts: { delay: number } }[]): Promise<unknown>;
  getJobCounts(...states: JobState[]): Promise<Record<string, number>>;
  getJobs(states: JobState[], start: number, end: number): Promise<QueuedJob[]>;
  close(): Promise<void>;
}

export type JobState = 'waiting' | 'prioritized' | 'delayed' | 'active';

export interface QueuedJob {
  readonly id?: string | undefined;
  readonly data: unknown;
  remove(): Promise<void>;
}

/** The part of a BullMQ worker that the gateway uses, for every backend. */
export interface BatchWorker {
  run(): Promise<void>;
  /** @param force does not wait for jobs. */
  close(force?: boolean): Promise<void>;
}

export type BatchProcessor = (job: { readonly data: unknown }) => Promise<void>;

/** Where the jobs are: the same queues and workers on Redis, Redis Cluster or PostgreSQL. */
export abstract class QueueBackend {
  abstract readonly kind: 'redis' | 'postgres';
  /** Whether it can be used at the moment. */
  abstract readonly watch: QueueWatch;
  abstract queue(name: string): BatchQueue;
  abstract worker(name: string, process: BatchProcessor, settings: WorkerSettings): BatchWorker;
  /** Throws when the backend cannot be reached. */
  abstract ping(): Promise<void>;
  /** For a health check: the gateway does without a Redis that is away. @throws when the database is away. */
  abstract health(): Promise<void | { readonly degraded: string }>;
  /** Closes connections. The callers that made queues and workers close them. */
  abstract close(): Promise<void>;
}

/**
 * A job is a hint (ADR 3), so no caller waits until it is on disk: a crash of PostgreSQL loses a fraction of a second
 * of the queue, and the sweep finds the batches. The tables stay consistent in any case.
 */
const POSTGRES_SET_UP = `SET search_path = ${POSTGRES_SCHEMA}; SET synchronous_commit = off; SET lock_timeout = '60s';
  SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'`;
/** The hash tag keeps all keys of a queue on one node of a Cluster, and lets queues be on different ones. */
const redisPrefix = (queueName: string): string => `gateway:{${queueName}}`;
const PRESENCE_KEY = 'gateway:presence';
const PRESENCE_MS = 60_000;

// Finished jobs are not kept: the tables attempt and event hold their history.
const jobOptions = { removeOnComplete: true, removeOnFail: true } as const;

const postgres = withBackend(createPostgresBackend);

export const openQueueBackend = (settings: QueueSettings): Promise<QueueBackend> =>
  settings.redisNodes.length > 0 ? Promise.resolve(redisBackend(settings)) : postgresBackend(settings);

async function postgresBackend(settings: QueueSettings): Promise<QueueBackend> {
  const pool = new Pool({
    connectionString: settings.databaseUrl,
    max: settings.connections,
    onConnect: setUpBy(POSTGRES_SET_UP),
    application_name: 'gateway-queue',
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    keepAlive: true,
  });
  pool.setMaxListeners(0);
  pool.on('error', settings.onError);
  // Workers hold connections to listen on: one that breaks must not end the process.
  pool.on('connect', (client) => client.on('error', settings.onError));
  await expectQueueTables(pool);
  // A pg.Pool is what BullMQ asks for; its own description of one lacks the overloads of query.
  const options = { connection: pool as PgPool };
  const ping = async (): Promise<void> => void (await pool.query('SELECT 1'));
  return {
    kind: 'postgres',
    watch: new QueueWatch(),
    queue: (name) =>
      watched(new postgres.Queue<BatchJob>(name, { ...options, defaultJobOptions: jobOptions }), settings),
    worker: (name, process, worker) => {
      const made = new postgres.Worker<BatchJob>(name, process, { ...options, ...workerOptions(worker) });
      made.on('failed', (_job, error) => worker.onFailed(error));
      return watched(made, settings);
    },
    ping,
    health: ping,
    close: () => pool.end(),
  };
}

/**
 * Seconds between two looks into a queue that is empty. Both backends wake a worker when a job arrives; a look is for a
 * signal that was lost with a connection.
 */
const LOOK_EVERY_S = 30;

/** Milliseconds after a lost connection: when the queue is back, nothing else does the work of a lane. */
const CONNECTION_RETRY_MS = 1000;

// A job that is started again is harmless, its batches are claimed, so it may be started again any number of times.
const workerOptions = ({ concurrency, lockMs }: WorkerSettings) => ({
  concurrency,
  autorun: false,
  lockDuration: lockMs,
  stalledInterval: lockMs,
  maxStalledCount: 1000,
  drainDelay: LOOK_EVERY_S,
  runRetryDelay: CONNECTION_RETRY_MS,
});

function redisBackend(settings: QueueSettings): QueueBackend {
  const connection = connectRedis(settings);
  connection.on('error', settings.onError);
  const watch = watchRedis(connection);
  const optionsOf = (name: string) => ({ connection, prefix: redisPrefix(name) });
  return {
    kind: 'redis',
    watch,
    queue: (name) =>
      watched(new Queue<BatchJob>(name, { ...optionsOf(name), defaultJobOptions: jobOptions }), settings),
    worker: (name, process, worker) => {
      const made = new Worker<BatchJob>(name, process, { ...optionsOf(name), ...workerOptions(worker) });
      made.on('failed', (_job, error) => worker.onFailed(error));
      return watched(made, settings);
    },
    ping: async () => void (await watch.patiently(() => connection.ping())),
    health: async () => (watch.isAway ? { degraded: 'away' } : undefined),
    close: async () => {
      watch.stop();
      connection.disconnect();
    },
  };
}

function watchRedis(connection: Redis | Cluster): QueueWatch {
  const watch = new QueueWatch({
    connected: () => connection.status === 'ready',
    // A write, because a Redis that is full, or a replica, answers but takes no jobs; of a Cluster every node.
    look: () =>
      Promise.all([
        connection.set(PRESENCE_KEY, '1', 'PX', PRESENCE_MS),
        ...(connection instanceof Cluster ? connection.nodes('master').map((node) => node.ping()) : []),
      ]),
    reconnect: () => connection.disconnect(true),
  });
  for (const event of ['ready', 'close'] as const) connection.on(event, () => watch.look());
  return watch;
}

function connectRedis({ redisNodes: nodes, redisCa }: QueueSettings): Redis | Cluster {
  const [first] = nodes;
  const overTls = nodes.some((node) => node.startsWith('rediss:'));
  const redisOptions = {
    // Commands wait while Redis is away instead of failing: BullMQ demands it of workers.
    maxRetriesPerRequest: null,
    ...(overTls && { tls: redisCa === undefined ? {} : { ca: redisCa } }),
  };
  if (nodes.length === 1 && first !== undefined) return new Redis(first, redisOptions);
  return new Cluster([...nodes], {
    redisOptions: { ...redisOptions, ...credentialsOf(first) },
    // A certificate names hosts, so the name must not be replaced by an address before it is compared.
    ...(overTls && { dnsLookup: (host, done) => done(null, host) }),
  });
}

/** ioredis 6 has no credentials for nodes that a Cluster reports, and ignores `rediss:` in the URLs of its nodes. */
function credentialsOf(url: string | undefined): { readonly username?: string; readonly password?: string } {
  if (url === undefined) return {};
  const { username, password } = new URL(url);
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
}

/** Without a listener an `error` event ends the process. */
function watched<T extends { on(event: 'error', listener: (error: Error) => void): unknown }>(
  emitter: T,
  settings: QueueSettings,
): T {
  emitter.on('error', settings.onError);
  return emitter;
}
