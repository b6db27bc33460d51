import { Injectable } from '@nestjs/common';
import type { ListLeaver, ListMember } from '@gateway/core';
import { Database } from '../database.js';
import type { GroupCopyRow } from './group-copy.repository.js';
import * as sql from './list-member.sql.js';

type CopyKey = Pick<GroupCopyRow, 'groupId' | 'provider'>;
/** The position before the first page. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** The contacts that are on a list and those that should be, page by page, however large a group is. */
@Injectable()
export class ListMemberRepository {
  constructor(private readonly database: Database) {}

  /** The next contacts that the list lacks, or of which it lacks an address, in order. */
  async findJoining({ groupId, provider }: CopyKey, after: string | undefined, limit: number): Promise<ListMember[]> {
    const values = [groupId, provider, after ?? BEFORE_ALL, limit];
    return (await this.database.pool.query<ListMember>(sql.FIND_JOINING, values)).rows;
  }

  /** The next contacts that are on the list, or have an address there, and should not, in order. */
  async findLeaving({ groupId, provider }: CopyKey, after: string | undefined, limit: number): Promise<ListLeaver[]> {
    const { rows } = await this.database.pool.query<
      Omit<ListLeaver, 'elsewhere'> & { readonly lists: string[] | null; readonly others: string[] | null }
    >(sql.FIND_LEAVING, [groupId, provider, after ?? BEFORE_ALL, limit]);
    return rows.map(({ lists, others, ...leaver }) => ({
      ...leaver,
      elsewhere: { lists: lists ?? [], addresses: others ?? [] },
    }));
  }

  /** Called before the provider hears of them: from then on they may be on the list. */
  async expect({ groupId, provider }: CopyKey, members: readonly ListMember[]): Promise<void> {
    const { ids, addresses } = pairsOf(members);
    await this.database.pool.query(sql.EXPECT, [groupId, provider, ids, addresses]);
  }

  /** They are on the list. */
  async confirm({ groupId, provider }: CopyKey, members: readonly ListMember[]): Promise<void> {
    const { ids, addresses } = pairsOf(members);
    await this.database.pool.query(sql.CONFIRM, [groupId, provider, ids, addresses]);
  }

  /** They are on the list no more. @returns their addresses that are on no list of the account now. */
  async remove({ groupId, provider }: CopyKey, leavers: readonly ListLeaver[]): Promise<string[]> {
    const { ids, addresses } = pairsOf(leavers);
    const values = [groupId, provider, ids, addresses];
    const { rows } = await this.database.pool.query<{ address: string }>(sql.REMOVE, values);
    return rows.map(({ address }) => address);
  }

  /** Forgets that contacts are known to be on the list. Each of them may still be. */
  async doubtAll({ groupId, provider }: CopyKey): Promise<void> {
    await this.database.prisma.groupCopyAddress.updateMany({
      where: { groupId, provider, confirmed: true },
      data: { confirmed: false },
    });
  }

  count({ groupId, provider }: CopyKey): Promise<number> {
    return this.database.prisma.groupCopyAddress.count({ where: { groupId, provider } });
  }

  /** Contacts of the group that are on so many other lists of the account already. */
  async countCrowded({ groupId, provider }: CopyKey, lists: number): Promise<number> {
    const values = [groupId, provider, lists];
    const { rows } = await this.database.pool.query<{ count: number }>(sql.COUNT_CROWDED, values);
    return rows[0]?.count ?? 0;
  }
}

function pairsOf(members: readonly { readonly id: string; readonly addresses: readonly string[] }[]) {
  return {
    ids: members.flatMap(({ id, addresses }) => addresses.map(() => id)),
    addresses: members.flatMap(({ addresses }) => addresses),
  };
}
