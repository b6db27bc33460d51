import { Injectable } from '@nestjs/common';
import type { Category } from '@gateway/core';
import { Database, type Queryable } from '../database.js';

/** `marketing`: advertisements only; `all`: receipts and login codes too. */
export type SuppressionScope = 'marketing' | 'all';

export interface SuppressionRow {
  readonly address: string;
  readonly scope: SuppressionScope;
  readonly reason: string | null;
  /** `api`, `bounce`, or the account whose list had it. */
  readonly source: string;
  /** The key that added it. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

export interface NewSuppressions {
  /** In lower case. */
  readonly addresses: readonly string[];
  readonly scope: SuppressionScope;
  readonly reason: string | null;
  readonly source: string;
  /** The key that adds them; none: the gateway does. */
  readonly createdBy?: string;
}

export interface SuppressionFilter {
  readonly address?: string | undefined;
  readonly reason?: string | undefined;
  readonly source?: string | undefined;
  readonly since?: Date | undefined;
}

const columns = `address, scope, reason, source, created_at AS "createdAt", expires_at AS "expiresAt",
  created_by AS "createdBy"`;
const active = 'removed_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

/** The one list of addresses that get no mail. */
@Injectable()
export class SuppressionRepository {
  constructor(private readonly database: Database) {}

  /** @returns how many were not on the list before. An entry that was there stays as it is. */
  async add(tx: Queryable, entries: NewSuppressions): Promise<number> {
    const { rowCount } = await tx.query(
      `INSERT INTO suppression (address, scope, reason, source, created_by)
       -- In one order for all: two lists that overlap would wait for each other.
       SELECT DISTINCT address, $2, $3, $4, $5::uuid FROM unnest($1::text[]) AS address ORDER BY address
       ON CONFLICT (address, scope) DO UPDATE
       SET reason = excluded.reason, source = excluded.source, created_at = now(), expires_at = NULL, removed_at = NULL,
         created_by = excluded.created_by, removed_by = NULL
       WHERE suppression.removed_at IS NOT NULL OR suppression.expires_at IS NOT NULL`,
      [entries.addresses, entries.scope, entries.reason, entries.source, entries.createdBy ?? null],
    );
    return rowCount ?? 0;
  }

  /** Takes an address off in every scope. @param by the key that does it. @returns false when it was not there. */
  async remove(address: string, by: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE suppression SET removed_at = now(), removed_by = $2 WHERE address = $1 AND ${active}`,
      [address, by],
    );
    return (rowCount ?? 0) > 0;
  }

  /** In the order of addresses, after one of them. */
  async findPage(
    filter: SuppressionFilter,
    page: { readonly after: { readonly address: string; readonly scope: string } | undefined; readonly limit: number },
  ): Promise<SuppressionRow[]> {
    const { rows } = await this.database.pool.query<SuppressionRow>(
      `SELECT ${columns} FROM suppression
       WHERE ${active}
         AND ($1::text IS NULL OR address = $1) AND ($2::text IS NULL OR reason = $2)
         AND ($3::text IS NULL OR source = $3) AND ($4::timestamptz IS NULL OR created_at >= $4)
         AND ($5::text IS NULL OR (address, scope) > ($5, $6))
       ORDER BY address, scope LIMIT $7`,
      [
        ...[filter.address ?? null, filter.reason ?? null, filter.source ?? null, filter.since ?? null],
        ...[page.after?.address ?? null, page.after?.scope ?? '', page.limit],
      ],
    );
    return rows;
  }

  /** Which of these addresses (in lower case) get no mail of the category. */
  async findSuppressed(addresses: readonly string[], category: Category): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ address: string }>(
      `SELECT DISTINCT address FROM suppression
       WHERE address = ANY ($1) AND ${active} AND (scope = 'all' OR $2) ORDER BY address`,
      [addresses, category === 'marketing'],
    );
    return rows.map((row) => row.address);
  }

  /** Which of these addresses (in lower case) are on the list at all, for whatever category. */
  async findListed(tx: Queryable, addresses: readonly string[]): Promise<string[]> {
    const { rows } = await tx.query<{ address: string }>({
      name: 'find-listed',
      text: `SELECT DISTINCT address FROM suppression WHERE address = ANY ($1) AND ${active}`,
      values: [addresses],
    });
    return rows.map((row) => row.address);
  }

  /**
   * Marks recipients in a range of positions that are on the list, and moves the counts.
   * @returns their positions, ascending.
   */
  async suppress(
    tx: Queryable,
    message: { readonly id: string; readonly category: Category },
    range: { readonly from: number; readonly to: number },
  ): Promise<readonly number[]> {
    const { rows } = await tx.query<{ marked: readonly number[] }>({
      name: 'suppress-recipients',
      text: 'SELECT suppress_recipients($1, $2, $3, $4) AS marked',
      values: [message.id, message.category, range.from, range.to],
    });
    return rows[0]?.marked ?? [];
  }

  /** When the youngest entry came. */
  async findLastGrowth(): Promise<Date | undefined> {
    const { rows } = await this.database.pool.query<{ last: Date | null }>({
      name: 'last-suppressed',
      text: `SELECT created_at AS last FROM suppression WHERE ${active} ORDER BY created_at DESC LIMIT 1`,
    });
    return rows[0]?.last ?? undefined;
  }

  /** Puts recipients that bounced hard on the list for some days, by position; a longer entry stays. */
  async addBounced(tx: Queryable, messageId: string, positions: readonly number[], days: number): Promise<void> {
    await tx.query(
      `INSERT INTO suppression (address, scope, reason, source, expires_at)
       SELECT DISTINCT ON (lower(address)) lower(address), 'all', reason, 'bounce', now() + $3 * interval '1 day'
       FROM recipient WHERE message_id = $1 AND position = ANY ($2) AND bounce_type = 'hard' ORDER BY lower(address)
       ON CONFLICT (address, scope) DO UPDATE
       SET expires_at = greatest(suppression.expires_at, excluded.expires_at), reason = excluded.reason,
         source = excluded.source, created_at = now(), removed_at = NULL, created_by = NULL, removed_by = NULL
       WHERE suppression.source = 'bounce' OR suppression.removed_at IS NOT NULL`,
      [messageId, positions, days],
    );
  }

  /** Puts recipients that a provider told to have opted out on the list, by position. */
  async addUnsubscribed(tx: Queryable, messageId: string, positions: readonly number[], source: string): Promise<void> {
    await tx.query(
      `INSERT INTO suppression (address, scope, reason, source)
       SELECT DISTINCT lower(address), 'marketing', 'unsubscribed', $3::text
       FROM recipient WHERE message_id = $1 AND position = ANY ($2) ORDER BY 1
       ON CONFLICT (address, scope) DO UPDATE
       SET reason = excluded.reason, source = excluded.source, created_at = now(), expires_at = NULL, removed_at = NULL,
         created_by = NULL, removed_by = NULL
       WHERE suppression.removed_at IS NOT NULL`,
      [messageId, positions, source],
    );
  }
}
