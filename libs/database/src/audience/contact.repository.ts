import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';

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

/** What is not there stays as it is. */
export type ContactChange = Partial<Pick<NewContact, 'externalId' | 'name' | 'attributes'>>;

export interface ContactFilter {
  readonly group?: string | undefined;
  readonly address?: string | undefined;
  readonly externalId?: string | undefined;
}

const columns = `
  c.id, c.external_id AS "externalId", c.name, c.attributes, c.created_at AS "createdAt", c.updated_at AS "updatedAt",
  ARRAY(SELECT a.address FROM contact_address a WHERE a.contact_id = c.id ORDER BY a.position) AS addresses,
  ARRAY(SELECT g.name FROM group_member m JOIN contact_group g ON g.id = m.group_id
        WHERE m.contact_id = c.id ORDER BY g.name) AS groups`;

/** Contacts with their addresses; a client sees only its own. */
@Injectable()
export class ContactRepository {
  constructor(private readonly database: Database) {}

  /** @returns false when the client has a contact with this external id. */
  async insert(tx: Queryable, contact: NewContact): Promise<boolean> {
    const { id, clientId, externalId, name, attributes } = contact;
    const { rowCount } = await tx.query(
      `INSERT INTO contact (id, client_id, external_id, name, attributes) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (client_id, external_id) DO NOTHING`,
      [id, clientId, externalId, name, JSON.stringify(attributes)],
    );
    return rowCount === 1;
  }

  /** Gives a contact exactly these addresses. @returns those that other contacts have; they are not taken over. */
  async setAddresses(
    tx: Queryable,
    contact: Pick<NewContact, 'id' | 'clientId'>,
    addresses: readonly string[],
  ): Promise<string[]> {
    await tx.query('DELETE FROM contact_address WHERE contact_id = $1', [contact.id]);
    const { rows } = await tx.query<{ address: string }>(
      `INSERT INTO contact_address (contact_id, position, client_id, address)
       SELECT $1, a.position - 1, $2, a.address FROM unnest($3::text[]) WITH ORDINALITY AS a (address, position)
       -- In one order for all: two contacts that want each other's next address would wait for ever.
       ORDER BY lower(a.address)
       ON CONFLICT (client_id, lower(address)) DO NOTHING RETURNING address`,
      [contact.id, contact.clientId, addresses],
    );
    const given = new Set(rows.map(({ address }) => address));
    return addresses.filter((address) => !given.has(address));
  }

  /** Makes a contact a member of exactly these groups. */
  async setGroups(tx: Queryable, contactId: string, groupIds: readonly string[]): Promise<void> {
    await tx.query('DELETE FROM group_member WHERE contact_id = $1 AND NOT group_id = ANY ($2::uuid[])', [
      contactId,
      groupIds,
    ]);
    await tx.query(
      `INSERT INTO group_member (group_id, contact_id) SELECT id, $1 FROM unnest($2::uuid[]) AS id
       ON CONFLICT DO NOTHING`,
      [contactId, groupIds],
    );
  }

  /** Locks a contact for a change of it. @returns false when the client has no such contact. */
  async lock(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    const { rowCount } = await tx.query('SELECT FROM contact WHERE client_id = $1 AND id = $2 FOR UPDATE', [
      clientId,
      id,
    ]);
    return rowCount === 1;
  }

  async update(tx: Queryable, id: string, change: ContactChange): Promise<void> {
    await tx.query(
      `UPDATE contact
       SET external_id = CASE WHEN $2 THEN $3 ELSE external_id END, name = CASE WHEN $4 THEN $5 ELSE name END,
         attributes = coalesce($6, attributes), updated_at = now()
       WHERE id = $1`,
      [
        ...[id, change.externalId !== undefined, change.externalId ?? null],
        ...[change.name !== undefined, change.name ?? null],
        change.attributes === undefined ? null : JSON.stringify(change.attributes),
      ],
    );
  }

  async delete(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    const { rowCount } = await tx.query('DELETE FROM contact WHERE client_id = $1 AND id = $2', [clientId, id]);
    return rowCount === 1;
  }

  async findById(tx: Queryable, clientId: string, id: string): Promise<ContactRow | undefined> {
    const { rows } = await tx.query<ContactRow>(
      `SELECT ${columns} FROM contact c WHERE c.client_id = $1 AND c.id = $2`,
      [clientId, id],
    );
    return rows[0];
  }

  /** Newest first, before (older than) an id. */
  async findPage(
    clientId: string,
    filter: ContactFilter,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<ContactRow[]> {
    const values: unknown[] = [clientId, page.limit];
    const parameter = (value: unknown): string => `$${values.push(value)}`;
    const conditions = ['c.client_id = $1'];
    if (page.before !== undefined) conditions.push(`c.id < ${parameter(page.before)}`);
    if (filter.externalId !== undefined) conditions.push(`c.external_id = ${parameter(filter.externalId)}`);
    if (filter.address !== undefined) {
      const owner = `SELECT contact_id FROM contact_address WHERE client_id = $1 AND lower(address) = lower`;
      conditions.push(`c.id IN (${owner}(${parameter(filter.address)}))`);
    }
    if (filter.group !== undefined) {
      const group = `SELECT g.id FROM contact_group g WHERE g.client_id = $1 AND g.name = ${parameter(filter.group)}`;
      conditions.push(`EXISTS (SELECT FROM group_member m WHERE m.contact_id = c.id AND m.group_id = (${group}))`);
    }
    const { rows } = await this.database.pool.query<ContactRow>(
      `SELECT ${columns} FROM contact c WHERE ${conditions.join(' AND ')} ORDER BY c.id DESC LIMIT $2`,
      values,
    );
    return rows;
  }
}
