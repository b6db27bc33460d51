import { BATCHES_PER_JOB } from './batch-job.js';

export interface BatchHandler {
  readonly queueName: string;
  readonly concurrency: number;
  /** Does the work; what it can't do it leaves in PostgreSQL. A rejection is logged, the sweep brings the batch again. */
  readonly handle: (batchIds: readonly string[]) => Promise<void>;
  /** Batches that are due and that no worker has, by the database: asked for while the queue is away. */
  readonly due: (limit: number) => Promise<readonly string[]>;
}

/** A handler and how much of it runs, whether jobs or the database brought the batches. */
export class Lane {
  private readonly running = new Set<Promise<void>>();
  /** Portions that were given and that have not begun: the next is at hand when one ends. */
  private readonly given: (readonly string[])[] = [];

  constructor(
    private readonly handler: BatchHandler,
    private readonly onFailed: (error: Error) => void,
  ) {}

  get queueName(): string {
    return this.handler.queueName;
  }

  get concurrency(): number {
    return this.handler.concurrency;
  }

  /** Batches that may be given now: as many may wait as may run. */
  get room(): number {
    return (this.concurrency - this.given.length) * BATCHES_PER_JOB;
  }

  due(limit: number): Promise<readonly string[]> {
    return this.handler.due(limit);
  }

  /** Works on them as soon as no more runs than may. */
  give(batchIds: readonly string[]): void {
    for (let i = 0; i < batchIds.length; i += BATCHES_PER_JOB) this.given.push(batchIds.slice(i, i + BATCHES_PER_JOB));
    this.begin();
  }

  /** Forgets those that have not begun: another worker, or a job, brings them again. */
  forget(): void {
    this.given.length = 0;
  }

  async work(batchIds: readonly string[]): Promise<void> {
    const work = this.handler.handle(batchIds);
    this.running.add(work);
    await work.finally(() => {
      this.running.delete(work);
      this.begin();
    });
  }

  /** Resolves when something may be given. */
  async hasRoom(): Promise<void> {
    while (this.room <= 0) await Promise.race(this.running).catch(() => undefined);
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  private begin(): void {
    while (this.running.size < this.concurrency) {
      const batchIds = this.given.shift();
      if (batchIds === undefined) return;
      this.work(batchIds).catch(this.onFailed);
    }
  }
}
