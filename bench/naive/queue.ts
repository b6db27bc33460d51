import { createPostgresBackend, Queue, runMigrations, withBackend, Worker, type Job, type PgPool } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Settings } from './settings.js';

export interface MailJob {
  readonly recipientId: string;
}

type MailQueue = Pick<Queue<MailJob>, 'addBulk' | 'close'>;
type Process = (job: Job<MailJob>) => Promise<void>;

const NAME = 'naive-mail';
const SCHEMA = 'naive_queue';
const retries = { attempts: 3, backoff: { type: 'exponential', delay: 1000 } } as const;
const defaultJobOptions = { removeOnComplete: true, removeOnFail: true, ...retries } as const;

const postgres = withBackend(createPostgresBackend);

/** The same BullMQ as the gateway's, a job for each recipient. */
export interface MailQueues {
  queue(): MailQueue;
  worker(process: Process, concurrency: number): { close(): Promise<void> };
  close(): Promise<void>;
}

export const openQueues = ({ databaseUrl, redisUrl }: Settings): Promise<MailQueues> =>
  redisUrl === undefined ? openPostgres(databaseUrl) : Promise.resolve(openRedis(redisUrl));

async function openPostgres(databaseUrl: string): Promise<MailQueues> {
  const pool = new Pool({ connectionString: databaseUrl, max: 20, options: `-c search_path=${SCHEMA}` });
  pool.setMaxListeners(0);
  pool.on('error', tell);
  pool.on('connect', (client) => client.on('error', tell));
  const client = await pool.connect();
  await runMigrations(client, SCHEMA).finally(() => client.release());
  // A pg.Pool is what BullMQ asks for; its own description of one lacks the overloads of query.
  const connection = pool as PgPool;
  return {
    queue: () => new postgres.Queue<MailJob>(NAME, { connection, defaultJobOptions }).on('error', tell),
    worker: (process, concurrency) =>
      new postgres.Worker<MailJob>(NAME, process, { connection, concurrency }).on('error', tell),
    close: () => pool.end(),
  };
}

function openRedis(url: string): MailQueues {
  const connection = new Redis(url, { maxRetriesPerRequest: null }).on('error', tell);
  return {
    queue: () => new Queue<MailJob>(NAME, { connection, defaultJobOptions }).on('error', tell),
    worker: (process, concurrency) => new Worker<MailJob>(NAME, process, { connection, concurrency }).on('error', tell),
    close: async () => connection.disconnect(),
  };
}

const tell = (error: Error): void => void process.stderr.write(`${error.message}\n`);
