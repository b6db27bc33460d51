import { Injectable } from '@nestjs/common';
import { recordAct } from '../audit/audit.repository.js';
import { Database, type Queryable } from '../database.js';
import type { Lane } from '../batches/rows.js';
import * as sql from './stranded-account.sql.js';

/** A place in the order of a lane's waiting batches. */
export interface WaitingPlace {
  /** As PostgreSQL writes it, so that nothing is rounded. */
  readonly at: string;
  readonly id: string;
}

export interface WaitingBatch extends WaitingPlace {
  /** Another account may take it: its caller left the choice to the gateway. */
  readonly movable: boolean;
  /** It says already why it waits. */
  readonly told: boolean;
}

export const FIRST_PLACE: WaitingPlace = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

/**
 * Accounts and the processes that have them. An account that none has for a while is stranded: no worker sends, polls
 * or looks up for it.
 */
@Injectable()
export class StrandedAccountRepository {
  constructor(private readonly database: Database) {}

  /** This process has these accounts. Mail of one that was stranded until now becomes due. */
  async noteConfigured(names: readonly string[]): Promise<readonly string[]> {
    return this.database.transaction(async (tx) => {
      const { rows } = await tx.query<{ name: string }>(sql.NOTE_CONFIGURED, [names]);
      const returned = rows.map(({ name }) => name);
      if (returned.length > 0) await tx.query(sql.RELEASE_RETURNED, [returned]);
      for (const target of returned) recordAct(this.database, tx, { action: 'provider.return', target });
      return returned;
    });
  }

  /** Accounts that no process has had for `afterMs`, besides those that this one has. */
  async findStranded(own: readonly string[], afterMs: number): Promise<readonly string[]> {
    return this.database.transaction(async (tx) => {
      const { rows } = await tx.query<{ name: string; new: boolean }>(sql.FIND_STRANDED, [own, afterMs]);
      for (const row of rows) {
        if (row.new) recordAct(this.database, tx, { action: 'provider.strand', target: row.name });
      }
      return rows.map(({ name }) => name);
    });
  }

  /** Those that a worker has found stranded. */
  async findNoted(): Promise<readonly string[]> {
    const { rows } = await this.database.pool.query<{ name: string }>(sql.FIND_NOTED);
    return rows.map(({ name }) => name);
  }

  /** Messages to audiences have no batches before they are due: they change accounts as a whole. */
  async moveAudiences(from: readonly string[], to: readonly string[]): Promise<void> {
    await this.database.pool.query(sql.MOVE_AUDIENCES, [from, to]);
  }

  /** Messages to audiences that no account has taken for `lateMs`, until the transaction ends. */
  async findLateAudiences(
    tx: Queryable,
    accounts: readonly string[],
    lateMs: number,
  ): Promise<readonly { readonly id: string; readonly provider: string }[]> {
    return (await tx.query<{ id: string; provider: string }>(sql.FIND_LATE_AUDIENCES, [accounts, lateMs])).rows;
  }

  /** Due batches of a lane, in order. @param detail by which a batch says why it waits. */
  async readWaiting(
    { provider, category }: Lane,
    after: WaitingPlace,
    { limit, detail }: { readonly limit: number; readonly detail: string },
  ): Promise<readonly WaitingBatch[]> {
    const { rows } = await this.database.pool.query<WaitingBatch>({
      name: 'read-waiting',
      text: sql.READ_WAITING,
      values: [provider, category, after.at, after.id, limit, detail],
    });
    return rows;
  }
}
