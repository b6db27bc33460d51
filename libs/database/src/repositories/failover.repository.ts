import type { BatchRange, Reason } from '@gateway/core';
import type { Queryable } from '../database.js';
import type { Lease } from './dispatch.repository.js';

export interface Failover {
  readonly from: string;
  /** The account that takes over. */
  readonly to: string;
  readonly reason: Reason;
  readonly detail: string;
  /** The batch's positions as the new account takes them. */
  readonly children: readonly (BatchRange & { readonly id: string })[];
}

const REPLAN = `
  WITH parent AS (
    UPDATE batch SET status = 'replanned', follower_count = 0, lease_until = NULL, settled_at = now(), reason = $4,
      reason_detail = $5
    WHERE id = $1 AND lease_token = $2 AND status = 'dispatching'
    RETURNING *
  ), piece AS (
    SELECT p.*, (
      SELECT count(*)::int FROM recipient r
      WHERE r.message_id = parent.message_id AND r.position BETWEEN p.first AND p.last AND r.status IS NULL
    ) AS followers
    FROM parent, unnest($6::uuid[], $7::int[], $8::int[]) AS p (id, first, last)
  ), child AS (
    INSERT INTO batch (id, message_id, parent_id, provider, category, status, position_from, position_to,
      recipient_count, follower_count, due_at, next_attempt_at, enqueued_at, settled_at, left_providers)
    SELECT piece.id, parent.message_id, parent.id, $3, parent.category,
      CASE WHEN followers = 0 THEN 'settled' ELSE 'queued' END::batch_status, first, last, last - first + 1, followers,
      parent.due_at, now(), now(), CASE WHEN followers = 0 THEN now() END, parent.left_providers || parent.provider
    FROM piece, parent
    RETURNING follower_count
  )
  SELECT message_id AS "messageId", (SELECT sum(follower_count)::int FROM child) AS followers FROM parent`;

const TELL = `
  UPDATE message
  SET counts = counts_add(counts, jsonb_build_object('queued', $2::int)), batch_count = batch_count + $3,
    routing = CASE WHEN routing::jsonb -> 'failovers' @> jsonb_build_array($4::jsonb) THEN routing
      ELSE jsonb_set(routing::jsonb, '{failovers}', coalesce(routing::jsonb -> 'failovers', '[]') || $4::jsonb)::json END
  WHERE id = $1`;

/** Moves a batch that no provider has taken to another account, cut anew for it. */
export class FailoverRepository {
  /** @returns false when the lease is lost: nothing has changed. */
  async replan(tx: Queryable, lease: Lease, failover: Failover): Promise<boolean> {
    const { from, to, reason, children } = failover;
    const { rows } = await tx.query<{ messageId: string; followers: number }>(REPLAN, [
      ...[lease.batchId, lease.token, to, reason, failover.detail],
      ...[children.map(({ id }) => id), children.map((child) => child.from), children.map((child) => child.to)],
    ]);
    const [parent] = rows;
    if (parent === undefined) return false;
    await tx.query(TELL, [parent.messageId, parent.followers, children.length, JSON.stringify({ from, to, reason })]);
    return true;
  }
}
