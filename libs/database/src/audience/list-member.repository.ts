import { Injectable } from '@nestjs/common';
import type { ListLeaver, ListMember } from '@gateway/core';
import { Database } from '../database.js';
import type { GroupCopyRow } from './group-copy.repository.js';

type CopyKey = Pick<GroupCopyRow, 'groupId' | 'provider'>;
/** The first page comes after this one. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Who is on which list, who is to be: page by page, however large a group is. */
@Injectable()
export class ListMemberRepository {
  constructor(private readonly database: Database) {}

  /** The next contacts that the list lacks, or of which it lacks an address, in order. */
  async findJoining({ groupId, provider }: CopyKey, after: string | undefined, limit: number): Promise<ListMember[]> {
    const { rows } = await this.database.pool.query<ListMember>(
      `SELECT w.contact_id AS id, array_agg(w.address ORDER BY w.address) FILTER (WHERE c.address IS NULL) AS addresses,
         bool_or(c.address IS NOT NULL) AS known
       FROM list_addresses($1, $3) w
       LEFT JOIN group_copy_address c ON c.group_id = $1 AND c.provider = $2 AND c.contact_id = w.contact_id
         AND c.address = w.address AND c.confirmed
       GROUP BY w.contact_id HAVING bool_or(c.address IS NULL)
       ORDER BY w.contact_id LIMIT $4`,
      [groupId, provider, after ?? BEFORE_ALL, limit],
    );
    return rows;
  }

  /** The next contacts that are on the list, or have an address there, and should not, in order. */
  async findLeaving({ groupId, provider }: CopyKey, after: string | undefined, limit: number): Promise<ListLeaver[]> {
    const { rows } = await this.database.pool.query<
      Omit<ListLeaver, 'elsewhere'> & { readonly lists: string[] | null; readonly others: string[] | null }
    >(
      `SELECT page.id, page.addresses, page.stays, e.lists, e.others
       FROM (
         SELECT c.contact_id AS id, array_agg(c.address ORDER BY c.address) FILTER (WHERE w.address IS NULL) AS addresses,
           bool_or(w.address IS NOT NULL) AS stays
         FROM group_copy_address c
         LEFT JOIN list_addresses($1, $3) w ON w.contact_id = c.contact_id AND w.address = c.address
         WHERE c.group_id = $1 AND c.provider = $2 AND c.contact_id > $3
         GROUP BY c.contact_id HAVING bool_or(w.address IS NULL)
         ORDER BY c.contact_id LIMIT $4
       ) AS page
       LEFT JOIN LATERAL (
         SELECT array_agg(DISTINCT g.remote_id) AS lists, array_agg(DISTINCT o.address) AS others
         FROM group_copy_address o JOIN group_copy g ON g.group_id = o.group_id AND g.provider = o.provider
         WHERE o.provider = $2 AND o.contact_id = page.id AND o.group_id <> $1 AND g.remote_id IS NOT NULL
       ) AS e ON true
       ORDER BY page.id`,
      [groupId, provider, after ?? BEFORE_ALL, limit],
    );
    return rows.map(({ lists, others, ...leaver }) => ({
      ...leaver,
      elsewhere: { lists: lists ?? [], addresses: others ?? [] },
    }));
  }

  /** Before the provider is told: whatever comes of it, they may be on the list. */
  async expect({ groupId, provider }: CopyKey, members: readonly ListMember[]): Promise<void> {
    const { ids, addresses } = pairsOf(members);
    await this.database.pool.query(
      `INSERT INTO group_copy_address (group_id, provider, contact_id, address)
       SELECT $1, $2, n.id, n.address FROM unnest($3::uuid[], $4::text[]) AS n (id, address) ON CONFLICT DO NOTHING`,
      [groupId, provider, ids, addresses],
    );
  }

  /** They are on the list. */
  async confirm({ groupId, provider }: CopyKey, members: readonly ListMember[]): Promise<void> {
    const { ids, addresses } = pairsOf(members);
    await this.database.pool.query(
      `UPDATE group_copy_address c SET confirmed = true FROM unnest($3::uuid[], $4::text[]) AS n (id, address)
       WHERE c.group_id = $1 AND c.provider = $2 AND c.contact_id = n.id AND c.address = n.address`,
      [groupId, provider, ids, addresses],
    );
  }

  /** They are on the list no more. @returns their addresses that are on no list of the account now. */
  async remove({ groupId, provider }: CopyKey, leavers: readonly ListLeaver[]): Promise<string[]> {
    const { ids, addresses } = pairsOf(leavers);
    const { rows } = await this.database.pool.query<{ address: string }>(
      `WITH gone AS (
         DELETE FROM group_copy_address c USING unnest($3::uuid[], $4::text[]) AS n (id, address)
         WHERE c.group_id = $1 AND c.provider = $2 AND c.contact_id = n.id AND c.address = n.address
         RETURNING c.address
       )
       SELECT DISTINCT address FROM gone
       WHERE NOT EXISTS (
         SELECT FROM group_copy_address o
         WHERE o.provider = $2 AND o.address = gone.address AND o.group_id <> $1
       )`,
      [groupId, provider, ids, addresses],
    );
    return rows.map(({ address }) => address);
  }

  /** Nobody is known to be on the list any more; everybody may be. */
  async doubtAll({ groupId, provider }: CopyKey): Promise<void> {
    await this.database.pool.query(
      'UPDATE group_copy_address SET confirmed = false WHERE group_id = $1 AND provider = $2 AND confirmed',
      [groupId, provider],
    );
  }

  async count({ groupId, provider }: CopyKey): Promise<number> {
    const { rows } = await this.database.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM group_copy_address WHERE group_id = $1 AND provider = $2',
      [groupId, provider],
    );
    return rows[0]?.count ?? 0;
  }

  /** Contacts of the group that are on so many other lists of the account already. */
  async countCrowded({ groupId, provider }: CopyKey, lists: number): Promise<number> {
    const { rows } = await this.database.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM (
         SELECT m.contact_id FROM group_member m
         JOIN group_copy_address c ON c.provider = $2 AND c.contact_id = m.contact_id AND c.group_id <> $1
         WHERE m.group_id = $1 GROUP BY m.contact_id HAVING count(DISTINCT c.group_id) >= $3
       ) AS crowded`,
      [groupId, provider, lists],
    );
    return rows[0]?.count ?? 0;
  }
}

function pairsOf(members: readonly { readonly id: string; readonly addresses: readonly string[] }[]) {
  return {
    ids: members.flatMap(({ id, addresses }) => addresses.map(() => id)),
    addresses: members.flatMap(({ addresses }) => addresses),
  };
}
