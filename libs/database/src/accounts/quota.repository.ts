import { Injectable } from '@nestjs/common';
import type { Quota } from '@gateway/core';
import { recordAct } from '../audit/audit.repository.js';
import { Database, type Queryable } from '../database.js';
import * as sql from './quota.sql.js';

/** The period by which an account counts its quota. */
export type QuotaPeriod = Omit<Quota, 'recipients'> & { readonly provider: string };

/**
 * Recipients that accounts have used of their quotas' periods. An attempt takes its share as it begins
 * (`AttemptRepository.start`); here is what is corrected afterwards. The row of a period is locked last in a transaction.
 */
@Injectable()
export class QuotaRepository {
  constructor(private readonly database: Database) {}

  /** Notes the periods by which accounts count; without one an account counts by the months of Asia/Seoul. */
  async declarePeriods(periods: readonly QuotaPeriod[]): Promise<void> {
    await this.database.pool.query(sql.DECLARE_PERIODS, [
      periods.map(({ provider }) => provider),
      periods.map(({ per }) => per),
      periods.map(({ timeZone }) => timeZone),
    ]);
  }

  /** Takes recipients that only became known later; over a quota too, they have their mail. */
  async add(tx: Queryable, provider: string, recipients: number): Promise<void> {
    await tx.query(sql.TAKE_ANYHOW, [provider, recipients]);
  }

  /** Gives back what an attempt took and the provider did not: everything, or that many recipients. */
  async giveBack(tx: Queryable, batchId: string, attemptNumber: number, recipients?: number): Promise<void> {
    await tx.query(sql.GIVE_BACK, [batchId, attemptNumber, recipients ?? null]);
  }

  /** The quota of an account is used up: its batches wait untouched from now on. */
  async close(provider: string): Promise<void> {
    await this.change('close_quota', sql.CLOSE, provider);
  }

  /** It has room again: what waits is let in as after any opening. */
  async open(provider: string): Promise<void> {
    await this.change('open_quota', sql.OPEN, provider);
  }

  private async change(verb: string, statement: string, provider: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { rowCount } = await tx.query(statement, [provider]);
      if (rowCount === 1) recordAct(this.database, tx, { action: `provider.${verb}`, target: provider });
    });
  }

  /**
   * Makes batches that wait for the end of a quota period due at once, as far as the quota has room again.
   * @param left recipients; `null`: there is no quota (any more).
   * @param beyondMs batches that are due sooner are left alone: the provider itself set their time.
   */
  async release(provider: string, left: number | null, beyondMs: number): Promise<number> {
    const { rowCount } = await this.database.pool.query(sql.RELEASE, [provider, left, beyondMs]);
    return rowCount ?? 0;
  }
}
