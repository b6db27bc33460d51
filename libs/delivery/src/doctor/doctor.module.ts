import { JobList } from '@gateway/queue';
import { Module, type DynamicModule } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module.js';
import { ExamineAccounts } from './examine-accounts.js';
import { ExamineAttempts, ExamineOwners } from './examine-batches.js';
import { ExamineContents } from './examine-contents.js';
import { ExamineJobs } from './examine-jobs.js';
import { ExamineCompletions, ExamineCounts } from './examine-messages.js';
import { ExamineWebhooks } from './examine-webhooks.js';
import { EXAMINATIONS, LATE_MS, type Examination } from './finding.js';

const examinations = [
  ExamineCounts,
  ExamineCompletions,
  ExamineAccounts,
  ExamineOwners,
  ExamineAttempts,
  ExamineJobs,
  ExamineWebhooks,
  ExamineContents,
];

/** Compares what is kept with what is there. */
@Module({})
export class DoctorModule {
  /** @param lateMs milliseconds without work on a batch after which it counts as forgotten */
  static forRoot(lateMs: number): DynamicModule {
    return {
      module: DoctorModule,
      imports: [BatchesModule],
      providers: [
        JobList,
        { provide: LATE_MS, useValue: lateMs },
        ...examinations,
        { provide: EXAMINATIONS, useFactory: (...all: Examination[]) => all, inject: examinations },
      ],
    };
  }
}
