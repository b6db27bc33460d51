import type { IntegrityRepository } from '@gateway/database';
import { queueNamesOf, type FoundJob, type JobList } from '@gateway/queue';
import { mend, type Examination, type Finding } from './finding.js';

/** Jobs of which no batch is there. Harmless, a worker would find nothing to do; but nobody should have made them. */
export class ExamineJobs implements Examination {
  readonly check = 'jobs';

  constructor(
    private readonly deps: {
      readonly integrity: IntegrityRepository;
      readonly jobs: Pick<JobList, 'pages'>;
    },
  ) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    const { integrity, jobs } = this.deps;
    for (const account of await integrity.findAccounts()) {
      for (const queueName of queueNamesOf(account)) {
        // All pages before anything is removed, or the pages would move: only what is to be told is kept.
        const lost: FoundJob[] = [];
        for await (const page of jobs.pages(queueName)) lost.push(...(await this.withoutBatches(page)));
        for (const job of lost) yield this.report(queueName, job, fix);
      }
    }
  }

  private async withoutBatches(page: readonly FoundJob[]): Promise<readonly FoundJob[]> {
    const there = await this.deps.integrity.findBatches(page.flatMap(({ batchIds }) => batchIds));
    return page.filter(({ batchIds }) => !batchIds.some((id) => there.has(id)));
  }

  private report(queueName: string, job: FoundJob, fix: boolean): Promise<Finding> {
    const detail = `job ${job.id} in ${queueName}`;
    return mend({ check: this.check, what: 'job_without_batch', detail }, fix, async () => {
      await job.remove();
      return 'removed';
    });
  }
}
