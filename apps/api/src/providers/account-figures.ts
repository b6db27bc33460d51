import { WorkloadRepository } from '@gateway/database';
import { Injectable } from '@nestjs/common';

/** How an account has answered within the last hour, and how late its states are asked for. */
export interface AccountFigures {
  readonly p95Ms: number | null;
  readonly ambiguityRate: number | null;
  readonly pollLagSeconds: number;
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

/** Looked up once for all accounts of an answer. */
@Injectable()
export class AccountFiguresFinder {
  constructor(private readonly workload: WorkloadRepository) {}

  async find(): Promise<(account: string) => AccountFigures> {
    const [answers, polls] = await Promise.all([this.workload.answers(), this.workload.polls()]);
    return (account) => {
      const answered = answers.find(({ provider }) => provider === account);
      return {
        p95Ms: rounded(answered?.p95Ms ?? null),
        ambiguityRate: answered === undefined ? null : Math.round(answered.ambiguityRate * 1e4) / 1e4,
        pollLagSeconds: polls.find(({ provider }) => provider === account)?.seconds ?? 0,
      };
    };
  }
}
