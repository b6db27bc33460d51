import { Injectable } from '@nestjs/common';
import type { ProviderWords } from '@gateway/core';
import { TAKE_WANTED } from '../accounts/quota.sql.js';
import { Database, type Queryable } from '../database.js';
import type { Lease } from './rows.js';
import type { NewEventRow } from '../events/event.repository.js';

export interface AttemptResult {
  readonly outcome: 'accepted' | 'refused' | 'unconfirmed' | 'adopted' | 'absent';
  readonly operation?: string;
  readonly provider?: ProviderWords;
  readonly detail?: string;
}

/** An attempt whose request a provider has accepted. */
export interface TakenAttempt {
  readonly batchId: string;
  readonly number: number;
  readonly outcome: 'accepted' | 'adopted';
  readonly operation: string;
  readonly httpStatus?: number | undefined;
}

export type Begun = 'begun' | 'lease_lost' | 'over_quota';

/** An attempt that is about to be made. */
export interface NewAttempt {
  readonly id: string;
  readonly number: number;
  readonly marker: string;
  readonly leaseMs: number;
  /** A lease that is no older than that is long enough as it is. */
  readonly freshMs: number;
  readonly recipients: number;
  /** Maximum recipients of the account in a period of its quota; `undefined`: no limit. */
  readonly quota: number | undefined;
  /** Tells that it begins, in the same transaction. */
  readonly event: NewEventRow;
}

export interface AttemptStart {
  readonly lease: Lease;
  readonly attempt: NewAttempt;
}

/** Attempts to post a batch, and what they take of the account's quota. */
@Injectable()
export class AttemptRepository {
  constructor(private readonly database: Database) {}

  /**
   * Writes attempts before anything is posted (law 3), and takes their recipients from the account's quota in the same
   * statement: many workers never exceed a quota together. If those of one account do not fit into the quota together,
   * all of them are `over_quota`. Unless one has `begun`, nothing of it may be posted.
   */
  async start(starts: readonly AttemptStart[]): Promise<readonly Begun[]> {
    const { rows } = await this.database.pool.query<{ id: string; held: boolean; begun: boolean }>({
      name: 'start-attempts',
      text: START_ATTEMPTS,
      values: [JSON.stringify(starts.map(startJson))],
    });
    const result = new Map(rows.map((row) => [row.id, row]));
    return starts.map(({ attempt }) => {
      const { begun, held } = result.get(attempt.id) ?? { begun: false, held: false };
      if (begun) return 'begun';
      return held ? 'over_quota' : 'lease_lost';
    });
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
        batchId,
        number,
        result.outcome,
        result.operation ?? null,
        provider?.httpStatus ?? null,
        provider?.code ?? null,
        provider?.message ?? null,
        result.detail ?? null,
      ],
    );
  }

  /** The same for many attempts whose requests providers have accepted. */
  async finishTaken(tx: Queryable, attempts: readonly TakenAttempt[]): Promise<void> {
    await tx.query({
      name: 'finish-taken',
      text: `UPDATE attempt a
         SET outcome = d.outcome, finished_at = coalesce(finished_at, clock_timestamp()),
           operation = coalesce(d.operation, a.operation), http_status = coalesce(d.http_status, a.http_status)
         FROM unnest($1::uuid[], $2::int[], $3::attempt_outcome[], $4::text[], $5::int[])
           AS d (batch_id, number, outcome, operation, http_status)
         WHERE a.batch_id = d.batch_id AND a.number = d.number AND a.batch_id = ANY ($1)`,
      values: [
        attempts.map(({ batchId }) => batchId),
        attempts.map(({ number }) => number),
        attempts.map(({ outcome }) => outcome),
        attempts.map(({ operation }) => operation),
        attempts.map(({ httpStatus }) => httpStatus ?? null),
      ],
    });
  }

  /** For batches that will get no verdict any more: attempts without an outcome stay `unconfirmed`. */
  async closeDoubted(tx: Queryable, batchIds: readonly string[]): Promise<void> {
    await tx.query(
      `UPDATE attempt SET outcome = 'unconfirmed', finished_at = coalesce(finished_at, clock_timestamp())
       WHERE batch_id = ANY ($1) AND outcome IS NULL`,
      [batchIds],
    );
  }
}

const startJson = ({ lease, attempt }: AttemptStart) => ({
  id: attempt.id,
  batch_id: lease.batchId,
  token: lease.token,
  number: attempt.number,
  marker: attempt.marker,
  lease_ms: attempt.leaseMs,
  fresh_ms: attempt.freshMs,
  recipients: attempt.recipients,
  quota: attempt.quota ?? null,
  event_id: attempt.event.id,
  event_type: attempt.event.type,
  event_data: attempt.event.data,
});

const START_ATTEMPTS = `
  WITH given AS (
    SELECT * FROM json_to_recordset($1) AS g (id uuid, batch_id uuid, token integer, number integer, marker text,
      lease_ms float8, fresh_ms float8, recipients bigint, quota bigint, event_id uuid, event_type text, event_data json)
  ), held AS (
    SELECT g.id, b.id AS batch_id, b.provider, b.message_id, g.lease_ms,
      b.lease_until < now() + (g.lease_ms - g.fresh_ms) * interval '1 ms' OR b.paced_at IS NOT NULL AS has_waited
    FROM given g
    -- The list says nothing new, but it is looked up by the key, whatever the planner believes of the table's size.
    JOIN batch b ON b.id = g.batch_id AND b.id = ANY (ARRAY(SELECT batch_id FROM given))
    WHERE b.lease_token = g.token AND b.status = 'dispatching' AND b.lease_until > now()
    FOR NO KEY UPDATE OF b
  ), renewed AS (
    -- A lock holds it as well as an update does, which would write the row, and its index entries, once more.
    UPDATE batch b SET lease_until = now() + h.lease_ms * interval '1 ms', paced_at = NULL
    FROM held h WHERE h.has_waited AND b.id = h.batch_id AND b.id = ANY (ARRAY(SELECT batch_id FROM held WHERE has_waited))
  ), wanted AS (
    SELECT h.provider, sum(g.recipients) AS recipients, min(g.quota) AS quota
    FROM held h JOIN given g USING (id) GROUP BY h.provider ORDER BY h.provider
  ), taken AS (
    ${TAKE_WANTED}
  ), let_go AS (
    SELECT g.*, h.provider, h.message_id FROM held h JOIN taken USING (provider) JOIN given g USING (id)
  ), told AS (
    INSERT INTO event (id, client_id, message_id, batch_id, type, data)
    SELECT l.event_id, m.client_id, m.id, l.batch_id, l.event_type, l.event_data
    FROM let_go l JOIN message m ON m.id = l.message_id AND m.id = ANY (ARRAY(SELECT message_id FROM let_go))
  ), begun AS (
    INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, recipients)
    SELECT id, batch_id, number, marker, provider, clock_timestamp(), recipients FROM let_go
    RETURNING id
  )
  SELECT g.id, h.id IS NOT NULL AS held, b.id IS NOT NULL AS begun
  FROM given g LEFT JOIN held h USING (id) LEFT JOIN begun b USING (id)`;
