import { Injectable } from '@nestjs/common';
import type { BatchStatus, Category } from '@gateway/core';
import { Database } from '../database.js';
import { DELAYED, TAKEN, WAITING as WAITING_STATUSES } from './status-lists.js';

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

/** Batches that wait for dispatch, of all accounts together. */
export interface Waiting {
  readonly batches: number;
  readonly recipients: number;
}

export const RECENT_SECONDS = 300;

/**
 * Reads what is under way. Every statement goes by a partial index of the sweeps or a range of a primary key, so that
 * what is done does not count; recipients are never looked at.
 */
@Injectable()
export class WorkloadRepository {
  constructor(private readonly database: Database) {}

  async find(): Promise<Workload> {
    const batches = await this.select<BatchGroup>(BATCHES);
    const doubtful = batches.some(({ status }) => status === 'unconfirmed');
    return {
      batches,
      unconfirmed: doubtful ? await this.select<Lag>(UNCONFIRMED) : [],
      polls: await this.select<Lag>(POLLS),
      attempts: await this.select<RecentAttempts>(ATTEMPTS, [RECENT_SECONDS]),
      audienceSeconds: (await this.select<Lag>(AUDIENCE))[0]?.seconds ?? 0,
    };
  }

  /** Scheduled ones are not due and don't count. */
  async waiting(): Promise<Waiting> {
    const [found] = await this.select<Waiting>(WAITING);
    return found ?? { batches: 0, recipients: 0 };
  }

  private async select<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.database.pool.query<T>(text, values)).rows;
  }
}

// One part for each partial index: over a status list that no single index covers, the whole table would be read.
const BATCHES = `
  SELECT provider, category, status, CASE WHEN status = 'deferred' THEN reason END AS reason, count(*)::int AS count,
    greatest(extract(epoch FROM now() - min(next_attempt_at)), 0)::float AS "dueSeconds", 0 AS "leasesEnded"
  FROM batch WHERE status IN ${WAITING_STATUSES} GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT provider, category, status, NULL, count(*)::int, greatest(extract(epoch FROM now() - min(next_attempt_at)), 0), 0
  FROM batch WHERE status = 'unconfirmed' GROUP BY 1, 2, 3
  UNION ALL
  SELECT provider, category, status, NULL, count(*)::int, 0, (count(*) FILTER (WHERE lease_until < now()))::int
  FROM batch WHERE status = 'dispatching' GROUP BY 1, 2, 3
  UNION ALL
  SELECT provider, category, status, NULL, count(*)::int, 0, 0
  FROM batch WHERE next_poll_at IS NOT NULL AND status IN ${TAKEN} GROUP BY 1, 2, 3`;

// The first list is that of the partial index.
const WAITING = `
  SELECT count(*)::int AS batches, coalesce(sum(recipient_count), 0)::float AS recipients
  FROM batch
  WHERE status IN ${WAITING_STATUSES} AND status IN ${DELAYED}`;

const UNCONFIRMED = `
  SELECT b.provider, greatest(extract(epoch FROM now() - min(a.started_at)), 0)::float AS seconds
  FROM batch b JOIN attempt a ON a.batch_id = b.id AND (a.outcome IS NULL OR a.outcome = 'unconfirmed')
  WHERE b.status = 'unconfirmed' GROUP BY b.provider`;

const POLLS = `
  SELECT provider, extract(epoch FROM now() - min(next_poll_at))::float AS seconds
  FROM batch WHERE next_poll_at <= now() GROUP BY provider`;

const ATTEMPTS = `
  SELECT provider, coalesce(outcome::text, 'open') AS outcome, count(*)::int AS count
  FROM attempt WHERE id >= uuid7_floor(now() - $1 * interval '1 s') GROUP BY 1, 2`;

const AUDIENCE = `
  SELECT '' AS provider, extract(epoch FROM now() - min(expand_at))::float AS seconds
  FROM message WHERE expand_at <= now() HAVING min(expand_at) IS NOT NULL`;
