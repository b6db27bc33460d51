import { batchJobSchema } from './batch-job.js';
import { DirectFeed } from './direct-feed.js';
import { type BatchHandler, Lane } from './lane.js';
import type { BatchWorker, QueueBackend } from './queue-backend.js';

/** The workers of a process, one for each lane. Jobs feed them, or the database while the queue is away. */
export class BatchWorkers {
  private readonly lanes: readonly Lane[];
  private readonly workers: readonly BatchWorker[];
  private readonly direct: DirectFeed;

  constructor(
    private readonly backend: QueueBackend,
    handlers: readonly BatchHandler[],
    private readonly settings: { readonly lockMs: number; readonly onFailed: (error: Error) => void },
  ) {
    this.lanes = handlers.map((handler) => new Lane(handler, settings.onFailed));
    this.direct = new DirectFeed(backend.watch, this.lanes, settings.onFailed);
    this.workers = this.lanes.map((lane) =>
      backend.worker(lane.queueName, (job) => lane.work(batchJobSchema.parse(job.data).batchIds), {
        concurrency: lane.concurrency,
        ...settings,
      }),
    );
  }

  start(): void {
    for (const worker of this.workers) worker.run().catch(this.settings.onFailed);
    this.direct.begin();
  }

  /** Takes no more batches and waits for those that are worked on. A queue that is away does not delay it. */
  async close(): Promise<void> {
    const { watch } = this.backend;
    const closed = Promise.allSettled(this.workers.map((worker) => worker.close(watch.isAway)));
    await this.direct.close();
    await Promise.all(this.lanes.map((lane) => lane.idle()));
    await watch.patiently(() => closed).catch(() => undefined);
  }
}
