import type { ProviderWords, Reason } from '@gateway/core';
import type { Database, Queryable } from '../database.js';
import type { NewEventRow } from './event.repository.js';
import { batchColumns, type BatchRow, type MessageContentRow, type RecipientRow } from './rows.js';

/** A worker's right to write the result of a batch: it fails once another worker has claimed the batch. */
export interface Lease {
  readonly batchId: string;
  readonly token: number;
}

export interface AttemptResult {
  readonly outcome: 'accepted' | 'refused' | 'unconfirmed' | 'adopted' | 'absent';
  readonly operation?: string;
  readonly provider?: ProviderWords;
  readonly detail?: string;
}

/** Statements by which a batch goes from waiting to a provider. Each moves the message's counts (trigger). */
export class DispatchRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes batches that are due. Whoever gets a row back is the only one who may post it, until the lease ends.
   * Batches that are not due, or that another worker has, are left out.
   */
  async claim(batchIds: readonly string[], leaseMs: number): Promise<BatchRow[]> {
    const { rows } = await this.database.pool.query<BatchRow>(
      `WITH due AS (
         SELECT id FROM batch
         WHERE id = ANY ($1) AND status IN ('scheduled', 'queued', 'deferred') AND next_attempt_at <= now()
         ORDER BY id FOR UPDATE SKIP LOCKED
       )
       UPDATE batch b
       SET status = 'dispatching', lease_token = lease_token + 1, lease_until = now() + $2 * interval '1 ms',
         attempt_count = attempt_count + 1, enqueued_at = NULL
       FROM due WHERE b.id = due.id
       RETURNING ${batchColumns}`,
      [batchIds, leaseMs],
    );
    return rows;
  }

  async findContent(messageId: string): Promise<MessageContentRow | undefined> {
    const { rows } = await this.database.pool.query<MessageContentRow>(
      `SELECT id, client_id AS "clientId", category, delivery, from_address AS "fromAddress", from_name AS "fromName",
         subject, html, text, variables, headers, attachment_ids AS "attachmentIds",
         provider_template_id AS "providerTemplateId", audience, created_at AS "createdAt"
       FROM message WHERE id = $1`,
      [messageId],
    );
    return rows[0];
  }

  /** The recipients of a batch that still follow it, in order. At most as many as one provider request takes. */
  async findFollowers(batch: Pick<BatchRow, 'messageId' | 'positionFrom' | 'positionTo'>): Promise<RecipientRow[]> {
    const { rows } = await this.database.pool.query<RecipientRow>({
      name: 'find-followers',
      text: `SELECT position, address, name, type, variables FROM recipient
             WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NULL ORDER BY position`,
      values: [batch.messageId, batch.positionFrom, batch.positionTo],
    });
    return rows;
  }

  /** The first of a batch's recipients that still follow it: the first ones may be suppressed or refused. */
  async findFirstFollower(
    batch: Pick<BatchRow, 'messageId' | 'positionFrom' | 'positionTo'>,
  ): Promise<RecipientRow | undefined> {
    const { rows } = await this.database.pool.query<RecipientRow>(
      `SELECT position, address, name, type, variables FROM recipient
       WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NULL ORDER BY position LIMIT 1`,
      [batch.messageId, batch.positionFrom, batch.positionTo],
    );
    return rows[0];
  }

  /**
   * Writes the attempt before anything is posted (law 3).
   * @returns false when the lease is lost: then nothing may be posted.
   */
  async startAttempt(
    lease: Lease,
    attempt: {
      readonly id: string;
      readonly number: number;
      readonly marker: string;
      readonly leaseMs: number;
      /** Tells that it begins, in the same transaction. */
      readonly event: NewEventRow;
    },
  ): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `WITH held AS (
         UPDATE batch SET lease_until = now() + $6 * interval '1 ms'
         WHERE id = $2 AND lease_token = $3 AND status = 'dispatching' AND lease_until > now()
         RETURNING id, provider, message_id
       ), told AS (
         INSERT INTO event (id, client_id, message_id, batch_id, type, data)
         SELECT $7, m.client_id, m.id, held.id, $8, $9::json FROM held JOIN message m ON m.id = held.message_id
       )
       INSERT INTO attempt (id, batch_id, number, marker, provider, started_at)
       SELECT $1, held.id, $4, $5, held.provider, clock_timestamp() FROM held`,
      [
        ...[attempt.id, lease.batchId, lease.token, attempt.number, attempt.marker, attempt.leaseMs],
        ...[attempt.event.id, attempt.event.type, JSON.stringify(attempt.event.data)],
      ],
    );
    return rowCount === 1;
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

  async finishAttempt(tx: Queryable, batchId: string, number: number, result: AttemptResult): Promise<void> {
    const { provider } = result;
    await tx.query(
      `UPDATE attempt
       SET outcome = $3, finished_at = coalesce(finished_at, clock_timestamp()), operation = coalesce($4, operation),
         http_status = coalesce($5, http_status), provider_code = coalesce($6, provider_code),
         provider_message = coalesce($7, provider_message), detail = coalesce($8, detail)
       WHERE batch_id = $1 AND number = $2`,
      [
        ...[batchId, number, result.outcome, result.operation ?? null, provider?.httpStatus ?? null],
        ...[provider?.code ?? null, provider?.message ?? null, result.detail ?? null],
      ],
    );
  }

  /** The provider has taken it (or a look-up has found that it had). @returns false when the lease is lost. */
  async markSubmitted(
    tx: Queryable,
    lease: Lease,
    result: { readonly requestId: string; readonly operation: string; readonly firstPollMs: number },
  ): Promise<boolean> {
    const { rowCount } = await tx.query(
      `UPDATE batch
       SET status = 'submitted', provider_request_id = $3, operation = $4, submitted_at = now(), lease_until = NULL,
         next_poll_at = now() + $5 * interval '1 ms', reason = NULL, reason_detail = NULL, enqueued_at = NULL
       WHERE id = $1 AND lease_token = $2 AND status IN ('dispatching', 'unconfirmed')`,
      [lease.batchId, lease.token, result.requestId, result.operation, result.firstPollMs],
    );
    return rowCount === 1;
  }

  /** A definite no that may be a yes later. @returns false when the lease is lost. */
  async markDeferred(
    tx: Queryable,
    lease: Lease,
    why: { readonly reason: Reason; readonly detail: string; readonly delayMs: number },
  ): Promise<boolean> {
    const { rowCount } = await tx.query(
      `UPDATE batch
       SET status = 'deferred', next_attempt_at = now() + $3 * interval '1 ms', lease_until = NULL,
         enqueued_at = now() + $3 * interval '1 ms', reason = $4, reason_detail = $5
       WHERE id = $1 AND lease_token = $2 AND status IN ('dispatching', 'unconfirmed')`,
      [lease.batchId, lease.token, why.delayMs, why.reason, why.detail],
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

  /** Adds what an account has taken to its month (Asia/Seoul), for quotas. */
  async addUsage(tx: Queryable, provider: string, recipients: number): Promise<void> {
    await tx.query(
      `INSERT INTO provider_usage (provider, month, recipients)
       VALUES ($1, date_trunc('month', now() AT TIME ZONE 'Asia/Seoul')::date, $2)
       ON CONFLICT (provider, month) DO UPDATE SET recipients = provider_usage.recipients + excluded.recipients`,
      [provider, recipients],
    );
  }
}
