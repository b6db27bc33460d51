import { Injectable } from '@nestjs/common';
import { FieldErrors, GatewayProblem } from '@gateway/core';
import {
  type ContactChange,
  ContactRepository,
  type ContactRow,
  GroupRepository,
  isUniqueViolation,
  type NewContact,
  type Queryable,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';

export interface ContactInput {
  readonly externalId?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly attributes?: NewContact['attributes'] | undefined;
  readonly addresses?: readonly string[] | undefined;
  /** By name; unknown ones are refused. */
  readonly groups?: readonly string[] | undefined;
}

/** Creates and changes contacts; faults are reported by pointer. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly contacts: ContactRepository,
    private readonly groups: GroupRepository,
  ) {}

  /** @throws GatewayProblem `validation_failed` when an address or the external id is another contact's. */
  async create(tx: Queryable, clientId: string, input: ContactInput): Promise<ContactRow> {
    const contact = {
      id: newUuid(),
      clientId,
      externalId: input.externalId ?? null,
      name: input.name ?? null,
      attributes: input.attributes ?? {},
    };
    const groupIds = await this.groupIds(tx, clientId, input.groups ?? []);
    if (!(await this.contacts.insert(tx, contact))) throw externalIdTaken();
    await this.setAddresses(tx, contact, input.addresses ?? []);
    await this.contacts.setGroups(tx, contact.id, groupIds);
    return this.contacts.findLocked(tx, contact.id);
  }

  /** Absent fields stay. @returns nothing when the client does not have the contact. */
  async update(
    tx: Queryable,
    contact: { readonly id: string; readonly clientId: string },
    input: ContactInput,
  ): Promise<ContactRow | undefined> {
    const { id, clientId } = contact;
    if (!(await this.contacts.lock(tx, clientId, id))) return undefined;
    const groupIds = input.groups && (await this.groupIds(tx, clientId, input.groups));
    await this.change(tx, id, input);
    if (input.addresses !== undefined) await this.setAddresses(tx, contact, input.addresses);
    if (groupIds !== undefined) await this.contacts.setGroups(tx, id, groupIds);
    return this.contacts.findLocked(tx, id);
  }

  private async change(tx: Queryable, id: string, { externalId, name, attributes }: ContactInput): Promise<void> {
    const change: ContactChange = {
      ...(externalId !== undefined && { externalId }),
      ...(name !== undefined && { name }),
      ...(attributes !== undefined && { attributes }),
    };
    try {
      await this.contacts.update(tx, id, change);
    } catch (error) {
      throw isUniqueViolation(error) ? externalIdTaken() : error;
    }
  }

  private async setAddresses(
    tx: Queryable,
    contact: Pick<NewContact, 'id' | 'clientId'>,
    addresses: readonly string[],
  ): Promise<void> {
    const taken = await this.contacts.setAddresses(tx, contact, addresses);
    const errors = new FieldErrors();
    for (const address of taken) {
      errors.add(`/addresses/${addresses.indexOf(address)}`, 'duplicate_address', 'is the address of another contact');
    }
    errors.throwIfAny();
  }

  private async groupIds(tx: Queryable, clientId: string, names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const known = await this.groups.holdByName(tx, clientId, names);
    const errors = new FieldErrors();
    names.forEach((name, i) => {
      if (!known.has(name)) errors.add(`/groups/${i}`, 'unknown_reference', `there is no group "${name}"`);
    });
    errors.throwIfAny();
    return [...known.values()];
  }
}

const externalIdTaken = (): GatewayProblem =>
  new GatewayProblem('validation_failed', '/externalId: another contact has this external id', {
    fieldErrors: [{ pointer: '/externalId', code: 'not_allowed', detail: 'another contact has this external id' }],
  });
