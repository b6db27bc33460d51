import type { RecipientCounts, RecipientReport, RecipientStatus } from '@gateway/core';
import type { Database, Queryable } from '../database.js';
import { batchColumns, type BatchRow } from './rows.js';

/** A recipient that a report has changed. */
export interface ChangedRecipient {
  readonly position: number;
  readonly before: RecipientStatus;
  readonly after: RecipientStatus;
  readonly opened: boolean;
  /** Did it follow its batch before? */
  readonly followed: boolean;
}

export interface NextPoll {
  readonly status: 'submitted' | 'sending' | 'settled' | 'expired' | 'failed' | 'cancelled';
  /** Of a batch to a list: all recipients are known. */
  readonly listed?: boolean;
  readonly cursor: unknown;
  /** `undefined`: never again. */
  readonly delayMs?: number;
}

const ADDRESSES_PER_STATEMENT = 2000;

/** Statements by which the provider's word about recipients comes into the database. */
export class TrackingRepository {
  constructor(private readonly database: Database) {}

  async findBatches(batchIds: readonly string[]): Promise<BatchRow[]> {
    const { rows } = await this.database.pool.query<BatchRow>(
      `SELECT ${batchColumns} FROM batch b WHERE id = ANY ($1) AND status IN ('submitted', 'sending', 'settled')`,
      [batchIds],
    );
    return rows;
  }

  /**
   * Locks the batch so that two workers' reports of it come one after the other. One of an erased message is followed no
   * more.
   */
  async lock(tx: Queryable, batchId: string): Promise<BatchRow | undefined> {
    const { rows } = await tx.query<BatchRow>(
      `SELECT ${batchColumns} FROM batch b
       WHERE id = $1 AND NOT EXISTS (SELECT FROM message m WHERE m.id = b.message_id AND m.erased_at IS NOT NULL)
       FOR UPDATE`,
      [batchId],
    );
    return rows[0];
  }

  /**
   * Writes reports to recipients of the batch, matched by address, forward only; what says nothing new changes nothing.
   * @returns the recipients that changed.
   */
  async applyReports(tx: Queryable, batch: BatchRow, reports: readonly RecipientReport[]): Promise<ChangedRecipient[]> {
    const changed: ChangedRecipient[] = [];
    for (let i = 0; i < reports.length; i += ADDRESSES_PER_STATEMENT) {
      changed.push(...(await this.applySome(tx, batch, reports.slice(i, i + ADDRESSES_PER_STATEMENT))));
    }
    return changed;
  }

  private async applySome(
    tx: Queryable,
    batch: BatchRow,
    reports: readonly RecipientReport[],
  ): Promise<ChangedRecipient[]> {
    const column = <T>(read: (report: RecipientReport) => T | undefined): (T | null)[] =>
      reports.map((report) => read(report) ?? null);
    const { rows } = await tx.query<ChangedRecipient>({
      name: 'apply-reports',
      text: APPLY_REPORTS,
      values: [
        ...[batch.messageId, batch.positionFrom, batch.positionTo, batch.status],
        ...[column((r) => r.address.toLowerCase()), column((r) => r.status), column((r) => r.reason)],
        ...[column((r) => r.bounceType), column((r) => r.mailId), column((r) => r.code), column((r) => r.message)],
        ...[column((r) => r.deliveredAt), column((r) => r.openedAt)],
      ],
    });
    return rows;
  }

  /**
   * Moves the counts of batch and message by what changed. Followers that got a status of their own leave the batch's
   * followers, which moves the message's counts by trigger; the rest is written here.
   */
  async moveCounts(tx: Queryable, batch: BatchRow, changed: readonly ChangedRecipient[]): Promise<void> {
    const moved = changed.filter(({ followed, before, after }) => followed || before !== after);
    const delta: Partial<Record<RecipientStatus, number>> = {};
    const add = (status: RecipientStatus, n: number): void => void (delta[status] = (delta[status] ?? 0) + n);
    for (const { followed, before, after } of moved) {
      if (!followed) add(before, -1);
      add(after, 1);
    }
    const unfollowed = moved.filter(({ followed }) => followed).length;
    await this.addCounts(tx, batch, { unfollowed, delta });
  }

  private async addCounts(
    tx: Queryable,
    batch: BatchRow,
    change: { readonly unfollowed: number; readonly delta: RecipientCounts },
  ): Promise<void> {
    const delta = JSON.stringify(change.delta);
    await tx.query(
      `UPDATE batch SET follower_count = follower_count - $2, counts = counts_add(counts, $3) WHERE id = $1`,
      [batch.id, change.unfollowed, delta],
    );
    await tx.query('UPDATE message SET counts = counts_add(counts, $2) WHERE id = $1', [batch.messageId, delta]);
  }

  /** Ends a poll: how the batch stands, what to remember, when to ask again. */
  async finishPoll(tx: Queryable, batchId: string, next: NextPoll): Promise<void> {
    await tx.query(
      `UPDATE batch
       SET status = $2::batch_status, poll_cursor = $3, poll_count = poll_count + 1, poll_failures = 0,
         next_poll_at = now() + $4 * interval '1 ms',
         settled_at = CASE WHEN $2 NOT IN ('submitted', 'sending') THEN coalesce(settled_at, now()) END,
         listed = listed OR $5
       WHERE id = $1`,
      [
        ...[batchId, next.status, next.cursor === undefined ? null : JSON.stringify(next.cursor)],
        ...[next.delayMs ?? null, next.listed === true],
      ],
    );
  }

  /** Polls that were taken and not begun are due again, for whoever comes next. */
  async giveBack(batchIds: readonly string[]): Promise<void> {
    await this.database.pool.query(
      'UPDATE batch SET next_poll_at = now() WHERE id = ANY ($1) AND next_poll_at > now()',
      [batchIds],
    );
  }

  /** Tells the caller something that was found out. */
  async warn(tx: Queryable, messageId: string, warning: string): Promise<void> {
    await tx.query('UPDATE message SET warnings = warnings || $2::text WHERE id = $1', [messageId, warning]);
  }

  /** The provider could not be asked; nothing is known anew. What is followed no more meanwhile stays so. */
  async failPoll(batchId: string, delayMs: number): Promise<void> {
    await this.database.pool.query(
      `UPDATE batch SET poll_failures = poll_failures + 1, next_poll_at = now() + $2 * interval '1 ms'
       WHERE id = $1 AND next_poll_at IS NOT NULL`,
      [batchId, delayMs],
    );
  }

  /**
   * Notes the first time that all recipients of a message are settled.
   * @returns the messages for which this is now.
   */
  async complete(
    tx: Queryable,
    messageIds: readonly string[],
  ): Promise<{ id: string; clientId: string; status: string; counts: RecipientCounts }[]> {
    const { rows } = await tx.query<{ id: string; clientId: string; status: string; counts: RecipientCounts }>(
      `UPDATE message SET completed_at = now()
       WHERE id = ANY ($1) AND completed_at IS NULL
         AND status IN ('completed', 'partially_failed', 'failed', 'cancelled')
       RETURNING id, client_id AS "clientId", status, counts`,
      [messageIds],
    );
    return rows;
  }
}

const APPLY_REPORTS = `
WITH report AS (
  SELECT DISTINCT ON (address) *
  FROM unnest($5::text[], $6::recipient_status[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
    $12::timestamptz[], $13::timestamptz[])
    AS t (address, status, reason, bounce_type, mail_id, code, message, delivered_at, opened_at)
  ORDER BY address, recipient_rank(status) DESC NULLS LAST
), target AS (
  SELECT r.position, r.status IS NULL AS followed, coalesce(r.status, inherited_status($4::batch_status)) AS before,
    r.opened_at IS NULL AND report.opened_at IS NOT NULL AS opened, report.*
  FROM report
  -- One look-up by address for each, whatever the planner believes: joined otherwise, every page of a large message
  -- would read the whole message. A message has an address once.
  CROSS JOIN LATERAL (
    SELECT position, status, opened_at FROM recipient
    WHERE message_id = $1 AND lower(address) = report.address LIMIT 4 FOR UPDATE
  ) AS r
  WHERE r.position BETWEEN $2 AND $3
), news AS (
  SELECT *, coalesce(may_advance(before, status), false) AS advances FROM target
)
UPDATE recipient r
SET status = CASE WHEN news.advances THEN news.status ELSE r.status END,
  reason = CASE WHEN news.advances THEN news.reason ELSE r.reason END,
  bounce_type = CASE WHEN news.advances THEN news.bounce_type ELSE r.bounce_type END,
  mail_id = coalesce(news.mail_id, r.mail_id),
  provider_code = CASE WHEN news.advances THEN news.code ELSE r.provider_code END,
  provider_message = CASE WHEN news.advances THEN news.message ELSE r.provider_message END,
  delivered_at = CASE WHEN news.advances AND news.status = 'delivered' THEN coalesce(news.delivered_at, now())
                      ELSE r.delivered_at END,
  opened_at = coalesce(r.opened_at, news.opened_at),
  updated_at = now()
FROM news
WHERE r.message_id = $1 AND r.position = news.position AND (news.advances OR news.opened)
  -- Says the same once more, in a form that is only ever looked up by the key.
  AND r.position = ANY (ARRAY(SELECT position FROM news WHERE advances OR opened))
RETURNING r.position, news.before, coalesce(r.status, news.before) AS after, news.opened,
  news.followed AND r.status IS NOT NULL AS followed`;
