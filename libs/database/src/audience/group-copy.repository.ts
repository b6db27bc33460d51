import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import type { Prisma } from '../generated/client.js';
import { isUniqueViolation } from '../errors/unique-violation.js';
import * as sql from './group-copy.sql.js';

/** A group as a provider's list, held by the process that has the lease. */
export interface GroupCopyRow {
  readonly groupId: string;
  readonly provider: string;
  readonly clientId: string;
  /** None until the list is made. */
  readonly remoteId: string | null;
  readonly remoteName: string | null;
  /** The group's name when the list was named. */
  readonly groupName: string | null;
  readonly addressCount: number;
  /** Was the last push completed? */
  readonly inStep: boolean;
  readonly pushedAt: Date | null;
  readonly leaseToken: number;
}

/** Somebody else holds the copy now. */
export class CopyLeaseLostError extends Error {
  override readonly name = 'CopyLeaseLostError';
}

type CopyKey = Pick<GroupCopyRow, 'groupId' | 'provider'>;

const shown = {
  groupId: true,
  provider: true,
  clientId: true,
  remoteId: true,
  remoteName: true,
  groupName: true,
  addressCount: true,
  inStep: true,
  pushedAt: true,
  leaseToken: true,
} as const satisfies Prisma.GroupCopySelect;

/** The copies of groups at providers, with their names and the leases of those that bring them in step. */
@Injectable()
export class GroupCopyRepository {
  constructor(private readonly database: Database) {}

  /**
   * Requests that a group be kept in step (by the next sweep at the latest), and takes its copy.
   * @returns `undefined` while another process holds it.
   */
  async take(copy: CopyKey & { readonly clientId: string }, leaseMs: number): Promise<GroupCopyRow | undefined> {
    const values = [copy.groupId, copy.provider, copy.clientId, leaseMs];
    return (await this.database.pool.query<GroupCopyRow>(sql.TAKE, values)).rows[0];
  }

  /** Takes the copy that has been wanted for longest and that no process holds. */
  async takeWanted(providers: readonly string[], leaseMs: number): Promise<GroupCopyRow | undefined> {
    return (await this.database.pool.query<GroupCopyRow>(sql.TAKE_WANTED, [providers, leaseMs])).rows[0];
  }

  /** @throws CopyLeaseLostError when another process has taken it. */
  async renew({ groupId, provider, leaseToken }: GroupCopyRow, leaseMs: number): Promise<void> {
    const { rowCount } = await this.database.pool.query(sql.RENEW, [groupId, provider, leaseToken, leaseMs]);
    if (rowCount !== 1) throw new CopyLeaseLostError();
  }

  /**
   * Claims the name under which the list will be created.
   * @returns false when another copy at this provider has it.
   */
  async claimName(copy: GroupCopyRow, names: { readonly remote: string; readonly group: string }): Promise<boolean> {
    try {
      await this.change(copy, { remoteName: names.remote, groupName: names.group });
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  async setRemoteId(copy: GroupCopyRow, remoteId: string | null): Promise<void> {
    await this.change(copy, { remoteId });
  }

  /** The push came to its end. */
  async finish(copy: GroupCopyRow): Promise<{ readonly addressCount: number; readonly pushedAt: Date }> {
    const { rows } = await this.database.pool.query<{ addressCount: number; pushedAt: Date }>(sql.FINISH, [
      copy.groupId,
      copy.provider,
      copy.leaseToken,
    ]);
    if (rows[0] === undefined) throw new CopyLeaseLostError();
    return rows[0];
  }

  /** Lets go of it; it is wanted again after a while, or (no time) not any more. */
  async release({ groupId, provider, leaseToken }: GroupCopyRow, againMs: number | undefined): Promise<void> {
    await this.database.pool.query(sql.RELEASE, [groupId, provider, leaseToken, againMs ?? null]);
  }

  /** Forgets a list that no longer exists at the account. */
  async remove({ groupId, provider, leaseToken }: GroupCopyRow): Promise<void> {
    await this.database.prisma.groupCopy.deleteMany({ where: { groupId, provider, leaseToken } });
  }

  /** Forgets all lists of an account. Groups that still exist may be pushed again. */
  async forgetAll(provider: string): Promise<void> {
    await this.database.prisma.groupCopy.deleteMany({ where: { provider } });
  }

  findByProvider(provider: string): Promise<GroupCopyRow[]> {
    return this.database.prisma.groupCopy.findMany({ where: { provider }, select: shown });
  }

  /** The groups of a client that were pushed to a provider, or are being pushed, by their names. */
  async findPushed(provider: string, clientId: string, names: readonly string[]): Promise<Map<string, string>> {
    const values = [provider, clientId, names];
    const { rows } = await this.database.pool.query<{ id: string; name: string }>(sql.FIND_PUSHED, values);
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  /** How the copies of groups stand. */
  async findStates(provider: string, groupIds: readonly string[]): Promise<(GroupCopyRow & { deleted: boolean })[]> {
    const { prisma } = this.database;
    const copies = await prisma.groupCopy.findMany({
      where: { provider, groupId: { in: [...groupIds] } },
      select: shown,
    });
    const groups = await prisma.contactGroup.findMany({
      where: { id: { in: copies.map(({ groupId }) => groupId) } },
      select: { id: true },
    });
    const there = new Set(groups.map(({ id }) => id));
    return copies.map((copy) => ({ ...copy, deleted: !there.has(copy.groupId) }));
  }

  /** @throws CopyLeaseLostError when another process has taken it. */
  private async change(
    { groupId, provider, leaseToken }: GroupCopyRow,
    data: Prisma.GroupCopyUpdateManyMutationInput,
  ): Promise<void> {
    const { count } = await this.database.prisma.groupCopy.updateMany({
      where: { groupId, provider, leaseToken },
      data,
    });
    if (count !== 1) throw new CopyLeaseLostError();
  }
}
