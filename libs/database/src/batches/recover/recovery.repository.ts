import { Injectable } from '@nestjs/common';
import { Database } from '../../database.js';
import type { DueBatch } from '../rows.js';
import * as sql from './recovery.sql.js';

/**
 * Queries of the recovery sweep: the queue is only a hint, this is where lost hints are noticed. Every statement takes
 * rows that no other process is looking at, so any number of workers may sweep.
 */
@Injectable()
export class RecoveryRepository {
  constructor(private readonly database: Database) {}

  /** Unconfirmed batches whose next look-up is due. @param account whose; all of them, if it is not given */
  async takeLookups(lostAfterMs: number, limit: number, account?: string): Promise<DueBatch[]> {
    const { rows } = await this.database.pool.query<DueBatch>({
      name: 'take-lookups',
      text: sql.TAKE_LOOKUPS,
      values: [lostAfterMs, limit, account ?? null],
    });
    return rows;
  }

  /** Requests whose next poll is due; another sweep sees them again after `leaseMs` if the job is lost. */
  async takePolls(leaseMs: number, limit: number, account?: string): Promise<DueBatch[]> {
    const { rows } = await this.database.pool.query<DueBatch>({
      name: 'take-polls',
      text: sql.TAKE_POLLS,
      values: [leaseMs, limit, account ?? null],
    });
    return rows;
  }

  /**
   * Of batches that wait, those that need not: `movable` ones may go to another account, because the caller left the
   * choice to the gateway; the callers of `impatient` ones do not want to wait for a quota.
   */
  async findUnbound(batchIds: readonly string[], which: 'movable' | 'impatient'): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>({
      name: 'find-unbound-batches',
      text: sql.FIND_UNBOUND,
      values: [batchIds, which === 'impatient'],
    });
    return rows.map(({ id }) => id);
  }

  /** Batches whose job ended before they were claimed need another one: the next sweep makes it. */
  async giveBack(batchIds: readonly string[]): Promise<void> {
    await this.database.pool.query(sql.GIVE_BACK, [batchIds]);
  }
}
