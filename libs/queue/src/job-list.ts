import { Injectable } from '@nestjs/common';
import { batchJobSchema } from './batch-job.js';
import { type BatchQueue, QueueBackend } from './queue-backend.js';

export interface FoundJob {
  readonly id: string;
  /** None, if it is not a job of this gateway at all. */
  readonly batchIds: readonly string[];
  /** Rejects for a job that a worker is busy with. */
  remove(): Promise<void>;
}

const JOBS_AT_ONCE = 500;

/** The jobs of queues as they stand, to look at. To be closed, after the last job was removed. */
@Injectable()
export class JobList {
  private readonly queues: BatchQueue[] = [];

  constructor(private readonly backend: QueueBackend) {}

  /** @throws Error when the queue does not answer. */
  async *pages(queueName: string): AsyncGenerator<readonly FoundJob[]> {
    const queue = this.backend.queue(queueName);
    this.queues.push(queue);
    for (let start = 0; ; start += JOBS_AT_ONCE) {
      const states = ['waiting', 'prioritized', 'delayed', 'active'] as const;
      const jobs = await this.backend.watch.patiently(() =>
        queue.getJobs([...states], start, start + JOBS_AT_ONCE - 1),
      );
      if (jobs.length === 0) return;
      // A job that ended between its listing and its reading is not there.
      yield jobs.filter(Boolean).map((job) => ({
        id: job.id ?? '',
        batchIds: batchJobSchema.safeParse(job.data).data?.batchIds ?? [],
        remove: () => job.remove(),
      }));
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.queues.map((queue) => queue.close()));
  }
}
