import type { ProviderWords } from '@gateway/core';
import { Coalescer } from '@gateway/platform';
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

/** An attempt that is about to be made. */
export interface NewAttempt {
  readonly id: string;
  readonly number: number;
  readonly marker: string;
  readonly leaseMs: number;
  /** A lease that is no older than that is long enough as it is. */
  readonly freshMs: number;
  readonly recipients: number;
  /** Most recipients of the account in a month; `undefined`: no bound. */
  readonly quota: number | undefined;
  /** Tells that it begins, in the same transaction. */
  readonly event: NewEventRow;
}

interface Start {
  readonly lease: Lease;
  readonly attempt: NewAttempt;
}

/** Attempts to post a batch, and what they take of the account's month. */
export class AttemptRepository {
  /** One at a time: they all write the same row, that of the account's month, so they would wait for each other. */
  private readonly starts = new Coalescer((starts: readonly Start[]) => this.startMany(starts), {
    atOnce: 1,
    most: 100,
  });

  constructor(private readonly database: Database) {}

  /**
   * Writes the attempt before anything is posted (law 3), and takes its recipients from the account's month in the same
   * statement: many workers never exceed a quota together. Unless it has `begun`, nothing may be posted.
   */
  startAttempt(lease: Lease, attempt: NewAttempt): Promise<Begun> {
    return this.starts.run({ lease, attempt });
  }

  private async startMany(starts: readonly Start[]): Promise<readonly Begun[]> {
    const { rows } = await this.database.pool.query<{ id: string; held: boolean; begun: boolean }>({
      name: 'start-attempts',
      text: START_ATTEMPTS,
      values: [JSON.stringify(starts.map(startJson))],
    });
    const result = new Map(rows.map((row) => [row.id, row]));
    const all: Begun[] = [];
    for (const start of starts) {
      const { begun, held } = result.get(start.attempt.id) ?? { begun: false, held: false };
      if (begun || !held) all.push(begun ? 'begun' : 'lease_lost');
      // Together they do not fit into the month: each may alone.
      else all.push(...(starts.length > 1 ? await this.startMany([start]) : (['over_quota'] as const)));
    }
    return all;
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

  /** The same for many that the provider has taken. */
  async finishAccepted(
    tx: Queryable,
    attempts: readonly { readonly batchId: string; readonly number: number; readonly result: AttemptResult }[],
  ): Promise<void> {
    await tx.query({
      name: 'finish-accepted',
      text: `UPDATE attempt a
         SET outcome = 'accepted', finished_at = coalesce(finished_at, clock_timestamp()), operation = d.operation,
           http_status = d.http_status
         FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[]) AS d (batch_id, number, operation, http_status)
         WHERE a.batch_id = d.batch_id AND a.number = d.number AND a.batch_id = ANY ($1)`,
      values: [
        attempts.map(({ batchId }) => batchId),
        attempts.map(({ number }) => number),
        attempts.map(({ result }) => result.operation ?? null),
        attempts.map(({ result }) => result.provider?.httpStatus ?? null),
      ],
    });
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

const startJson = ({ lease, attempt }: Start) => ({
  ...{ id: attempt.id, batch_id: lease.batchId, token: lease.token, number: attempt.number, marker: attempt.marker },
  ...{
    lease_ms: attempt.leaseMs,
    fresh_ms: attempt.freshMs,
    recipients: attempt.recipients,
    quota: attempt.quota ?? null,
  },
  ...{ event_id: attempt.event.id, event_type: attempt.event.type, event_data: attempt.event.data },
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
    INSERT INTO provider_usage AS u (provider, month, recipients)
    SELECT provider, date_trunc('month', now() AT TIME ZONE 'Asia/Seoul')::date, recipients FROM wanted
    WHERE quota IS NULL OR recipients <= quota
    ON CONFLICT (provider, month) DO UPDATE SET recipients = u.recipients + excluded.recipients
    WHERE u.recipients + excluded.recipients <= coalesce(
      (SELECT w.quota FROM wanted w WHERE w.provider = excluded.provider), u.recipients + excluded.recipients)
    RETURNING u.provider
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
