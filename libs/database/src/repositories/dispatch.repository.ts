import type { Reason } from '@gateway/core';
import { Coalescer } from '@gateway/platform';
import type { Database, Queryable } from '../database.js';
import { lockMessages } from './lock-messages.js';
import { batchColumns, type BatchRow } from './rows.js';

/** A worker's right to write the result of a batch: it fails once another worker has claimed the batch. */
export interface Lease {
  readonly batchId: string;
  readonly token: number;
}

/** What a provider gives for a request that it has taken. */
export interface SubmittedResult {
  readonly requestId: string;
  readonly operation: string;
  readonly firstPollMs: number;
}

export interface Submitted {
  readonly lease: Lease;
  readonly messageId: string;
  readonly result: SubmittedResult;
}

interface Claim {
  readonly batchIds: readonly string[];
  readonly leaseMs: number;
}

/** A job for what is due later than this would only take up room; the sweep makes one when the time has come. */
export const LONGEST_QUEUE_DELAY_MS = 600_000;

/** Statements by which a batch goes from waiting to a provider. Each moves the message's counts (trigger). */
export class DispatchRepository {
  /** One at a time: what jobs ask for meanwhile is claimed together, and waits for the disk once. */
  private readonly claims = new Coalescer((claims: readonly Claim[]) => this.claimTogether(claims), {
    atOnce: 1,
    most: 100,
  });

  constructor(private readonly database: Database) {}

  /**
   * Takes batches that are due. Whoever gets a row back is the only one who may post it, until the lease ends.
   * Batches that are not due, or that another worker has, are left out.
   */
  claim(batchIds: readonly string[], leaseMs: number): Promise<readonly BatchRow[]> {
    return this.claims.run({ batchIds, leaseMs });
  }

  /** Each row goes to the first that asked for it: two jobs may carry the same batch. */
  private async claimTogether(claims: readonly Claim[]): Promise<readonly (readonly BatchRow[])[]> {
    const rows = new Map<string, BatchRow>();
    for (const [leaseMs, alike] of Map.groupBy(claims, (claim) => claim.leaseMs)) {
      const ids = alike.flatMap(({ batchIds }) => batchIds);
      for (const row of await this.claimSome(ids, leaseMs)) rows.set(row.id, row);
    }
    const take = (id: string): BatchRow[] => {
      const row = rows.get(id);
      return row !== undefined && rows.delete(id) ? [row] : [];
    };
    return claims.map(({ batchIds }) => batchIds.flatMap(take));
  }

  private async claimSome(batchIds: readonly string[], leaseMs: number): Promise<readonly BatchRow[]> {
    const { rows } = await this.database.pool.query<BatchRow>({
      name: 'claim-batches',
      text: `WITH due AS (
         SELECT id FROM batch
         WHERE id = ANY ($1) AND status IN ('scheduled', 'queued', 'deferred') AND next_attempt_at <= now()
         ORDER BY id FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b
       SET status = 'dispatching', lease_token = lease_token + 1, lease_until = now() + $2 * interval '1 ms',
         attempt_count = attempt_count + 1, enqueued_at = NULL
       -- The list says nothing new, but it is looked up by the key, whatever the planner believes of the table's size.
       FROM due WHERE b.id = due.id AND b.id = ANY ($1)
       RETURNING ${batchColumns}`,
      values: [batchIds, leaseMs],
    });
    return rows;
  }

  /** Holds a claimed batch longer. @returns false when the lease is lost. */
  async renewLease(lease: Lease, leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE batch SET lease_until = now() + $3 * interval '1 ms'
       WHERE id = $1 AND lease_token = $2 AND status = 'dispatching' AND lease_until > now()`,
      [lease.batchId, lease.token, leaseMs],
    );
    return rowCount === 1;
  }

  /** The provider has taken it (or a look-up has found that it had). @returns false when the lease is lost. */
  async markSubmitted(tx: Queryable, lease: Lease, result: SubmittedResult): Promise<boolean> {
    const { rowCount } = await tx.query(
      `UPDATE batch
       SET status = 'submitted', provider_request_id = $3, operation = $4, submitted_at = now(), lease_until = NULL,
         next_poll_at = now() + $5 * interval '1 ms', reason = NULL, reason_detail = NULL, enqueued_at = NULL
       WHERE id = $1 AND lease_token = $2 AND status IN ('dispatching', 'unconfirmed')`,
      [lease.batchId, lease.token, result.requestId, result.operation, result.firstPollMs],
    );
    return rowCount === 1;
  }

  /**
   * The same for many batches. @returns the ids of those whose lease was held.
   */
  async markManySubmitted(tx: Queryable, submitted: readonly Submitted[]): Promise<ReadonlySet<string>> {
    await lockMessages(tx, submitted);
    const { rows } = await tx.query<{ id: string }>({
      name: 'mark-many-submitted',
      text: `UPDATE batch b
         SET status = 'submitted', provider_request_id = s.request_id, operation = s.operation, submitted_at = now(),
           lease_until = NULL, next_poll_at = now() + s.poll_ms * interval '1 ms', reason = NULL, reason_detail = NULL,
           enqueued_at = NULL
         FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::float8[])
           AS s (id, token, request_id, operation, poll_ms)
         WHERE b.id = s.id AND b.id = ANY ($1) AND b.lease_token = s.token AND b.status IN ('dispatching', 'unconfirmed')
         RETURNING b.id`,
      values: [
        submitted.map(({ lease }) => lease.batchId),
        submitted.map(({ lease }) => lease.token),
        submitted.map(({ result }) => result.requestId),
        submitted.map(({ result }) => result.operation),
        submitted.map(({ result }) => result.firstPollMs),
      ],
    });
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * It waits: after a definite no that may be a yes later, or because its account may not be used now (`untried`: no
   * attempt has begun). @returns false when the lease is lost.
   */
  async markDeferred(
    tx: Queryable,
    lease: Lease,
    why: {
      readonly reason: Reason;
      readonly detail: string;
      readonly delayMs: number;
      readonly untried?: 'waits' | 'failed';
    },
  ): Promise<boolean> {
    const { rowCount } = await tx.query(
      `UPDATE batch
       SET status = 'deferred', next_attempt_at = now() + $3 * interval '1 ms', lease_until = NULL,
         enqueued_at = CASE WHEN $3 <= ${LONGEST_QUEUE_DELAY_MS} THEN now() + $3 * interval '1 ms' END,
         reason = $4, reason_detail = $5, attempt_count = attempt_count - $6, loss_count = loss_count + $7,
         -- A quota may end weeks from now: what waits for it does not come too late by that (law 11).
         due_at = CASE WHEN $4 = 'quota' THEN greatest(due_at, now() + $3 * interval '1 ms') ELSE due_at END
       WHERE id = $1 AND lease_token = $2 AND status IN ('dispatching', 'unconfirmed')`,
      [
        ...[lease.batchId, lease.token, why.delayMs, why.reason, why.detail],
        ...[why.untried === undefined ? 0 : 1, why.untried === 'failed' ? 1 : 0],
      ],
    );
    return rowCount === 1;
  }

  /** Nobody will send it: its followers are `failed`. @returns false when the lease is lost. */
  async markFailed(
    tx: Queryable,
    lease: Lease,
    why: { readonly reason: Reason; readonly detail: string },
  ): Promise<boolean> {
    const { rowCount } = await tx.query(
      `UPDATE batch SET status = 'failed', lease_until = NULL, settled_at = now(), reason = $3, reason_detail = $4
       WHERE id = $1 AND lease_token = $2 AND status IN ('dispatching', 'unconfirmed')`,
      [lease.batchId, lease.token, why.reason, why.detail],
    );
    return rowCount === 1;
  }

  /** A request may have gone out; from now on the provider is asked. @returns false when the lease is lost. */
  async markUnconfirmed(
    tx: Queryable,
    lease: Lease,
    why: { readonly detail: string; readonly firstLookupMs: number },
  ): Promise<boolean> {
    const { rowCount } = await tx.query(
      `UPDATE batch
       SET status = 'unconfirmed', lease_until = NULL, lookup_count = 0, reason = NULL, reason_detail = $3,
         next_attempt_at = now() + $4 * interval '1 ms', enqueued_at = NULL
       WHERE id = $1 AND lease_token = $2 AND status = 'dispatching'`,
      [lease.batchId, lease.token, why.detail, why.firstLookupMs],
    );
    return rowCount === 1;
  }

  /** Gives a claimed batch back untouched, e.g. at shutdown: the attempt never began. */
  async release(lease: Lease): Promise<void> {
    await this.database.pool.query(
      `UPDATE batch SET status = 'queued', lease_until = NULL, attempt_count = attempt_count - 1, enqueued_at = NULL
       WHERE id = $1 AND lease_token = $2 AND status = 'dispatching'`,
      [lease.batchId, lease.token],
    );
  }

  /** Batches whose job ended before they were claimed need another one: the next sweep makes it. */
  async giveBack(batchIds: readonly string[]): Promise<void> {
    await this.database.pool.query(
      `UPDATE batch SET enqueued_at = NULL WHERE id = ANY ($1) AND status IN ('scheduled', 'queued', 'deferred')`,
      [batchIds],
    );
  }

  /** Nobody of a claimed batch is left to be mailed. */
  async settleEmpty(lease: Lease): Promise<void> {
    await this.database.pool.query(
      `UPDATE batch SET status = 'settled', settled_at = now(), lease_until = NULL
       WHERE id = $1 AND lease_token = $2 AND status = 'dispatching' AND follower_count = 0`,
      [lease.batchId, lease.token],
    );
  }
}
