import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import { isUniqueViolation } from '../unique-violation.js';

/** A group as a provider's list, held by whoever has the lease. */
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
  /** Did the last push come to its end? */
  readonly inStep: boolean;
  readonly pushedAt: Date | null;
  readonly leaseToken: number;
}

/** Somebody else holds the copy now. */
export class CopyLeaseLostError extends Error {
  override readonly name = 'CopyLeaseLostError';
}

type CopyKey = Pick<GroupCopyRow, 'groupId' | 'provider'>;

const columns = `c.group_id AS "groupId", c.provider, c.client_id AS "clientId", c.remote_id AS "remoteId",
  c.remote_name AS "remoteName", c.group_name AS "groupName", c.address_count AS "addressCount",
  c.in_step AS "inStep", c.pushed_at AS "pushedAt", c.lease_token AS "leaseToken"`;

/** Unless somebody deleted the group meanwhile: then there is something to do. */
const NOT_WANTED = 'CASE WHEN EXISTS (SELECT FROM contact_group g WHERE g.id = $1) THEN NULL ELSE now() END';

/** Which groups stand at which providers, under which names, and who is bringing them in step. */
@Injectable()
export class GroupCopyRepository {
  constructor(private readonly database: Database) {}

  /**
   * Wants a group to be in step (from now on it will be, by whoever comes by), and takes its copy.
   * @returns nothing while somebody else holds it.
   */
  async take(copy: CopyKey & { readonly clientId: string }, leaseMs: number): Promise<GroupCopyRow | undefined> {
    const { rows } = await this.database.pool.query<GroupCopyRow>(
      `INSERT INTO group_copy AS c (group_id, provider, client_id, wanted_at, lease_token, lease_until)
       VALUES ($1, $2, $3, now(), 1, now() + $4 * interval '1 ms')
       ON CONFLICT (group_id, provider) DO UPDATE
       SET wanted_at = now(), lease_token = c.lease_token + 1, lease_until = excluded.lease_until
       WHERE c.lease_until IS NULL OR c.lease_until < now()
       RETURNING ${columns}`,
      [copy.groupId, copy.provider, copy.clientId, leaseMs],
    );
    return rows[0];
  }

  /** Takes the copy that is wanted for longest and that nobody holds. */
  async takeWanted(providers: readonly string[], leaseMs: number): Promise<GroupCopyRow | undefined> {
    const { rows } = await this.database.pool.query<GroupCopyRow>(
      `WITH next AS (
         SELECT group_id, provider FROM group_copy
         WHERE wanted_at <= now() AND provider = ANY ($1) AND (lease_until IS NULL OR lease_until < now())
         ORDER BY wanted_at LIMIT 1 FOR UPDATE SKIP LOCKED
       )
       UPDATE group_copy c SET lease_token = lease_token + 1, lease_until = now() + $2 * interval '1 ms'
       FROM next WHERE c.group_id = next.group_id AND c.provider = next.provider
       RETURNING ${columns}`,
      [providers, leaseMs],
    );
    return rows[0];
  }

  /** @throws CopyLeaseLostError when somebody else has taken it. */
  async renew(copy: GroupCopyRow, leaseMs: number): Promise<void> {
    await this.held(this.database.pool, copy, `lease_until = now() + $4 * interval '1 ms', in_step = false`, [leaseMs]);
  }

  /**
   * Claims the name under which the list is to be made.
   * @returns false when another copy at this provider has it.
   */
  async claimName(copy: GroupCopyRow, names: { readonly remote: string; readonly group: string }): Promise<boolean> {
    try {
      const sets = 'remote_name = $4, group_name = $5';
      await this.held(this.database.pool, copy, sets, [names.remote, names.group]);
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  async setRemoteId(copy: GroupCopyRow, remoteId: string | null): Promise<void> {
    await this.held(this.database.pool, copy, 'remote_id = $4', [remoteId]);
  }

  /** The push came to its end. */
  async finish(copy: GroupCopyRow): Promise<{ readonly addressCount: number; readonly pushedAt: Date }> {
    const { rows } = await this.database.pool.query<{ addressCount: number; pushedAt: Date }>(
      `UPDATE group_copy c SET pushed_at = now(), wanted_at = ${NOT_WANTED}, lease_until = NULL, in_step = true,
         address_count = (SELECT count(*) FROM group_copy_address a WHERE a.group_id = $1 AND a.provider = $2)
       WHERE group_id = $1 AND provider = $2 AND lease_token = $3
       RETURNING address_count AS "addressCount", pushed_at AS "pushedAt"`,
      [copy.groupId, copy.provider, copy.leaseToken],
    );
    if (rows[0] === undefined) throw new CopyLeaseLostError();
    return rows[0];
  }

  /** Lets go of it; it is wanted again after a while, or (no time) not any more. */
  async release({ groupId, provider, leaseToken }: GroupCopyRow, againMs: number | undefined): Promise<void> {
    await this.database.pool.query(
      `UPDATE group_copy SET lease_until = NULL, 
         wanted_at = coalesce(now() + $4 * interval '1 ms', ${NOT_WANTED})
       WHERE group_id = $1 AND provider = $2 AND lease_token = $3`,
      [groupId, provider, leaseToken, againMs ?? null],
    );
  }

  /** The list is gone there; nothing is left to remember. */
  async remove({ groupId, provider, leaseToken }: GroupCopyRow): Promise<void> {
    await this.database.pool.query(
      'DELETE FROM group_copy WHERE group_id = $1 AND provider = $2 AND lease_token = $3',
      [groupId, provider, leaseToken],
    );
  }

  /** Every list of an account is gone. Groups that are still here may be pushed again. */
  async forgetAll(provider: string): Promise<void> {
    await this.database.pool.query('DELETE FROM group_copy WHERE provider = $1', [provider]);
  }

  async findByProvider(provider: string): Promise<GroupCopyRow[]> {
    const { rows } = await this.database.pool.query<GroupCopyRow>(
      `SELECT ${columns} FROM group_copy c WHERE c.provider = $1`,
      [provider],
    );
    return rows;
  }

  /** The groups of a client that were pushed to a provider, or are being pushed, by their names. */
  async findPushed(provider: string, clientId: string, names: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await this.database.pool.query<{ id: string; name: string }>(
      `SELECT g.id, g.name FROM contact_group g JOIN group_copy c ON c.group_id = g.id AND c.provider = $1
       WHERE g.client_id = $2 AND g.name = ANY ($3) AND (c.pushed_at IS NOT NULL OR c.wanted_at IS NOT NULL)`,
      [provider, clientId, names],
    );
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  /** How the copies of groups stand. */
  async findStates(provider: string, groupIds: readonly string[]): Promise<(GroupCopyRow & { deleted: boolean })[]> {
    const { rows } = await this.database.pool.query<GroupCopyRow & { deleted: boolean }>(
      `SELECT ${columns}, NOT EXISTS (SELECT FROM contact_group g WHERE g.id = c.group_id) AS deleted
       FROM group_copy c WHERE c.provider = $1 AND c.group_id = ANY ($2::uuid[])`,
      [provider, groupIds],
    );
    return rows;
  }

  private async held(tx: Queryable, copy: GroupCopyRow, sets: string, values: readonly unknown[]): Promise<void> {
    const { rowCount } = await tx.query(
      `UPDATE group_copy SET ${sets} WHERE group_id = $1 AND provider = $2 AND lease_token = $3`,
      [copy.groupId, copy.provider, copy.leaseToken, ...values],
    );
    if (rowCount !== 1) throw new CopyLeaseLostError();
  }
}
