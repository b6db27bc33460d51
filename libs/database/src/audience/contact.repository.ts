import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import * as sql from './contact.sql.js';

export type AttributeValue = string | number | boolean;

export interface ContactRow {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly addresses: readonly string[];
  /** Names, in order. */
  readonly groups: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewContact {
  readonly id: string;
  readonly clientId: string;
  readonly externalId: string | null;
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** An absent field stays as it is. */
export type ContactChange = Partial<Pick<NewContact, 'externalId' | 'name' | 'attributes'>>;

export interface ContactFilter {
  readonly group?: string | undefined;
  readonly address?: string | undefined;
  readonly externalId?: string | undefined;
}

const own = {
  id: true,
  externalId: true,
  name: true,
  attributes: true,
  createdAt: true,
  updatedAt: true,
  addresses: { select: { address: true }, orderBy: { position: 'asc' } },
} as const satisfies Prisma.ContactSelect;

/** In one snapshot: Prisma fails when it has read a membership and then finds its group deleted. */
const whole = {
  ...own,
  memberships: { select: { group: { select: { name: true } } }, orderBy: { group: { name: 'asc' } } },
} as const satisfies Prisma.ContactSelect;

type Own = Prisma.ContactGetPayload<{ select: typeof own }>;
type Whole = Prisma.ContactGetPayload<{ select: typeof whole }>;

const toRow = (
  { attributes, addresses, ...contact }: Own,
  groups: readonly { readonly name: string }[],
): ContactRow => ({
  ...contact,
  attributes: attributes as ContactRow['attributes'],
  addresses: addresses.map(({ address }) => address),
  groups: groups.map(({ name }) => name),
});

const wholeRow = ({ memberships, ...contact }: Whole): ContactRow =>
  toRow(
    contact,
    memberships.map(({ group }) => group),
  );

/** Contacts with their addresses; a client sees only its own. */
@Injectable()
export class ContactRepository {
  constructor(private readonly database: Database) {}

  /** @returns false when the client has a contact with this external id. */
  async insert(tx: Queryable, contact: NewContact): Promise<boolean> {
    const { id, clientId, externalId, name, attributes } = contact;
    const prisma = await this.database.prismaOn(tx);
    const { count } = await prisma.contact.createMany({
      data: [{ id, clientId, externalId, name, attributes }],
      skipDuplicates: true,
    });
    return count === 1;
  }

  /** Gives a contact exactly these addresses. @returns those that other contacts have; they are not taken over. */
  async setAddresses(
    tx: Queryable,
    contact: Pick<NewContact, 'id' | 'clientId'>,
    addresses: readonly string[],
  ): Promise<string[]> {
    const prisma = await this.database.prismaOn(tx);
    await prisma.contactAddress.deleteMany({ where: { contactId: contact.id } });
    const values = [contact.id, contact.clientId, addresses];
    const { rows } = await tx.query<{ address: string }>(sql.INSERT_ADDRESSES, values);
    const given = new Set(rows.map(({ address }) => address));
    return addresses.filter((address) => !given.has(address));
  }

  /** Makes a contact a member of exactly these groups. */
  async setGroups(tx: Queryable, contactId: string, groupIds: readonly string[]): Promise<void> {
    const prisma = await this.database.prismaOn(tx);
    await prisma.groupMember.deleteMany({ where: { contactId, groupId: { notIn: [...groupIds] } } });
    await prisma.groupMember.createMany({
      data: groupIds.map((groupId) => ({ groupId, contactId })),
      skipDuplicates: true,
    });
  }

  /** Locks a contact for a change of it. @returns false when the client has no such contact. */
  async lock(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    const { rowCount } = await tx.query(sql.LOCK, [clientId, id]);
    return rowCount === 1;
  }

  /** Rejects with a unique violation when another contact has the external id. */
  async update(tx: Queryable, id: string, change: ContactChange): Promise<void> {
    const prisma = await this.database.prismaOn(tx);
    await prisma.contact.update({
      where: { id },
      data: {
        ...(change.externalId !== undefined && { externalId: change.externalId }),
        ...(change.name !== undefined && { name: change.name }),
        ...(change.attributes !== undefined && { attributes: change.attributes }),
        updatedAt: await this.database.timeOf(tx),
      },
      select: { id: true },
    });
  }

  async delete(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    const prisma = await this.database.prismaOn(tx);
    return (await prisma.contact.deleteMany({ where: { id, clientId } })).count === 1;
  }

  async findById(clientId: string, id: string): Promise<ContactRow | undefined> {
    return this.database.atOneMoment(async (tx) => {
      const prisma = await this.database.prismaOn(tx);
      const contact = await prisma.contact.findFirst({ where: { id, clientId }, select: whole });
      return contact === null ? undefined : wholeRow(contact);
    });
  }

  /** A contact that this transaction has locked or written. */
  async findLocked(tx: Queryable, id: string): Promise<ContactRow> {
    const prisma = await this.database.prismaOn(tx);
    const contact = await prisma.contact.findUniqueOrThrow({ where: { id }, select: own });
    const groups = await prisma.contactGroup.findMany({
      where: { members: { some: { contactId: id } } },
      orderBy: { name: 'asc' },
      select: { name: true },
    });
    return toRow(contact, groups);
  }

  /** Newest first, before (older than) an id. */
  async findPage(
    clientId: string,
    filter: ContactFilter,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<ContactRow[]> {
    return this.database.atOneMoment(async (tx) => {
      const conditions = await this.conditionsOf(tx, clientId, filter);
      if (conditions === undefined) return [];
      const prisma = await this.database.prismaOn(tx);
      const contacts = await prisma.contact.findMany({
        where: {
          AND: [{ clientId }, ...(page.before === undefined ? [] : [{ id: { lt: page.before } }]), ...conditions],
        },
        orderBy: { id: 'desc' },
        take: page.limit,
        select: whole,
      });
      return contacts.map(wholeRow);
    });
  }

  /** @returns nothing when no contact can meet the filter. */
  private async conditionsOf(
    tx: Queryable,
    clientId: string,
    { group, address, externalId }: ContactFilter,
  ): Promise<Prisma.ContactWhereInput[] | undefined> {
    const conditions: Prisma.ContactWhereInput[] = externalId === undefined ? [] : [{ externalId }];
    if (address !== undefined) {
      const { rows } = await tx.query<{ id: string }>(sql.FIND_BY_ADDRESS, [clientId, address]);
      if (rows[0] === undefined) return undefined;
      conditions.push({ id: rows[0].id });
    }
    if (group !== undefined) {
      // By its id, so that only the members of the page are read, in order, however large the group is.
      const prisma = await this.database.prismaOn(tx);
      const found = await prisma.contactGroup.findFirst({ where: { clientId, name: group }, select: { id: true } });
      if (found === null) return undefined;
      conditions.push({ memberships: { some: { groupId: found.id } } });
    }
    return conditions;
  }
}
