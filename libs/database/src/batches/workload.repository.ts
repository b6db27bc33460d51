import { Injectable } from '@nestjs/common';
import type { BatchStatus, Category } from '@gateway/core';
import { Seldom } from '@gateway/platform';
import { Database } from '../database.js';
import * as sql from './workload.sql.js';

/** Batches that are alike and not at their end. */
export interface BatchGroup {
  readonly provider: string;
  readonly category: Category;
  readonly status: BatchStatus;
  /** Of deferred ones: why they wait. */
  readonly reason: string | null;
  readonly count: number;
  /** How long the oldest of them has been due; 0 when none is. */
  readonly dueSeconds: number;
  /** Those among them whose worker is gone. */
  readonly leasesEnded: number;
}

/** Age of the oldest overdue work of an account. */
export interface Lag {
  readonly provider: string;
  readonly seconds: number;
}

export interface RecentAttempts {
  readonly provider: string;
  /** `open`: without an outcome yet. */
  readonly outcome: 'accepted' | 'refused' | 'unconfirmed' | 'adopted' | 'absent' | 'open';
  readonly count: number;
}

/** The work that is under way, as metrics report it. */
export interface Workload {
  readonly batches: readonly BatchGroup[];
  /** Since when the oldest unconfirmed request has been in doubt. */
  readonly unconfirmed: readonly Lag[];
  /** How late the most overdue status poll is. */
  readonly polls: readonly Lag[];
  /** Attempts that began within `RECENT_SECONDS`. */
  readonly attempts: readonly RecentAttempts[];
  /** How late the most overdue message to an audience is. */
  readonly audienceSeconds: number;
}

export interface AttemptsOfMinute extends RecentAttempts {
  readonly minute: Date;
}

/** Requests and recipients that a lane of an account has posted within the last minute. */
export interface LanePace {
  readonly provider: string;
  readonly category: Category;
  readonly requests: number;
  readonly recipients: number;
}

/** How an account has answered of late. */
export interface AccountAnswers {
  readonly provider: string;
  readonly p95Ms: number | null;
  /** 0 to 1: requests that were left without an answer, also those that were found or sent again later. */
  readonly ambiguityRate: number;
}

/** Batches that wait for dispatch, of all accounts together. */
export interface Waiting {
  readonly batches: number;
  readonly recipients: number;
}

export const RECENT_SECONDS = 300;

/** Counts of what waits are as dear as much of it waits. With little of it they are always new. */
const COUNTS_FRESH = { forMs: 0, forTimesItsCost: 100, cheapMs: 20 };

/** Newest attempts that the figures of accounts are made of: a few milliseconds of reading. */
const ANSWERS_READ = 10_000;

/**
 * Reads what is under way. Every statement goes by a partial index of the sweeps or a range of a primary key, so that
 * what is done does not count; recipients are never looked at.
 */
@Injectable()
export class WorkloadRepository {
  private readonly counts = new Seldom(() => this.select<BatchGroup>(sql.COUNT_BATCHES), COUNTS_FRESH);

  constructor(private readonly database: Database) {}

  async find(): Promise<Workload> {
    const batches = await this.counts.get();
    const doubtful = batches.some(({ status }) => status === 'unconfirmed');
    return {
      batches,
      unconfirmed: doubtful ? await this.select<Lag>(sql.FIND_UNCONFIRMED) : [],
      polls: await this.select<Lag>(sql.FIND_POLLS),
      attempts: await this.select<RecentAttempts>(sql.COUNT_ATTEMPTS, [RECENT_SECONDS]),
      audienceSeconds: (await this.select<Lag>(sql.FIND_AUDIENCE))[0]?.seconds ?? 0,
    };
  }

  /** The attempts of the last hour, oldest first; a minute without any is not listed. */
  attemptsByMinute(): Promise<readonly AttemptsOfMinute[]> {
    return this.select<AttemptsOfMinute>(sql.COUNT_ATTEMPTS_BY_MINUTE);
  }

  answers(): Promise<readonly AccountAnswers[]> {
    return this.select<AccountAnswers>(sql.FIND_ANSWERS, [ANSWERS_READ]);
  }

  /** How late the most overdue status poll of each account is; those without one are not listed. */
  polls(): Promise<readonly Lag[]> {
    return this.select<Lag>(sql.FIND_POLLS);
  }

  pace(): Promise<readonly LanePace[]> {
    return this.select<LanePace>(sql.COUNT_PACE);
  }

  /** Scheduled ones are not due and don't count. */
  async waiting(): Promise<Waiting> {
    const [found] = await this.select<Waiting>(sql.COUNT_WAITING);
    return found ?? { batches: 0, recipients: 0 };
  }

  private async select<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.database.pool.query<T>(text, values)).rows;
  }
}
