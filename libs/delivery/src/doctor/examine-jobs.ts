import { Injectable } from '@nestjs/common';
import { AuditRepository, IntegrityRepository } from '@gateway/database';
import { type FoundJob, JobList, queueNamesOf } from '@gateway/queue';
import { mend, type Examination, type Finding } from './finding.js';

/** Jobs without a batch. They are harmless, because a worker finds nothing to do, but they should not exist. */
@Injectable()
export class ExamineJobs implements Examination {
  readonly check = 'jobs';

  constructor(
    private readonly integrity: IntegrityRepository,
    private readonly jobs: JobList,
    private readonly audit: AuditRepository,
  ) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    const { integrity, jobs } = this;
    for (const account of await integrity.findAccounts()) {
      for (const queueName of queueNamesOf(account)) {
        // Reads all pages before anything is removed, or the pages would move; keeps only what is reported.
        const lost: FoundJob[] = [];
        for await (const page of jobs.pages(queueName)) lost.push(...(await this.withoutBatches(page)));
        for (const job of lost) yield this.report(queueName, job, fix);
      }
    }
  }

  private async withoutBatches(page: readonly FoundJob[]): Promise<readonly FoundJob[]> {
    const there = await this.integrity.findBatches(page.flatMap(({ batchIds }) => batchIds));
    return page.filter(({ batchIds }) => !batchIds.some((id) => there.has(id)));
  }

  private report(queueName: string, job: FoundJob, fix: boolean): Promise<Finding> {
    const detail = `job ${job.id} in ${queueName}`;
    return mend({ check: this.check, what: 'job_without_batch', detail }, fix, async () => {
      await job.remove();
      await this.audit.recordUnnamed([{ action: 'doctor.remove_job', target: job.id, after: { queue: queueName } }]);
      return 'removed';
    });
  }
}
