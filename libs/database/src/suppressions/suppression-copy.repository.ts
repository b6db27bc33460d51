import { Injectable } from '@nestjs/common';
import type { ListedOptOut } from '@gateway/core';
import { Database, type Queryable } from '../database.js';

/** An address that an account's list had and, as it was read, has not. */
export interface MissingCopy {
  readonly address: string;
  /** It is on our list and was there when theirs had it: if it is gone for sure, it goes from ours too. */
  readonly ours: boolean;
}

interface After {
  readonly after: string;
  readonly limit: number;
}

/** Ours, where the account's list can mean the same: an opt-out from advertisements that is to last. */
const PUSHED = `s.scope = 'marketing' AND s.removed_at IS NULL AND s.expires_at IS NULL AND s.source <> 'bounce'`;

/**
 * What the accounts' own lists have. It is the common ground: an address that only one side has was added there if it
 * is not among the copies, else it was removed on the other.
 */
@Injectable()
export class SuppressionCopyRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes a page of an account's list in. What we never had comes onto ours. What we took off comes back only if their
   * entry is younger than our removal: an entry that stood there before is the old one, whatever its clock says; of
   * another, its time decides (some tell it in seconds), and without a time the one who opted out is right.
   * @returns how many came onto our list.
   */
  async takeIn(tx: Queryable, provider: string, entries: readonly ListedOptOut[]): Promise<number> {
    const addresses = entries.map(({ address }) => address);
    await tx.query(
      `SELECT FROM suppression WHERE scope = 'marketing' AND address IN (SELECT lower(a) FROM unnest($1::text[]) AS a)
       ORDER BY address FOR UPDATE`,
      [addresses],
    );
    const { rows } = await tx.query<{ added: number }>(
      `WITH theirs AS (
         SELECT DISTINCT ON (lower(address)) lower(address) AS address, since, stamp
         FROM unnest($2::text[], $3::timestamptz[], $4::text[]) AS e (address, since, stamp)
         ORDER BY lower(address), since DESC NULLS LAST
       ), added AS (
         INSERT INTO suppression (address, scope, reason, source)
         SELECT theirs.address, 'marketing', 'unsubscribed', $1
         FROM theirs
         LEFT JOIN suppression s ON s.address = theirs.address AND s.scope = 'marketing'
         LEFT JOIN suppression_copy c ON c.provider = $1 AND c.address = theirs.address
         WHERE s.address IS NULL OR (s.removed_at IS NOT NULL AND CASE
           WHEN c.address IS NOT NULL AND (c.stamp IS NULL OR c.stamp IS NOT DISTINCT FROM theirs.stamp) THEN false
           ELSE theirs.since IS NULL OR theirs.since + interval '1 second' > s.removed_at END)
         ON CONFLICT (address, scope) DO UPDATE
         SET reason = excluded.reason, source = excluded.source, created_at = now(), expires_at = NULL,
           removed_at = NULL, created_by = NULL, removed_by = NULL
         WHERE suppression.removed_at IS NOT NULL
         RETURNING address
       ), copied AS (
         INSERT INTO suppression_copy (provider, address, seen_at, state, stamp)
         SELECT $1, address, now(), 'seen', stamp FROM theirs
         ON CONFLICT (provider, address) DO UPDATE
         SET seen_at = excluded.seen_at, state = 'seen', stamp = coalesce(excluded.stamp, suppression_copy.stamp)
       )
       SELECT count(*)::int AS added FROM added`,
      [...[provider, addresses, entries.map(({ since }) => since ?? null)], entries.map(({ stamp }) => stamp ?? null)],
    );
    return rows[0]?.added ?? 0;
  }

  /** Copies that the account's list has not shown since a time, in the order of addresses. */
  async findMissing(provider: string, since: Date, { after, limit }: After): Promise<MissingCopy[]> {
    const { rows } = await this.database.pool.query<MissingCopy>(
      `SELECT c.address, c.state = 'seen' AND s.address IS NOT NULL AS ours
       FROM suppression_copy c
       LEFT JOIN suppression s ON s.address = c.address AND s.scope = 'marketing' AND s.removed_at IS NULL
         AND s.created_at <= c.seen_at
       WHERE c.provider = $1 AND c.seen_at < $2 AND c.address > $3
       ORDER BY c.address LIMIT $4`,
      [provider, since, after, limit],
    );
    return rows;
  }

  /** They are there after all. */
  async markSeen(tx: Queryable, provider: string, addresses: readonly string[]): Promise<void> {
    await tx.query('UPDATE suppression_copy SET seen_at = now() WHERE provider = $1 AND address = ANY ($2)', [
      provider,
      addresses,
    ]);
  }

  /** Takes off our list what was taken off the account's, unless it came onto ours again since. @returns how many. */
  async takeOff(tx: Queryable, provider: string, addresses: readonly string[]): Promise<number> {
    const { rowCount } = await tx.query(
      `UPDATE suppression s SET removed_at = now()
       FROM suppression_copy c
       WHERE c.provider = $1 AND c.address = ANY ($2) AND s.address = c.address AND s.scope = 'marketing'
         AND s.removed_at IS NULL AND s.created_at <= c.seen_at`,
      [provider, addresses],
    );
    return rowCount ?? 0;
  }

  async forget(tx: Queryable, provider: string, addresses: readonly string[]): Promise<void> {
    await tx.query('DELETE FROM suppression_copy WHERE provider = $1 AND address = ANY ($2)', [provider, addresses]);
  }

  /** Ours that the account lacks and that its list can mean. */
  async findToAdd(provider: string, { after, limit }: After): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ address: string }>(
      `SELECT s.address FROM suppression s
       WHERE ${PUSHED} AND s.address > $2
         AND NOT EXISTS (SELECT FROM suppression_copy c WHERE c.provider = $1 AND c.address = s.address)
       ORDER BY s.address LIMIT $3`,
      [provider, after, limit],
    );
    return rows.map(({ address }) => address);
  }

  /** The account was given them. Whether it has them, its list will show. */
  async markTold(tx: Queryable, provider: string, addresses: readonly string[]): Promise<void> {
    await tx.query(
      `INSERT INTO suppression_copy (provider, address, seen_at, state)
       SELECT $1, address, now(), 'told' FROM unnest($2::text[]) AS address ON CONFLICT DO NOTHING`,
      [provider, addresses],
    );
  }

  /** What the account has and we took off. */
  async findToRemove(provider: string, { after, limit }: After): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ address: string }>(
      `SELECT s.address FROM suppression s
       WHERE s.scope = 'marketing' AND s.removed_at IS NOT NULL AND s.address > $2
         AND EXISTS (SELECT FROM suppression_copy c WHERE c.provider = $1 AND c.address = s.address)
       ORDER BY s.address LIMIT $3`,
      [provider, after, limit],
    );
    return rows.map(({ address }) => address);
  }
}
