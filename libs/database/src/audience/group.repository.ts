import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import * as sql from './group.sql.js';

export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly memberCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewGroup {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly description: string | null;
}

const shown = {
  id: true,
  name: true,
  description: true,
  memberCount: true,
  createdAt: true,
  updatedAt: true,
} as const satisfies Prisma.ContactGroupSelect;

/** Groups of contacts; a client sees only its own. The number of members is kept by triggers. */
@Injectable()
export class GroupRepository {
  constructor(private readonly database: Database) {}

  /** @returns nothing when the client has a group of this name. */
  async insert(tx: Queryable, group: NewGroup): Promise<GroupRow | undefined> {
    const { id, clientId, name, description } = group;
    const prisma = await this.database.prismaOn(tx);
    const rows = await prisma.contactGroup.createManyAndReturn({
      data: [{ id, clientId, name, description }],
      skipDuplicates: true,
      select: shown,
    });
    return rows[0];
  }

  /** Makes groups of names that no group has. */
  async insertMissing(
    tx: Queryable,
    clientId: string,
    groups: readonly { readonly id: string; readonly name: string }[],
  ): Promise<void> {
    await tx.query(sql.INSERT_MISSING, [clientId, groups.map(({ id }) => id), groups.map(({ name }) => name)]);
  }

  async findById(clientId: string, id: string): Promise<GroupRow | undefined> {
    const group = await this.database.prisma.contactGroup.findFirst({ where: { id, clientId }, select: shown });
    return group ?? undefined;
  }

  /** Ids by name, of those that are there. */
  async findIds(clientId: string, names: readonly string[]): Promise<Map<string, string>> {
    const groups = await this.database.prisma.contactGroup.findMany({
      where: { clientId, name: { in: [...names] } },
      orderBy: { id: 'asc' },
      select: { id: true, name: true },
    });
    return new Map(groups.map(({ id, name }) => [name, id]));
  }

  /** The same, kept from being deleted until the transaction ends. */
  async holdByName(tx: Queryable, clientId: string, names: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await tx.query<{ id: string; name: string }>(sql.HOLD_BY_NAME, [clientId, names]);
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  /** Keeps a group from being deleted until the transaction ends. @returns false when there is none. */
  async hold(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    const { rowCount } = await tx.query(sql.HOLD, [clientId, id]);
    return rowCount === 1;
  }

  /** Newest first, before (older than) an id. */
  findPage(
    clientId: string,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<GroupRow[]> {
    return this.database.prisma.contactGroup.findMany({
      where: { clientId, ...(page.before !== undefined && { id: { lt: page.before } }) },
      orderBy: { id: 'desc' },
      take: page.limit,
      select: shown,
    });
  }

  /**
   * An absent field stays as it is.
   * @returns nothing when the client has no such group. Rejects with a unique violation when the name is taken.
   */
  async update(
    tx: Queryable,
    group: { readonly id: string; readonly clientId: string },
    change: { readonly name?: string | undefined; readonly description?: string | null | undefined },
  ): Promise<GroupRow | undefined> {
    const prisma = await this.database.prismaOn(tx);
    const rows = await prisma.contactGroup.updateManyAndReturn({
      where: { id: group.id, clientId: group.clientId },
      data: {
        ...(change.name !== undefined && { name: change.name }),
        ...(change.description !== undefined && { description: change.description }),
        updatedAt: await this.database.timeOf(tx),
      },
      select: shown,
    });
    return rows[0];
  }

  async delete(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    const prisma = await this.database.prismaOn(tx);
    return (await prisma.contactGroup.deleteMany({ where: { id, clientId } })).count === 1;
  }

  /** @returns how many became members; those who were are left out. */
  async addMembers(tx: Queryable, groupId: string, contactIds: readonly string[]): Promise<number> {
    const { rowCount } = await tx.query(sql.ADD_MEMBERS, [groupId, contactIds]);
    return rowCount ?? 0;
  }

  /** @returns how many were members. */
  async removeMembers(tx: Queryable, groupId: string, contactIds: readonly string[]): Promise<number> {
    const { rowCount } = await tx.query(sql.REMOVE_MEMBERS, [groupId, contactIds]);
    return rowCount ?? 0;
  }

  /** @returns how many were members. */
  async empty(tx: Queryable, groupId: string): Promise<number> {
    const prisma = await this.database.prismaOn(tx);
    return (await prisma.groupMember.deleteMany({ where: { groupId } })).count;
  }

  /** Which of these contacts the client has; they are kept from being deleted until the transaction ends. */
  async holdContacts(tx: Queryable, clientId: string, ids: readonly string[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>(sql.HOLD_CONTACTS, [clientId, ids]);
    return new Set(rows.map(({ id }) => id));
  }

  /** Contacts by their addresses, in lower case. */
  async findByAddresses(tx: Queryable, clientId: string, addresses: readonly string[]): Promise<Map<string, string>> {
    const keys = addresses.map((address) => address.toLowerCase());
    const { rows } = await tx.query<{ address: string; id: string }>(sql.FIND_BY_ADDRESSES, [clientId, keys]);
    return new Map(rows.map(({ address, id }) => [address, id]));
  }

  /** Makes a contact of each address; an address that another contact has got meanwhile is left to it. */
  async insertContacts(
    tx: Queryable,
    clientId: string,
    contacts: readonly { readonly id: string; readonly address: string }[],
  ): Promise<void> {
    const ids = contacts.map(({ id }) => id);
    await tx.query(sql.INSERT_CONTACTS, [clientId, ids]);
    await tx.query(sql.INSERT_ADDRESSES, [clientId, ids, contacts.map(({ address }) => address)]);
    await tx.query(sql.DELETE_UNADDRESSED, [ids]);
  }
}
