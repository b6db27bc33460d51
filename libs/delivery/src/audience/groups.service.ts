import { Injectable } from '@nestjs/common';
import { FieldErrors, GatewayProblem, addressKey } from '@gateway/core';
import { GroupRepository, type GroupRow, isUniqueViolation, type Queryable } from '@gateway/database';
import { newUuid } from '@gateway/platform';

export interface GroupChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
}

/** The contacts of a call, by ids or by addresses. */
export type Members = { readonly contactIds: readonly string[] } | { readonly addresses: readonly string[] };

/** Makes and changes groups and their members. */
@Injectable()
export class GroupsService {
  constructor(private readonly groups: GroupRepository) {}

  /** @throws GatewayProblem `validation_failed` when the name is taken. */
  async create(
    tx: Queryable,
    clientId: string,
    input: { readonly name: string; readonly description?: string | null | undefined },
  ): Promise<GroupRow> {
    const { name, description = null } = input;
    const row = await this.groups.insert(tx, { id: newUuid(), clientId, name, description });
    if (row === undefined) throw nameTaken(name);
    return row;
  }

  /** @returns nothing when the client has no such group. @throws GatewayProblem when the name is taken. */
  async update(
    tx: Queryable,
    group: { readonly id: string; readonly clientId: string },
    change: GroupChange,
  ): Promise<GroupRow | undefined> {
    try {
      return await this.groups.update(tx, group, change);
    } catch (error) {
      throw isUniqueViolation(error) ? nameTaken(change.name ?? '') : error;
    }
  }

  /**
   * An address that no contact has becomes a contact; an id that no contact has is refused.
   * @returns how many became members.
   */
  async add(
    tx: Queryable,
    group: { readonly id: string; readonly clientId: string },
    members: Members,
  ): Promise<{ added: number; ignored: number }> {
    const given = 'contactIds' in members ? members.contactIds.length : members.addresses.length;
    const ids =
      'contactIds' in members
        ? await this.known(tx, group.clientId, members.contactIds)
        : await this.byAddresses(tx, group.clientId, members.addresses);
    // One whose contact was deleted meanwhile is no contact any more.
    const there = 'contactIds' in members ? ids : [...(await this.groups.holdContacts(tx, group.clientId, ids))];
    const added = await this.groups.addMembers(tx, group.id, there);
    return { added, ignored: given - added };
  }

  /** Contacts that are not members, or unknown, are ignored. @returns the number of removed members. */
  async remove(
    tx: Queryable,
    group: { readonly id: string; readonly clientId: string },
    members: Members,
  ): Promise<{ removed: number; ignored: number }> {
    if ('contactIds' in members) {
      const removed = await this.groups.removeMembers(tx, group.id, members.contactIds);
      return { removed, ignored: members.contactIds.length - removed };
    }
    const found = await this.groups.findByAddresses(tx, group.clientId, members.addresses);
    const removed = await this.groups.removeMembers(tx, group.id, [...found.values()]);
    return { removed, ignored: members.addresses.length - removed };
  }

  private async known(tx: Queryable, clientId: string, ids: readonly string[]): Promise<string[]> {
    const known = await this.groups.holdContacts(tx, clientId, ids);
    const errors = new FieldErrors();
    ids.forEach((id, i) => {
      if (!known.has(id)) errors.add(`/contactIds/${i}`, 'unknown_reference', 'no contact has this id');
    });
    errors.throwIfAny();
    return [...known];
  }

  private async byAddresses(tx: Queryable, clientId: string, addresses: readonly string[]): Promise<string[]> {
    const found = await this.groups.findByAddresses(tx, clientId, addresses);
    const missing = addresses.filter((address) => !found.has(addressKey(address)));
    if (missing.length === 0) return [...new Set(found.values())];
    const contacts = missing.map((address) => ({ id: newUuid(), address }));
    await this.groups.insertContacts(tx, clientId, contacts);
    return [...new Set((await this.groups.findByAddresses(tx, clientId, addresses)).values())];
  }
}

function nameTaken(name: string): GatewayProblem {
  const detail = `there is a group "${name}" already`;
  return new GatewayProblem('validation_failed', `/name: ${detail}`, {
    fieldErrors: [{ pointer: '/name', code: 'not_allowed', detail }],
  });
}
