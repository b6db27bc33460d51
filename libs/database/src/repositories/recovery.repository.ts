import type { Category } from '@gateway/core';
import type { Database, Queryable } from '../database.js';

/** A batch for which a job should be in the queue. */
export interface DueBatch {
  readonly id: string;
  readonly messageId: string;
  readonly provider: string;
  readonly category: Category;
  readonly positionFrom: number;
  readonly positionTo: number;
}

/** A batch whose worker is gone, and what became of it. */
export interface LostBatch extends DueBatch {
  readonly status: 'queued' | 'unconfirmed';
  readonly lossCount: number;
}

/**
 * What waited for its time and is this late has lost its job, however many others stand in the queue: its job had a
 * time, too.
 */
const LATE_MS = 20_000;

const dueColumns = `b.id, b.message_id AS "messageId", b.provider, b.category,
  b.position_from AS "positionFrom", b.position_to AS "positionTo"`;

/**
 * What the recovery sweep asks: the queue is only a hint, this is where lost hints are noticed. Every statement takes
 * rows that no other process is looking at, so any number of workers may sweep.
 */
export class RecoveryRepository {
  constructor(private readonly database: Database) {}

  /**
   * Batches that are due and for which nobody has put a job into the queue since `lostAfterMs`, or at all. Marks them
   * as enqueued; scheduled ones become queued.
   */
  async takeDue(lostAfterMs: number, limit: number, providers: readonly string[]): Promise<DueBatch[]> {
    const { rows } = await this.database.pool.query<DueBatch>(
      `WITH due AS (
         SELECT id FROM batch
         WHERE status IN ('scheduled', 'queued', 'deferred') AND next_attempt_at <= now() AND provider = ANY ($3)
           AND (enqueued_at IS NULL OR enqueued_at < now() - interval '1 ms'
             * CASE WHEN status = 'queued' THEN $1 ELSE least($1, ${LATE_MS}) END)
         ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b SET status = 'queued', enqueued_at = now() FROM due WHERE b.id = due.id
       RETURNING ${dueColumns}`,
      [lostAfterMs, limit, providers],
    );
    return rows;
  }

  /**
   * Batches whose worker is gone. If it had begun an attempt, a request may have left: `unconfirmed`. If not, nothing
   * has: `queued` again. The lease token grows, so the old worker's result is refused.
   */
  async takeLost(tx: Queryable, limit: number): Promise<LostBatch[]> {
    const { rows } = await tx.query<LostBatch>(
      `WITH lost AS (
         SELECT id, EXISTS (
           SELECT FROM attempt a WHERE a.batch_id = batch.id AND a.number = batch.attempt_count
         ) AS begun
         FROM batch WHERE status = 'dispatching' AND lease_until < now()
         ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b
       SET status = CASE WHEN lost.begun THEN 'unconfirmed' ELSE 'queued' END::batch_status,
         attempt_count = CASE WHEN lost.begun THEN attempt_count ELSE attempt_count - 1 END,
         lease_token = lease_token + 1, lease_until = NULL, enqueued_at = NULL, loss_count = loss_count + 1,
         -- One that takes its workers with it must come back at other times than those that it was held with.
         next_attempt_at = now() + CASE WHEN loss_count = 0 THEN 0
           ELSE (0.5 + random()) * power(2, least(loss_count, 8)) END * interval '1 s',
         lookup_count = 0, reason_detail = 'the worker that held it is gone'
       FROM lost WHERE b.id = lost.id
       RETURNING ${dueColumns}, b.status, b.loss_count AS "lossCount"`,
      [limit],
    );
    return rows;
  }

  /** Gives up a waiting batch for good. @returns false when somebody else has moved it. */
  async fail(tx: Queryable, batchId: string, detail: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      `UPDATE batch SET status = 'failed', settled_at = now(), reason = 'unknown', reason_detail = $2
       WHERE id = $1 AND status IN ('queued', 'deferred')`,
      [batchId, detail],
    );
    return rowCount === 1;
  }

  /** Unconfirmed batches whose next look-up is due. */
  async takeLookups(lostAfterMs: number, limit: number): Promise<DueBatch[]> {
    const { rows } = await this.database.pool.query<DueBatch>(
      `WITH due AS (
         SELECT id FROM batch
         WHERE status = 'unconfirmed' AND next_attempt_at <= now()
           AND (enqueued_at IS NULL OR enqueued_at < now() - $1 * interval '1 ms')
         ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b SET enqueued_at = now() FROM due WHERE b.id = due.id
       RETURNING ${dueColumns}`,
      [lostAfterMs, limit],
    );
    return rows;
  }

  /** Requests whose next poll is due; another sweep sees them again after `leaseMs` if the job is lost. */
  async takePolls(leaseMs: number, limit: number): Promise<DueBatch[]> {
    const { rows } = await this.database.pool.query<DueBatch>(
      `WITH due AS (
         SELECT id FROM batch WHERE next_poll_at <= now() ORDER BY next_poll_at LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b SET next_poll_at = now() + $1 * interval '1 ms' FROM due WHERE b.id = due.id
       RETURNING ${dueColumns}`,
      [leaseMs, limit],
    );
    return rows;
  }

  /** What no provider has taken within `expireMs` of its due time never goes out any more. */
  async takeExpired(tx: Queryable, expireMs: number, limit: number): Promise<DueBatch[]> {
    const { rows } = await tx.query<DueBatch>(
      `WITH late AS (
         SELECT id FROM batch
         WHERE status IN ('scheduled', 'queued', 'deferred') AND next_attempt_at <= now()
           AND due_at < now() - $1 * interval '1 ms'
         LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b SET status = 'expired', settled_at = now(), reason = 'expired' FROM late WHERE b.id = late.id
       RETURNING ${dueColumns}`,
      [expireMs, limit],
    );
    return rows;
  }
}
