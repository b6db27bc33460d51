import { Injectable } from '@nestjs/common';
import { GIVE_BACK_RETURNED } from '../accounts/quota.sql.js';
import { Database, type Queryable } from '../database.js';
import { batchColumns, type BatchRow, type Lease } from './rows.js';

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
    const { rows } = await this.database.pool.query<LookedUpBatch>(
      `WITH due AS (
         SELECT id FROM batch
         WHERE id = ANY ($1) AND status = 'unconfirmed' AND next_attempt_at <= now()
         ORDER BY id FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b SET lease_token = lease_token + 1, next_attempt_at = now() + $2 * interval '1 ms', enqueued_at = NULL
       FROM due WHERE b.id = due.id
       RETURNING ${batchColumns}, now() AS "claimedAt"`,
      [batchIds, leaseMs],
    );
    return rows;
  }

  /**
   * Takes a batch of an account whatever its time, if it is in doubt. @returns `undefined` when it is not; `busy`: its
   * request is being posted at this moment.
   */
  async claimDoubt(provider: string, batchId: string): Promise<BatchRow | 'busy' | undefined> {
    const { rows } = await this.database.pool.query<BatchRow>(
      `UPDATE batch b SET lease_token = lease_token + CASE WHEN status = 'unconfirmed' THEN 1 ELSE 0 END
       WHERE id = $1 AND provider = $2 AND status IN ('unconfirmed', 'dispatching')
       RETURNING ${batchColumns}`,
      [batchId, provider],
    );
    const [row] = rows;
    return row?.status === 'dispatching' ? 'busy' : row;
  }

  /** All attempts of the batch that no verdict has ended, oldest first. */
  async findOpenAttempts(batchId: string): Promise<OpenAttemptRow[]> {
    const { rows } = await this.database.pool.query<OpenAttemptRow>(
      `SELECT number, marker, started_at AS "startedAt", finished_at AS "finishedAt", coalesce(recipients, 0) AS recipients FROM attempt
       WHERE batch_id = $1 AND (outcome IS NULL OR outcome = 'unconfirmed') ORDER BY number`,
      [batchId],
    );
    return rows;
  }

  async isAdopted(provider: string, requestId: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      'SELECT FROM batch WHERE provider = $1 AND provider_request_id = $2',
      [provider, requestId],
    );
    return (rowCount ?? 0) > 0;
  }

  /** Not found this time, or the provider could not be asked (`counts: false`). @returns false when overtaken. */
  async scheduleLookup(
    lease: Lease,
    next: { readonly delayMs: number; readonly counts: boolean; readonly detail: string },
  ): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE batch SET next_attempt_at = now() + $3 * interval '1 ms', lookup_count = lookup_count + $4, reason_detail = $5
       WHERE id = $1 AND lease_token = $2 AND status = 'unconfirmed'`,
      [lease.batchId, lease.token, next.delayMs, next.counts ? 1 : 0, next.detail],
    );
    return rowCount === 1;
  }

  /** None of its requests arrived: what they took of their account's quota is given back. */
  async closeAbsent(tx: Queryable, batchId: string): Promise<void> {
    await tx.query(
      `WITH returned AS (
         UPDATE attempt SET outcome = 'absent', finished_at = coalesce(finished_at, now())
         WHERE batch_id = $1 AND (outcome IS NULL OR outcome = 'unconfirmed')
         RETURNING provider, started_at, recipients
       )
       ${GIVE_BACK_RETURNED}`,
      [batchId],
    );
  }
}
