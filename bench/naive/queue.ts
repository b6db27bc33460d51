import { createPostgresBackend, Queue, withBackend, Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import type { Settings } from './settings.js';

export interface MailJob {
  readonly recipientId: string;
}

type MailQueue = Pick<Queue<MailJob>, 'addBulk' | 'waitUntilReady' | 'close'>;
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
  /** Closes what is shared; queues and workers are closed by who made them. */
  close(): Promise<void>;
}

export const openQueues = ({ databaseUrl, redisUrl }: Settings): MailQueues =>
  redisUrl === undefined ? openPostgres(databaseUrl) : openRedis(redisUrl);

function openPostgres(connectionString: string): MailQueues {
  const connection = { connectionString, schema: SCHEMA, migrate: true, max: 20, keepAlive: true };
  return {
    queue: () => new postgres.Queue<MailJob>(NAME, { connection, defaultJobOptions }).on('error', tell),
    worker: (process, concurrency) =>
      new postgres.Worker<MailJob>(NAME, process, { connection, concurrency }).on('error', tell),
    close: async () => undefined,
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
