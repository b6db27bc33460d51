import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import * as sql from './erase-person.sql.js';
import type { TakenErasure } from './erasure.repository.js';

export interface OtherAnswer {
  readonly clientId: string;
  readonly key: string;
  readonly response: Buffer;
}

/** The owner of the data: one client, or all (`null`). */
export type ErasureRange = string | null;

/** Before all answers. */
const FIRST_CLIENT = '00000000-0000-0000-0000-000000000000';

/** Everything about addresses besides mail: contacts, suppressions, copies of both at accounts, stored answers. */
@Injectable()
export class ErasePersonRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes addresses from contacts that are older than the erasure.
   * @param pattern finds the addresses in texts.
   * @returns the contacts that had one, and those that are deleted.
   */
  async eraseContacts(
    tx: Queryable,
    addresses: readonly string[],
    pattern: string,
    { id, clientId, requestedAt }: Pick<TakenErasure, 'id' | 'clientId' | 'requestedAt'>,
  ): Promise<{ readonly changed: readonly string[]; readonly deleted: readonly string[] }> {
    const { rows } = await tx.query<{ id: string }>(sql.DELETE_CONTACT_ADDRESSES, [
      addresses,
      clientId,
      id,
      requestedAt,
    ]);
    const changed = [...new Set(rows.map(({ id }) => id))];
    const deleted = await tx.query<{ id: string }>(sql.DELETE_CONTACTS, [changed]);
    await tx.query(sql.MASK_CONTACTS, [changed, pattern]);
    await tx.query(sql.WAKE_LISTS, [addresses]);
    return { changed, deleted: deleted.rows.map(({ id }) => id) };
  }

  async eraseContactAnswers(tx: Queryable, locations: readonly string[]): Promise<void> {
    await tx.query(sql.ERASE_CONTACT_ANSWERS, [locations]);
  }

  /** Keeps suppressions in force without their addresses. @returns how many entries there were. */
  async hashSuppressions(tx: Queryable, addresses: readonly string[]): Promise<number> {
    const { rows } = await tx.query<{ count: number }>(sql.HASH_SUPPRESSIONS, [addresses]);
    return rows[0]?.count ?? 0;
  }

  /** Addresses on accounts' own lists of suppressions. */
  async findCopies(
    addresses: readonly string[],
  ): Promise<readonly { readonly provider: string; readonly addresses: readonly string[] }[]> {
    return (await this.database.pool.query<{ provider: string; addresses: string[] }>(sql.FIND_COPIES, [addresses]))
      .rows;
  }

  /** Audiences that are just being expanded: from contacts that may have been erased since they were read. */
  async countExpansions(tx: Queryable): Promise<number> {
    return (await tx.query<{ count: number }>(sql.COUNT_EXPANSIONS)).rows[0]?.count ?? 0;
  }

  /** Comparisons that are under way: they may know addresses that were suppressed when they read the list. */
  async countComparisons(): Promise<number> {
    return (await this.database.pool.query<{ count: number }>(sql.COUNT_COMPARISONS)).rows[0]?.count ?? 0;
  }

  async forgetCopies(tx: Queryable, provider: string, addresses: readonly string[]): Promise<void> {
    await tx.query(sql.FORGET_COPIES, [provider, addresses]);
  }

  /** Forgets addresses on lists of accounts that will not take them off. @returns the accounts. */
  async forgetListed(
    tx: Queryable,
    of: { readonly addresses: readonly string[]; readonly clientId: ErasureRange },
    accounts: readonly string[],
  ): Promise<string[]> {
    const { rows } = await tx.query<{ provider: string }>(sql.FORGET_LISTED, [of.addresses, of.clientId, accounts]);
    return [...new Set(rows.map(({ provider }) => provider))];
  }

  /** Addresses that are still to be taken off lists of accounts. */
  async countListed(addresses: readonly string[], clientId: ErasureRange): Promise<number> {
    const { rows } = await this.database.pool.query<{ count: number }>(sql.COUNT_LISTED, [addresses, clientId]);
    return rows[0]?.count ?? 0;
  }

  /** Takes addresses out of what is noted about accounts, which belong to all clients. */
  async maskAccounts(tx: Queryable, pattern: string): Promise<void> {
    for (const statement of [sql.RESET_SYNCS, sql.MASK_ACCOUNTS, sql.MASK_FEATURES]) {
      await tx.query(statement, [pattern]);
    }
  }

  /** Takes addresses out of what is noted about webhook endpoints. */
  async maskEndpoints(tx: Queryable, pattern: string, clientId: ErasureRange): Promise<void> {
    await tx.query(sql.MASK_ENDPOINTS, [pattern, clientId]);
  }

  /** First answers that are not about one message, after one of them; for an erasure, those that are older than it. */
  async readAnswers(
    tx: Queryable,
    after: Pick<OtherAnswer, 'clientId' | 'key'> | undefined,
    of: { readonly clientId: ErasureRange; readonly requestedAt?: Date },
    limit: number,
  ): Promise<readonly OtherAnswer[]> {
    const { clientId, requestedAt } = of;
    const values = [after?.clientId ?? clientId ?? FIRST_CLIENT, after?.key ?? '', limit, clientId, requestedAt];
    return (await tx.query<OtherAnswer>(sql.READ_ANSWERS, values)).rows;
  }

  async replaceAnswer(tx: Queryable, { clientId, key, response }: OtherAnswer): Promise<void> {
    await tx.query(sql.REPLACE_ANSWER, [clientId, key, response]);
  }

  async count(
    addresses: readonly string[],
    clientId: ErasureRange,
  ): Promise<{ contacts: number; suppressions: number }> {
    const { rows } = await this.database.pool.query<{ contacts: number; suppressions: number }>(sql.COUNT_PERSON, [
      addresses,
      clientId,
    ]);
    return rows[0] ?? { contacts: 0, suppressions: 0 };
  }
}
