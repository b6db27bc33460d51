import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../database.js';
import type { BatchRow, Lease } from '../rows.js';
import * as sql from './reconcile.sql.js';

/** An attempt whose request may have been taken. */
export interface OpenAttemptRow {
  readonly number: number;
  readonly marker: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** Recipients of the request. */
  readonly recipients: number;
}

/** A batch that is looked up, and when that began: by the database's clock, as the times of its attempts are. */
export interface LookedUpBatch extends BatchRow {
  readonly claimedAt: Date;
}

/** Statements by which an unconfirmed batch is looked up at its provider. */
@Injectable()
export class ReconcileRepository {
  constructor(private readonly database: Database) {}

  /** Takes unconfirmed batches whose look-up is due; other workers see them as not due for `leaseMs`. */
  async claim(batchIds: readonly string[], leaseMs: number): Promise<LookedUpBatch[]> {
    const { rows } = await this.database.pool.query<LookedUpBatch>(sql.CLAIM, [batchIds, leaseMs]);
    return rows;
  }

  /**
   * Takes a batch of an account whatever its time, if it is in doubt. @returns `undefined` when it is not; `busy`: its
   * request is being posted at this moment.
   */
  async claimDoubt(provider: string, batchId: string): Promise<BatchRow | 'busy' | undefined> {
    const { rows } = await this.database.pool.query<BatchRow>(sql.CLAIM_DOUBT, [batchId, provider]);
    const [row] = rows;
    return row?.status === 'dispatching' ? 'busy' : row;
  }

  /** All attempts of the batch that no verdict has ended, oldest first. */
  async findOpenAttempts(batchId: string): Promise<OpenAttemptRow[]> {
    const { rows } = await this.database.pool.query<OpenAttemptRow>(sql.FIND_OPEN_ATTEMPTS, [batchId]);
    return rows;
  }

  async isAdopted(provider: string, requestId: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(sql.FIND_ADOPTED, [provider, requestId]);
    return (rowCount ?? 0) > 0;
  }

  /** @returns the number of the next batch that shares this request, and whether one has it by a look-up. */
  async findParts(provider: string, requestId: string): Promise<{ next: number; adopted: boolean }> {
    const { rows } = await this.database.pool.query<{ next: number; adopted: boolean }>(sql.FIND_PARTS, [
      provider,
      requestId,
    ]);
    return rows[0] ?? { next: 0, adopted: false };
  }

  /** Not found this time, or the provider could not be asked (`counts: false`). @returns false when overtaken. */
  async scheduleLookup(
    lease: Lease,
    next: { readonly delayMs: number; readonly counts: boolean; readonly detail: string },
  ): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(sql.SCHEDULE_LOOKUP, [
      lease.batchId,
      lease.token,
      next.delayMs,
      next.counts ? 1 : 0,
      next.detail,
    ]);
    return rowCount === 1;
  }

  /** None of its requests arrived: what they took of their account's quota is given back. */
  async closeAbsent(tx: Queryable, batchId: string): Promise<void> {
    await tx.query(sql.CLOSE_ABSENT, [batchId]);
  }
}
