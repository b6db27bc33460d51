import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { BATCHES_PER_JOB, type BatchJob } from './batch-job.js';
import { type BatchQueue, type JobState, QueueBackend } from './queue-backend.js';

/**
 * Milliseconds between two additions to a queue. A single batch is added at once; at a thousand a second, batches that
 * arrive meanwhile share jobs. An addition costs PostgreSQL more than the message itself, however many jobs it has.
 */
const BREAK_MS = 20;

interface Waiting {
  readonly batchId: string;
  readonly delayMs: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Puts batches into queues. Calls that arrive while another is under way share the next one: adding in bulk is ten
 * times cheaper than one by one. A job is a hint, so a failure here loses nothing: the recovery sweep finds the batch.
 */
@Injectable()
export class BatchProducer {
  private readonly queues = new Map<string, BatchQueue>();
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly flushing = new Map<string, Promise<void>>();

  constructor(private readonly backend: QueueBackend) {}

  /** While it is, jobs are not made, and workers take due batches from the database. */
  get isAway(): boolean {
    return this.backend.watch.isAway;
  }

  /** Milliseconds since the queue came back, perhaps empty; `undefined` if it never was away. */
  get backForMs(): number | undefined {
    return this.backend.watch.backForMs;
  }

  /**
   * Resolves when the job is in the queue, or at once while the queue is away, which needs no hint then; rejects when
   * the queue does not answer.
   */
  enqueue(queueName: string, batchIds: readonly string[], delayMs = 0): Promise<void> {
    if (this.isAway) return Promise.resolve();
    const added = batchIds.map(
      (batchId) =>
        new Promise<void>((done, failed) => {
          const list = this.waiting.get(queueName) ?? [];
          list.push({ batchId, delayMs, done, failed });
          this.waiting.set(queueName, list);
        }),
    );
    if (!this.flushing.has(queueName)) this.flushing.set(queueName, this.flush(queueName));
    return Promise.all(added).then(() => undefined);
  }

  /** Jobs that are not done, e.g. to see whether hints may have been lost. */
  waitingJobs(queueName: string): Promise<number> {
    return this.count(queueName, 'waiting', 'prioritized', 'delayed', 'active');
  }

  /** Jobs that no worker has begun although they are due. */
  pendingJobs(queueName: string): Promise<number> {
    return this.count(queueName, 'waiting', 'prioritized');
  }

  private async count(queueName: string, ...states: JobState[]): Promise<number> {
    const counts = await this.backend.watch.patiently(() => this.queueOf(queueName).getJobCounts(...states));
    return Object.values(counts).reduce((sum, n) => sum + n, 0);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.flushing.values());
    await Promise.allSettled([...this.queues.values()].map((queue) => queue.close()));
  }

  private async flush(queueName: string): Promise<void> {
    // Requests that are handled in the same turn of the event loop join the first job already.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = this.take(queueName); batch.length > 0; batch = this.take(queueName)) {
      await this.add(queueName, batch);
      await sleep(BREAK_MS);
    }
    this.flushing.delete(queueName);
  }

  private take(queueName: string): Waiting[] {
    const list = this.waiting.get(queueName) ?? [];
    this.waiting.delete(queueName);
    return list;
  }

  private async add(queueName: string, list: readonly Waiting[]): Promise<void> {
    try {
      await this.backend.watch.patiently(() => addTo(this.queueOf(queueName), jobsFor(list)));
      for (const { done } of list) done();
    } catch (error) {
      for (const { failed } of list) failed(error);
    }
  }

  private queueOf(name: string): BatchQueue {
    const queue = this.queues.get(name) ?? this.backend.queue(name);
    this.queues.set(name, queue);
    return queue;
  }
}

/** On PostgreSQL, BullMQ (6.7) makes two temporary tables for `addBulk`, which cost more than the mail. */
async function addTo(queue: BatchQueue, jobs: ReturnType<typeof jobsFor>): Promise<void> {
  const [first] = jobs;
  if (jobs.length === 1 && first !== undefined) await queue.add(first.name, first.data, first.opts);
  else await queue.addBulk(jobs);
}

function jobsFor(list: readonly Waiting[]): { name: string; data: BatchJob; opts: { delay: number } }[] {
  const byDelay = Map.groupBy(list, ({ delayMs }) => delayMs);
  return [...byDelay].flatMap(([delay, group]) => {
    const ids = group.map(({ batchId }) => batchId);
    const jobs = [];
    for (let i = 0; i < ids.length; i += BATCHES_PER_JOB) {
      jobs.push({ name: 'batches', data: { batchIds: ids.slice(i, i + BATCHES_PER_JOB) }, opts: { delay } });
    }
    return jobs;
  });
}
