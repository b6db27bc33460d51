import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';

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

const columns = `g.id, g.name, g.description, g.member_count AS "memberCount", g.created_at AS "createdAt",
  g.updated_at AS "updatedAt"`;

/** Groups of contacts; a client sees only its own. The number of members is kept by triggers. */
@Injectable()
export class GroupRepository {
  constructor(private readonly database: Database) {}

  /** @returns nothing when the client has a group of this name. */
  async insert(tx: Queryable, group: NewGroup): Promise<GroupRow | undefined> {
    const { rows } = await tx.query<GroupRow>(
      `INSERT INTO contact_group AS g (id, client_id, name, description) VALUES ($1, $2, $3, $4)
       ON CONFLICT (client_id, name) DO NOTHING RETURNING ${columns}`,
      [group.id, group.clientId, group.name, group.description],
    );
    return rows[0];
  }

  /** Names that nobody has become groups. */
  async insertMissing(
    tx: Queryable,
    clientId: string,
    groups: readonly { readonly id: string; readonly name: string }[],
  ): Promise<void> {
    await tx.query(
      `INSERT INTO contact_group (id, client_id, name)
       SELECT n.id, $1, n.name FROM unnest($2::uuid[], $3::text[]) AS n (id, name) ORDER BY n.name
       ON CONFLICT (client_id, name) DO NOTHING`,
      [clientId, groups.map(({ id }) => id), groups.map(({ name }) => name)],
    );
  }

  async findById(tx: Queryable, clientId: string, id: string): Promise<GroupRow | undefined> {
    const { rows } = await tx.query<GroupRow>(
      `SELECT ${columns} FROM contact_group g WHERE g.client_id = $1 AND g.id = $2`,
      [clientId, id],
    );
    return rows[0];
  }

  /** Ids by name, of those that are there. */
  async findIds(
    tx: Queryable,
    clientId: string,
    names: readonly string[],
    lock: '' | 'FOR KEY SHARE' = '',
  ): Promise<Map<string, string>> {
    const { rows } = await tx.query<{ id: string; name: string }>(
      `SELECT id, name FROM contact_group WHERE client_id = $1 AND name = ANY ($2) ORDER BY id ${lock}`,
      [clientId, names],
    );
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  /** The same, kept from being deleted until the transaction ends. */
  holdByName(tx: Queryable, clientId: string, names: readonly string[]): Promise<Map<string, string>> {
    return this.findIds(tx, clientId, names, 'FOR KEY SHARE');
  }

  /** Keeps a group from being deleted until the transaction ends. @returns false when there is none. */
  async hold(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    const { rowCount } = await tx.query('SELECT FROM contact_group WHERE client_id = $1 AND id = $2 FOR KEY SHARE', [
      clientId,
      id,
    ]);
    return rowCount === 1;
  }

  /** Newest first, before (older than) an id. */
  async findPage(
    clientId: string,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<GroupRow[]> {
    const { rows } = await this.database.pool.query<GroupRow>(
      `SELECT ${columns} FROM contact_group g WHERE g.client_id = $1 AND ($2::uuid IS NULL OR g.id < $2)
       ORDER BY g.id DESC LIMIT $3`,
      [clientId, page.before ?? null, page.limit],
    );
    return rows;
  }

  /**
   * What is not there stays as it is.
   * @returns nothing when the client has no such group. Rejects with a unique violation when the name is taken.
   */
  async update(
    tx: Queryable,
    group: { readonly id: string; readonly clientId: string },
    change: { readonly name?: string | undefined; readonly description?: string | null | undefined },
  ): Promise<GroupRow | undefined> {
    const { rows } = await tx.query<GroupRow>(
      `UPDATE contact_group g
       SET name = coalesce($3, name), description = CASE WHEN $4 THEN $5 ELSE description END, updated_at = now()
       WHERE client_id = $1 AND id = $2 RETURNING ${columns}`,
      [group.clientId, group.id, change.name ?? null, change.description !== undefined, change.description ?? null],
    );
    return rows[0];
  }

  async delete(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    const { rowCount } = await tx.query('DELETE FROM contact_group WHERE client_id = $1 AND id = $2', [clientId, id]);
    return rowCount === 1;
  }

  /** @returns how many became members; those who were are left out. */
  async addMembers(tx: Queryable, groupId: string, contactIds: readonly string[]): Promise<number> {
    const { rowCount } = await tx.query(
      `INSERT INTO group_member (group_id, contact_id) SELECT $1, id FROM unnest($2::uuid[]) AS id ORDER BY id
       ON CONFLICT DO NOTHING`,
      [groupId, contactIds],
    );
    return rowCount ?? 0;
  }

  /** @returns how many were members. */
  async removeMembers(tx: Queryable, groupId: string, contactIds: readonly string[]): Promise<number> {
    const { rowCount } = await tx.query('DELETE FROM group_member WHERE group_id = $1 AND contact_id = ANY ($2)', [
      groupId,
      contactIds,
    ]);
    return rowCount ?? 0;
  }

  /** @returns how many were members. */
  async empty(tx: Queryable, groupId: string): Promise<number> {
    const { rowCount } = await tx.query('DELETE FROM group_member WHERE group_id = $1', [groupId]);
    return rowCount ?? 0;
  }

  /** Which of these contacts the client has; they are kept from being deleted until the transaction ends. */
  async holdContacts(tx: Queryable, clientId: string, ids: readonly string[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>(
      'SELECT id FROM contact WHERE client_id = $1 AND id = ANY ($2) ORDER BY id FOR KEY SHARE',
      [clientId, ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Contacts by their addresses, in lower case. */
  async findByAddresses(tx: Queryable, clientId: string, addresses: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await tx.query<{ address: string; id: string }>(
      `SELECT lower(address) AS address, contact_id AS id FROM contact_address
       WHERE client_id = $1 AND lower(address) = ANY ($2)`,
      [clientId, addresses.map((address) => address.toLowerCase())],
    );
    return new Map(rows.map(({ address, id }) => [address, id]));
  }

  /** Makes a contact of each address; an address that another contact has got meanwhile is left to it. */
  async insertContacts(
    tx: Queryable,
    clientId: string,
    contacts: readonly { readonly id: string; readonly address: string }[],
  ): Promise<void> {
    const ids = contacts.map(({ id }) => id);
    await tx.query('INSERT INTO contact (id, client_id) SELECT id, $1 FROM unnest($2::uuid[]) AS id', [clientId, ids]);
    await tx.query(
      `INSERT INTO contact_address (contact_id, position, client_id, address)
       SELECT n.id, 0, $1, n.address FROM unnest($2::uuid[], $3::text[]) AS n (id, address) ORDER BY lower(n.address)
       ON CONFLICT (client_id, lower(address)) DO NOTHING`,
      [clientId, ids, contacts.map(({ address }) => address)],
    );
    await tx.query(
      `DELETE FROM contact c WHERE id = ANY ($1)
         AND NOT EXISTS (SELECT FROM contact_address a WHERE a.contact_id = c.id)`,
      [ids],
    );
  }
}
