import type { Database } from '../database.js';

export interface ProviderAccountState {
  readonly name: string;
  readonly pausedAt: Date | null;
  readonly pauseReason: string | null;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
  readonly failureWords: string | null;
  /** Recipients taken this month (Asia/Seoul). */
  readonly usedThisMonth: number;
}

/** What all workers know together of an account: paused or not, last word, quota used. */
export class ProviderAccountRepository {
  constructor(private readonly database: Database) {}

  async find(names: readonly string[]): Promise<ProviderAccountState[]> {
    const { rows } = await this.database.pool.query<ProviderAccountState & { usedThisMonth: string }>(
      `SELECT n.name, a.paused_at AS "pausedAt", a.pause_reason AS "pauseReason", a.last_success AS "lastSuccess",
         a.last_failure AS "lastFailure", a.failure_words AS "failureWords", coalesce(u.recipients, 0) AS "usedThisMonth"
       FROM unnest($1::text[]) AS n (name)
       LEFT JOIN provider_account a ON a.name = n.name
       LEFT JOIN provider_usage u
         ON u.provider = n.name AND u.month = date_trunc('month', now() AT TIME ZONE 'Asia/Seoul')::date`,
      [names],
    );
    return rows.map((row) => ({ ...row, usedThisMonth: Number(row.usedThisMonth) }));
  }

  /** Nothing is posted through a paused account; its batches wait. */
  async pause(name: string, reason: string): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO provider_account (name, paused_at, pause_reason) VALUES ($1, now(), $2)
       ON CONFLICT (name) DO UPDATE SET paused_at = coalesce(provider_account.paused_at, now()), pause_reason = $2`,
      [name, reason],
    );
  }

  /** What waited for the account is due at once. */
  async resume(name: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query('UPDATE provider_account SET paused_at = NULL, pause_reason = NULL WHERE name = $1', [name]);
      await tx.query(
        `UPDATE batch SET next_attempt_at = now(), enqueued_at = NULL
         WHERE provider = $1 AND status = 'deferred' AND reason = 'provider_unavailable'`,
        [name],
      );
    });
  }

  /** Remembers that the account answered as it should. Once a second is enough for a health page. */
  async noteSuccess(name: string): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO provider_account (name, last_success) VALUES ($1, now())
       ON CONFLICT (name) DO UPDATE SET last_success = now()
       WHERE provider_account.last_success IS NULL OR provider_account.last_success < now() - interval '1 s'`,
      [name],
    );
  }

  async noteFailure(name: string, words: string): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO provider_account (name, last_failure, failure_words) VALUES ($1, now(), $2)
       ON CONFLICT (name) DO UPDATE SET last_failure = now(), failure_words = $2`,
      [name, words],
    );
  }
}
