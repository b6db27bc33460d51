import { Injectable } from '@nestjs/common';
import { StrandedAccountRepository, WorkloadRepository } from '@gateway/database';
import type { Examination, Finding } from './finding.js';

/** Accounts that have mail but no credentials (any more), as the workers have noted. Only an operator can help. */
@Injectable()
export class ExamineAccounts implements Examination {
  readonly check = 'accounts';

  constructor(
    private readonly accounts: StrandedAccountRepository,
    private readonly workload: WorkloadRepository,
  ) {}

  async *examine(): AsyncGenerator<Finding> {
    const names = await this.accounts.findNoted();
    if (names.length === 0) return;
    const { batches } = await this.workload.find();
    for (const name of names) {
      const count = batches.filter(({ provider }) => provider === name).reduce((sum, group) => sum + group.count, 0);
      const detail = `account ${name} is not configured and has ${count} batches that are not at their end`;
      if (count > 0) yield { check: this.check, what: 'stranded_account', detail };
    }
  }
}
