import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import { periodOf } from './quota.sql.js';

export type PausedBy = 'operator' | 'gateway';

export interface ProviderAccountState {
  readonly name: string;
  readonly pausedAt: Date | null;
  readonly pausedBy: PausedBy | null;
  readonly pauseReason: string | null;
  /** The key that paused it, and the last one that resumed it. */
  readonly pausedByKey: string | null;
  readonly resumedAt: Date | null;
  readonly resumedByKey: string | null;
  /** Since when it is closed: paused, its breaker open, or asked to be left alone. */
  readonly closedAt: Date | null;
  /** When it was opened again, if it was ever closed. */
  readonly openedAt: Date | null;
  /** The next moment that its pace leaves free. */
  readonly paceAt: Date | null;
  /** Milliseconds until then by the database's clock; below 0: since then. */
  readonly paceForMs: number | null;
  /** Failures in a row. */
  readonly failures: number;
  /** The circuit breaker is open while this is set. */
  readonly openUntil: Date | null;
  /** Milliseconds until `openUntil` by the database's clock; 0 or less: a probe may be sent. */
  readonly openForMs: number | null;
  readonly openReason: string | null;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
  readonly failureWords: string | null;
  /** Recipients taken in the running period of the account's quota, by default the month (Asia/Seoul). */
  readonly usedInPeriod: number;
  /** Since when the quota was found used up, and its batches wait untouched. */
  readonly usedUpAt: Date | null;
}

/** How a circuit breaker opens. Milliseconds. */
export interface BreakerRule {
  /** Failures in a row that open it. */
  readonly threshold: number;
  /** First open time; it doubles after each failed probe, up to `maxMs`. */
  readonly baseMs: number;
  readonly maxMs: number;
}

export interface PaceTurn {
  readonly costMs: number;
  readonly urgent: boolean;
  readonly withinMs: number;
}

/** A batch that has a place in the account's pace keeps it. */
const RELEASE = `UPDATE batch SET next_attempt_at = now(), enqueued_at = NULL
  WHERE provider = $1 AND status = 'deferred'
    AND (reason = 'provider_unavailable' OR reason = 'throttled' AND paced_at IS NULL)`;

const CLOSES = 'closed_at = coalesce(provider_account.closed_at, now())';

/** Nothing is posted through a closed account (law 12). A probe that succeeds, or an operator, opens it. */
export const isClosed = ({ pausedAt, openForMs }: ProviderAccountState): boolean =>
  pausedAt !== null || openForMs !== null;

/** One batch may be tried, to see whether the provider works again. */
export const isProbeDue = ({ pausedAt, pausedBy, openForMs }: ProviderAccountState): boolean =>
  (pausedAt === null || pausedBy === 'gateway') && openForMs !== null && openForMs <= 0;

/** State of the accounts that all workers share: pause, breaker, pace, last answer, use of the quota. */
@Injectable()
export class ProviderAccountRepository {
  constructor(private readonly database: Database) {}

  async find(names: readonly string[]): Promise<ProviderAccountState[]> {
    const { rows } = await this.database.pool.query<ProviderAccountState & { usedInPeriod: string }>({
      name: 'find-accounts',
      text: `SELECT n.name, a.paused_at AS "pausedAt", a.paused_by AS "pausedBy", a.pause_reason AS "pauseReason",
         a.paused_by_key AS "pausedByKey", a.resumed_at AS "resumedAt", a.resumed_by_key AS "resumedByKey",
         a.closed_at AS "closedAt", a.opened_at AS "openedAt", a.pace_at AS "paceAt", coalesce(a.failures, 0) AS failures, a.open_until AS "openUntil", a.open_reason AS "openReason",
         (extract(epoch FROM a.open_until - now()) * 1000)::float8 AS "openForMs", a.last_success AS "lastSuccess",
         a.last_failure AS "lastFailure", a.failure_words AS "failureWords", coalesce(u.recipients, 0) AS "usedInPeriod",
         a.used_up_at AS "usedUpAt", (extract(epoch FROM a.pace_at - now()) * 1000)::float8 AS "paceForMs"
       FROM unnest($1::text[]) AS n (name)
       LEFT JOIN provider_account a ON a.name = n.name
       LEFT JOIN provider_usage u
         ON u.provider = n.name AND u.month = ${periodOf('n.name', 'now()')}`,
      values: [names],
    });
    return rows.map((row) => ({ ...row, usedInPeriod: Number(row.usedInPeriod) }));
  }

  /** Nothing is posted through a paused account; its batches wait, or go elsewhere. */
  async pause(name: string, reason: string, byKey: string): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO provider_account (name, paused_at, closed_at, paused_by, pause_reason, paused_by_key)
       VALUES ($1, now(), now(), 'operator', $2, $3)
       ON CONFLICT (name) DO UPDATE
       SET paused_at = coalesce(provider_account.paused_at, now()), ${CLOSES}, paused_by = 'operator', pause_reason = $2,
         paused_by_key = $3`,
      [name, reason, byKey],
    );
  }

  /**
   * The provider refuses the account itself: nothing more is tried with it, but one batch every `probeMs`, until that
   * is accepted or an operator resumes it. @returns whether it was not paused before.
   */
  async pauseForCredentials(name: string, reason: string, probeMs: number): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ before: Date | null }>(
      `WITH before AS (SELECT paused_at FROM provider_account WHERE name = $1)
       INSERT INTO provider_account (name, paused_at, closed_at, paused_by, pause_reason, last_failure, failure_words,
         open_until, open_reason)
       VALUES ($1, now(), now(), 'gateway', $2, now(), $2, now() + $3 * interval '1 ms', 'credentials')
       ON CONFLICT (name) DO UPDATE
       SET paused_at = coalesce(provider_account.paused_at, now()), ${CLOSES},
         paused_by = coalesce(provider_account.paused_by, 'gateway'),
         pause_reason = coalesce(provider_account.pause_reason, excluded.pause_reason),
         last_failure = now(), failure_words = excluded.failure_words,
         open_until = excluded.open_until, open_reason = excluded.open_reason
       RETURNING (SELECT paused_at FROM before) AS before`,
      [name, reason, probeMs],
    );
    return rows[0]?.before === null || rows[0]?.before === undefined;
  }

  /** Makes batches that were put off because of the account due at once. */
  async resume(name: string, byKey: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.close(tx, name);
      await tx.query('UPDATE provider_account SET resumed_at = now(), resumed_by_key = $2 WHERE name = $1', [
        name,
        byKey,
      ]);
      await tx.query(RELEASE, [name]);
    });
  }

  /**
   * The account answered as it should: its breaker closes, and the gateway's own pause ends. Once a second is enough
   * for a health page, so most calls write nothing.
   * @returns whether it was out of order before.
   */
  async noteSuccess(name: string): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ ill: boolean }>({
      name: 'note-success',
      // The row is looked at before it is locked: a lock alone has to go to the disk, too.
      text: `INSERT INTO provider_account (name, last_success)
       SELECT $1, now() WHERE NOT EXISTS (
         SELECT FROM provider_account
         WHERE name = $1 AND last_success >= now() - interval '1 s' AND failures = 0 AND open_until IS NULL
       )
       ON CONFLICT (name) DO UPDATE SET last_success = now()
       WHERE provider_account.last_success IS NULL OR provider_account.last_success < now() - interval '1 s'
         OR provider_account.failures > 0 OR provider_account.open_until IS NOT NULL
       RETURNING failures > 0 OR open_until IS NOT NULL AS ill`,
      values: [name],
    });
    if (rows[0]?.ill !== true) return false;
    await this.database.transaction(async (tx) => {
      await this.close(tx, name, `AND paused_by IS DISTINCT FROM 'operator'`);
      await tx.query(RELEASE, [name]);
    });
    return true;
  }

  /** One more failure in a row; enough of them open the breaker. @returns whether it has opened just now. */
  async noteFailure(name: string, words: string, rule: BreakerRule): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ failures: number }>(
      `INSERT INTO provider_account (name, last_failure, failure_words, failures) VALUES ($1, now(), $2, 1)
       ON CONFLICT (name) DO UPDATE
       SET last_failure = now(), failure_words = $2, failures = provider_account.failures + 1,
         open_until = CASE WHEN provider_account.failures + 1 < $3 THEN provider_account.open_until
           ELSE now() + least($5, $4 * power(2, least(provider_account.failures + 1 - $3, 30))) * interval '1 ms' END,
         open_reason = CASE WHEN provider_account.failures + 1 < $3 THEN provider_account.open_reason ELSE 'unavailable' END,
         closed_at = CASE WHEN provider_account.failures + 1 < $3 THEN provider_account.closed_at
           ELSE coalesce(provider_account.closed_at, now()) END
       RETURNING failures`,
      [name, words, rule.threshold, rule.baseMs, rule.maxMs],
    );
    return rows[0]?.failures === rule.threshold;
  }

  /** The provider asked to be left alone for a while. */
  async coolDown(name: string, words: string, ms: number): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO provider_account (name, closed_at, last_failure, failure_words, open_until, open_reason)
       VALUES ($1, now(), now(), $2, now() + $3 * interval '1 ms', 'throttled')
       ON CONFLICT (name) DO UPDATE
       SET last_failure = now(), failure_words = $2, ${CLOSES},
         open_until = greatest(provider_account.open_until, excluded.open_until),
         open_reason = coalesce(provider_account.open_reason, 'throttled')`,
      [name, words, ms],
    );
  }

  /** The time of an open breaker has passed: exactly one caller may try, the others wait for `ms` more. */
  async takeProbe(name: string, ms: number): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE provider_account SET open_until = now() + $2 * interval '1 ms' WHERE name = $1 AND open_until <= now()`,
      [name, ms],
    );
    return rowCount === 1;
  }

  /**
   * Takes a turn of the account's pace. Nothing is written to the batch: a worker that is lost loses its turn.
   * @param turn.costMs the time that it takes of the pace. @param turn.urgent takes its time too, but does not wait for it.
   * @param turn.withinMs a turn that is later is not taken.
   * @returns milliseconds until the turn; `undefined` if there is none so soon.
   */
  async takePace(name: string, turn: PaceTurn): Promise<number | undefined> {
    const { costMs, urgent, withinMs } = turn;
    const { rows } = await this.database.pool.query<{ waitMs: number }>({
      name: 'take-pace',
      text: `INSERT INTO provider_account AS a (name, pace_at) VALUES ($1, now() + $2 * interval '1 ms')
       ON CONFLICT (name) DO UPDATE SET pace_at = greatest(coalesce(a.pace_at, now()), now()) + $2 * interval '1 ms'
       WHERE $3 OR a.pace_at IS NULL OR a.pace_at <= now() + $4 * interval '1 ms'
       RETURNING CASE WHEN $3 THEN 0 ELSE extract(epoch FROM pace_at - now()) * 1000 - $2 END::float8 AS "waitMs"`,
      values: [name, costMs, urgent, withinMs],
    });
    return rows[0]?.waitMs;
  }

  private async close(tx: Queryable, name: string, unless = ''): Promise<void> {
    await tx.query(`UPDATE provider_account SET failures = 0, open_until = NULL, open_reason = NULL WHERE name = $1`, [
      name,
    ]);
    // The clock's time, not the transaction's: until it ends, others see a closed account.
    await tx.query(
      `UPDATE provider_account
       SET paused_at = NULL, paused_by = NULL, pause_reason = NULL, paused_by_key = NULL, closed_at = NULL,
         opened_at = clock_timestamp()
       WHERE name = $1 ${unless}`,
      [name],
    );
  }
}
