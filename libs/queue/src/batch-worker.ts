import { batchJobSchema } from './batch-job.js';
import type { BatchWorker, QueueBackend } from './queue-backend.js';

export interface BatchHandler {
  readonly queueName: string;
  readonly concurrency: number;
  /** Does the work; what it can't do it leaves in PostgreSQL. A rejection is logged, the sweep brings the batch again. */
  readonly handle: (batchIds: readonly string[]) => Promise<void>;
}

/** The workers of a process, one for each queue. */
export class BatchWorkers {
  private readonly workers: readonly BatchWorker[];

  constructor(
    backend: QueueBackend,
    handlers: readonly BatchHandler[],
    private readonly settings: { readonly lockMs: number; readonly onFailed: (error: Error) => void },
  ) {
    this.workers = handlers.map(({ queueName, concurrency, handle }) =>
      backend.worker(queueName, async (job) => handle(batchJobSchema.parse(job.data).batchIds), {
        concurrency,
        ...settings,
      }),
    );
  }

  start(): void {
    for (const worker of this.workers) worker.run().catch(this.settings.onFailed);
  }

  /** Takes no more jobs and waits for those that run. */
  async close(): Promise<void> {
    await Promise.allSettled(this.workers.map((worker) => worker.close()));
  }
}
