import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import * as sql from './quota.sql.js';

/**
 * Recipients that accounts have used of their month (Asia/Seoul). An attempt takes its share as it begins
 * (`AttemptRepository.start`); here is what is corrected afterwards. The row of a month is locked last in a transaction.
 */
@Injectable()
export class QuotaRepository {
  constructor(private readonly database: Database) {}

  /** Takes recipients that only became known later; over a quota too, they have their mail. */
  async add(tx: Queryable, provider: string, recipients: number): Promise<void> {
    await tx.query(sql.TAKE_ANYHOW, [provider, recipients]);
  }

  /** Gives back what an attempt took and the provider did not: everything, or that many recipients. */
  async giveBack(tx: Queryable, batchId: string, attemptNumber: number, recipients?: number): Promise<void> {
    await tx.query(sql.GIVE_BACK, [batchId, attemptNumber, recipients ?? null]);
  }

  /**
   * What waits for a month's end is due at once when the quota has room for it again.
   * @param left recipients; `null`: there is no quota (any more).
   * @param beyondMs what is due sooner is left alone: that is the provider's own word.
   */
  async release(provider: string, left: number | null, beyondMs: number): Promise<number> {
    const { rowCount } = await this.database.pool.query(sql.RELEASE, [provider, left, beyondMs]);
    return rowCount ?? 0;
  }
}
