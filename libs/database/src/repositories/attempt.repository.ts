import type { ProviderWords } from '@gateway/core';
import type { Database, Queryable } from '../database.js';
import type { Lease } from './dispatch.repository.js';
import type { NewEventRow } from './event.repository.js';

export interface AttemptResult {
  readonly outcome: 'accepted' | 'refused' | 'unconfirmed' | 'adopted' | 'absent';
  readonly operation?: string;
  readonly provider?: ProviderWords;
  readonly detail?: string;
}

export type Begun = 'begun' | 'lease_lost' | 'over_quota';

/** Attempts to post a batch, and what they take of the account's month. */
export class AttemptRepository {
  constructor(private readonly database: Database) {}

  /**
   * Writes the attempt before anything is posted (law 3), and takes its recipients from the account's month in the same
   * statement: many workers never exceed a quota together. Unless it has `begun`, nothing may be posted.
   */
  async startAttempt(
    lease: Lease,
    attempt: {
      readonly id: string;
      readonly number: number;
      readonly marker: string;
      readonly leaseMs: number;
      readonly recipients: number;
      /** Most recipients of the account in a month; `undefined`: any number. */
      readonly quota: number | undefined;
      /** Tells that it begins, in the same transaction. */
      readonly event: NewEventRow;
    },
  ): Promise<Begun> {
    const { rows } = await this.database.pool.query<{ held: boolean; begun: boolean }>({
      name: 'start-attempt',
      text: START_ATTEMPT,
      values: [
        ...[attempt.id, lease.batchId, lease.token, attempt.number, attempt.marker, attempt.leaseMs],
        ...[attempt.event.id, attempt.event.type, JSON.stringify(attempt.event.data)],
        ...[attempt.recipients, attempt.quota ?? null],
      ],
    });
    if (rows[0]?.begun === true) return 'begun';
    return rows[0]?.held === true ? 'over_quota' : 'lease_lost';
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

  /** Takes recipients from an account's month that only became known later; over a quota too, they have their mail. */
  async addUsage(tx: Queryable, provider: string, recipients: number): Promise<void> {
    await tx.query(
      `INSERT INTO provider_usage (provider, month, recipients)
       VALUES ($1, date_trunc('month', now() AT TIME ZONE 'Asia/Seoul')::date, $2)
       ON CONFLICT (provider, month) DO UPDATE SET recipients = provider_usage.recipients + excluded.recipients`,
      [provider, recipients],
    );
  }

  /** Gives back to the account's month (Asia/Seoul) what an attempt took of it and the provider did not take. */
  async returnUsage(tx: Queryable, batchId: string, attemptNumber: number, recipients?: number): Promise<void> {
    await tx.query(
      `UPDATE provider_usage u SET recipients = u.recipients - coalesce($3, a.recipients, 0)
       FROM attempt a
       WHERE a.batch_id = $1 AND a.number = $2 AND u.provider = a.provider
         AND u.month = date_trunc('month', a.started_at AT TIME ZONE 'Asia/Seoul')::date`,
      [batchId, attemptNumber, recipients ?? null],
    );
  }
}

const START_ATTEMPT = `
  WITH held AS (
    UPDATE batch SET lease_until = now() + $6 * interval '1 ms', paced_at = NULL
    WHERE id = $2 AND lease_token = $3 AND status = 'dispatching' AND lease_until > now()
    RETURNING id, provider, message_id
  ), taken AS (
    INSERT INTO provider_usage (provider, month, recipients)
    SELECT provider, date_trunc('month', now() AT TIME ZONE 'Asia/Seoul')::date, $10 FROM held
    WHERE $11::bigint IS NULL OR $10 <= $11
    ON CONFLICT (provider, month) DO UPDATE SET recipients = provider_usage.recipients + excluded.recipients
    WHERE $11::bigint IS NULL OR provider_usage.recipients + excluded.recipients <= $11
    RETURNING provider
  ), told AS (
    INSERT INTO event (id, client_id, message_id, batch_id, type, data)
    SELECT $7, m.client_id, m.id, held.id, $8, $9::json
    FROM held JOIN taken USING (provider) JOIN message m ON m.id = held.message_id
  ), begun AS (
    INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, recipients)
    SELECT $1, held.id, $4, $5, held.provider, clock_timestamp(), $10 FROM held JOIN taken USING (provider)
    RETURNING id
  )
  SELECT EXISTS (SELECT FROM held) AS held, EXISTS (SELECT FROM begun) AS begun`;
