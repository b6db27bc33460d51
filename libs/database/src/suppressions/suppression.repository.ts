import { Injectable } from '@nestjs/common';
import type { Category } from '@gateway/core';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import * as sql from './suppression.sql.js';

/** `marketing`: advertisements only; `all`: receipts and login codes too. */
export type SuppressionScope = 'marketing' | 'all';

export interface SuppressionRow {
  /** A keyed hash where `hashed`. */
  readonly address: string;
  readonly hashed: boolean;
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

const shown = {
  address: true,
  hashed: true,
  scope: true,
  reason: true,
  source: true,
  createdAt: true,
  expiresAt: true,
  createdBy: true,
} as const satisfies Prisma.SuppressionSelect;

/** Entries that are in force. */
const activeAt = (now: Date): Prisma.SuppressionWhereInput => ({
  removedAt: null,
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
});

/** The one list of addresses that get no mail. */
@Injectable()
export class SuppressionRepository {
  constructor(private readonly database: Database) {}

  /** @returns how many were not on the list before. An entry that was there stays as it is. */
  async add(tx: Queryable, entries: NewSuppressions): Promise<number> {
    const { addresses, scope, reason, source, createdBy = null } = entries;
    const { rowCount } = await tx.query(sql.ADD, [addresses, scope, reason, source, createdBy]);
    return rowCount ?? 0;
  }

  /** Takes an address off in every scope. @param by the key that does it. @returns false when it was not there. */
  remove(address: string, by: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const now = await this.database.timeOf(tx);
      const { suppression } = await this.database.prismaOn(tx);
      const { count } = await suppression.updateMany({
        where: { address, ...activeAt(now) },
        data: { removedAt: now, removedBy: by },
      });
      const { rowCount: erased } = await tx.query(sql.REMOVE_HASHED, [address]);
      return count + (erased ?? 0) > 0;
    });
  }

  /** In the order of addresses, after one of them. */
  async findPage(
    filter: SuppressionFilter,
    page: { readonly after: { readonly address: string; readonly scope: string } | undefined; readonly limit: number },
  ): Promise<SuppressionRow[]> {
    const { address, reason, source, since } = filter;
    const rows = await this.database.prisma.suppression.findMany({
      where: {
        AND: [activeAt(await this.database.timeOf()), ...(page.after === undefined ? [] : behind(page.after))],
        ...(address !== undefined && { address: { in: await this.keysOf(address) } }),
        ...(reason !== undefined && { reason }),
        ...(source !== undefined && { source }),
        ...(since !== undefined && { createdAt: { gte: since } }),
      },
      orderBy: [{ address: 'asc' }, { scope: 'asc' }],
      take: page.limit,
      select: shown,
    });
    return rows.map((row) => ({ ...row, scope: row.scope as SuppressionScope }));
  }

  /** The address, and its keyed hashes: it may have been erased. */
  private async keysOf(address: string): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ key: string }>(sql.FIND_KEYS, [address]);
    return [address, ...rows.map(({ key }) => key)];
  }

  /** Which of these addresses (in lower case) get no mail of the category. */
  async findSuppressed(addresses: readonly string[], category: Category): Promise<string[]> {
    const values = [addresses, category === 'marketing'];
    const { rows } = await this.database.pool.query<{ address: string }>(sql.FIND_SUPPRESSED, values);
    return rows.map((row) => row.address);
  }

  /** Those of these addresses (in lower case) that are on the list, for any category. */
  async findListed(tx: Queryable, addresses: readonly string[]): Promise<string[]> {
    const { rows } = await tx.query<{ address: string }>({
      name: 'find-listed',
      text: sql.FIND_LISTED,
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
      text: sql.SUPPRESS,
      values: [message.id, message.category, range.from, range.to],
    });
    return rows[0]?.marked ?? [];
  }

  /** When the youngest entry came. */
  async findLastGrowth(): Promise<Date | undefined> {
    const { rows } = await this.database.pool.query<{ last: Date | null }>({
      name: 'last-suppressed',
      text: sql.FIND_LAST_GROWTH,
    });
    return rows[0]?.last ?? undefined;
  }

  /** Puts recipients that bounced hard on the list for some days, by position; a longer entry stays. */
  async addBounced(tx: Queryable, messageId: string, positions: readonly number[], days: number): Promise<void> {
    await tx.query(sql.ADD_BOUNCED, [messageId, positions, days]);
  }

  /** Adds recipients that a provider reported as opted out, by position. */
  async addUnsubscribed(tx: Queryable, messageId: string, positions: readonly number[], source: string): Promise<void> {
    await tx.query(sql.ADD_UNSUBSCRIBED, [messageId, positions, source]);
  }
}

/** Entries behind a place. The first condition says nothing new, but has the index begin there. */
const behind = ({ address, scope }: { readonly address: string; readonly scope: string }) => [
  { address: { gte: address } },
  { OR: [{ address: { gt: address } }, { scope: { gt: scope } }] },
];
