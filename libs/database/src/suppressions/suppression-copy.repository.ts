import { Injectable } from '@nestjs/common';
import type { ListedOptOut } from '@gateway/core';
import { Database, type Queryable } from '../database.js';
import * as sql from './suppression-copy.sql.js';

/** An address that an account's list had, and did not show when it was read. */
export interface MissingCopy {
  readonly address: string;
  /** It is on our list and was there when theirs had it: once it is certainly gone there, it is removed here too. */
  readonly ours: boolean;
}

interface After {
  readonly after: string;
  readonly limit: number;
}

/**
 * The entries of the accounts' own lists at the last comparison: an address that only one side has was added there if
 * it is not among the copies, else it was removed on the other side.
 */
@Injectable()
export class SuppressionCopyRepository {
  constructor(private readonly database: Database) {}

  /**
   * Applies a page of an account's list. Entries that we never had are added to ours. Entries that we removed are
   * restored only if their entry is newer than our removal: an entry that was there before is the old one, whatever its
   * time. For any other entry its time decides (some providers report seconds); without a time, the opt-out wins.
   * @returns how many were added to our list.
   */
  async takeIn(tx: Queryable, provider: string, entries: readonly ListedOptOut[]): Promise<number> {
    const addresses = entries.map(({ address }) => address);
    await tx.query(sql.LOCK, [addresses]);
    const { rows } = await tx.query<{ added: number }>(sql.TAKE_IN, [
      provider,
      addresses,
      entries.map(({ since }) => since ?? null),
      entries.map(({ stamp }) => stamp ?? null),
    ]);
    return rows[0]?.added ?? 0;
  }

  /** Copies that the account's list has not shown since a time, in the order of addresses. */
  async findMissing(provider: string, since: Date, { after, limit }: After): Promise<MissingCopy[]> {
    const { rows } = await this.database.pool.query<MissingCopy>(sql.FIND_MISSING, [provider, since, after, limit]);
    return rows;
  }

  /** They are there after all. */
  async markSeen(tx: Queryable, provider: string, addresses: readonly string[]): Promise<void> {
    await tx.query(sql.MARK_SEEN, [provider, addresses]);
  }

  /** Takes off our list what was taken off the account's, unless it came onto ours again since. @returns how many. */
  async takeOff(tx: Queryable, provider: string, addresses: readonly string[]): Promise<number> {
    const { rowCount } = await tx.query(sql.TAKE_OFF, [provider, addresses]);
    return rowCount ?? 0;
  }

  async forget(tx: Queryable, provider: string, addresses: readonly string[]): Promise<void> {
    await tx.query(sql.FORGET, [provider, addresses]);
  }

  /** Ours that the account lacks and that its list can mean. */
  async findToAdd(provider: string, { after, limit }: After): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ address: string }>(sql.FIND_TO_ADD, [provider, after, limit]);
    return rows.map(({ address }) => address);
  }

  /** The account was given them. Whether it has them, its list will show. */
  async markTold(tx: Queryable, provider: string, addresses: readonly string[]): Promise<void> {
    await tx.query(sql.MARK_TOLD, [provider, addresses]);
  }

  /** Addresses that the account has and we took off. */
  async findToRemove(provider: string, { after, limit }: After): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ address: string }>(sql.FIND_TO_REMOVE, [provider, after, limit]);
    return rows.map(({ address }) => address);
  }
}
