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

  constructor(private readonly handler: BatchHandler) {}

  get queueName(): string {
    return this.handler.queueName;
  }

  get concurrency(): number {
    return this.handler.concurrency;
  }

  get free(): number {
    return Math.max(0, this.concurrency - this.running.size);
  }

  due(limit: number): Promise<readonly string[]> {
    return this.handler.due(limit);
  }

  async work(batchIds: readonly string[]): Promise<void> {
    const work = this.handler.handle(batchIds);
    this.running.add(work);
    await work.finally(() => this.running.delete(work));
  }

  /** Resolves when less runs than may. */
  async room(): Promise<void> {
    while (this.free === 0) await Promise.race(this.running).catch(() => undefined);
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }
}
