import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import { dueColumns, type DueBatch } from './rows.js';
import { WAITING } from './status-lists.js';

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
      text: `WITH due AS (
         SELECT id FROM batch
         WHERE status = 'unconfirmed' AND next_attempt_at <= now() AND ($3::text IS NULL OR provider = $3)
           AND (enqueued_at IS NULL OR enqueued_at < now() - $1 * interval '1 ms')
         ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b SET enqueued_at = now() FROM due WHERE b.id = due.id
       RETURNING ${dueColumns}`,
      values: [lostAfterMs, limit, account ?? null],
    });
    return rows;
  }

  /** Requests whose next poll is due; another sweep sees them again after `leaseMs` if the job is lost. */
  async takePolls(leaseMs: number, limit: number, account?: string): Promise<DueBatch[]> {
    const { rows } = await this.database.pool.query<DueBatch>({
      name: 'take-polls',
      text: `WITH due AS (
         SELECT id FROM batch WHERE next_poll_at <= now() AND ($3::text IS NULL OR provider = $3)
         ORDER BY next_poll_at LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b SET next_poll_at = now() + $1 * interval '1 ms' FROM due WHERE b.id = due.id
       RETURNING ${dueColumns}`,
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
      text: `SELECT b.id FROM batch b JOIN message m ON m.id = b.message_id
        WHERE b.id = ANY ($1) AND b.status IN ${WAITING}
          AND CASE WHEN $2 THEN m.on_quota <> 'defer' ELSE NOT b.of_list AND m.requested_provider = 'auto' END`,
      values: [batchIds, which === 'impatient'],
    });
    return rows.map(({ id }) => id);
  }

  /** Batches whose job ended before they were claimed need another one: the next sweep makes it. */
  async giveBack(batchIds: readonly string[]): Promise<void> {
    await this.database.pool.query(`UPDATE batch SET enqueued_at = NULL WHERE id = ANY ($1) AND status IN ${WAITING}`, [
      batchIds,
    ]);
  }
}
