import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import * as sql from './suppression-sync.sql.js';

/** Changes that a comparison has made, on our list and on the account's. */
export interface SyncCounts {
  readonly addedHere: number;
  readonly removedHere: number;
  readonly addedThere: number;
  readonly removedThere: number;
  /** Addresses that the account did not take. */
  readonly ignoredThere: number;
  /** Entries of the account's list that are no address; they were passed over. */
  readonly unreadableThere: number;
}

export const NOTHING_SYNCED: SyncCounts = {
  addedHere: 0,
  removedHere: 0,
  addedThere: 0,
  removedThere: 0,
  ignoredThere: 0,
  unreadableThere: 0,
};

/** `read` their list, look for what is `missing` from it, `add` ours to it, `remove` from it what we took off. */
export type SyncStep = 'read' | 'missing' | 'add' | 'remove';

/** One comparison of an account's list with ours, held by the process that has the token. */
export interface SyncPass {
  readonly provider: string;
  readonly step: SyncStep;
  /** Missing entries are only known for a list that is read as a whole. */
  readonly whole: boolean;
  /** Start of the range of a list that is not read as a whole. */
  readonly since: Date | null;
  readonly cursor: unknown;
  readonly startedAt: Date;
  readonly counts: SyncCounts;
  readonly leaseToken: number;
  /** Somebody else began it. */
  readonly resumed: boolean;
}

/** Another process has taken the comparison over. */
export class SyncTakenError extends Error {
  override readonly name = 'SyncTakenError';
}

/** How far the lists of the accounts have been compared with ours. */
@Injectable()
export class SuppressionSyncRepository {
  constructor(private readonly database: Database) {}

  /** Makes accounts known; a new one is due at once, or only when it is asked for. */
  async register(providers: readonly string[], scheduled: boolean): Promise<void> {
    await this.database.pool.query(sql.REGISTER, [providers, scheduled]);
  }

  /**
   * Takes the comparison of an account: a new one, or one that was left unfinished.
   * @param wanted.whole a new one reads the whole list; else it does so once a day.
   * @param wanted.due only if it is due.
   * @returns `undefined` while another process has it, or when it is not due.
   */
  async take(
    provider: string,
    wanted: { readonly whole: boolean; readonly due: boolean },
    leaseMs: number,
  ): Promise<SyncPass | undefined> {
    const { rows } = await this.database.pool.query<Omit<SyncPass, 'counts'> & { counts: Partial<SyncCounts> }>(
      sql.TAKE,
      [provider, wanted.whole, wanted.due, leaseMs],
    );
    const [row] = rows;
    return row && { ...row, counts: { ...NOTHING_SYNCED, ...row.counts } };
  }

  /** Writes how far the comparison is, and holds it for longer. @throws SyncTakenError */
  async advance(tx: Queryable, pass: SyncPass, leaseMs: number): Promise<void> {
    const { rowCount } = await tx.query(sql.ADVANCE, [
      pass.provider,
      pass.leaseToken,
      pass.step,
      JSON.stringify(pass.cursor ?? null),
      JSON.stringify(pass.counts),
      leaseMs,
    ]);
    if (rowCount === 0) throw new SyncTakenError(`the comparison with ${pass.provider} was taken over`);
  }

  /**
   * Ends the comparison. If it changed our list, the other accounts are due.
   * @param everyMs until the next one; 0: when it is asked for.
   */
  async finish(pass: SyncPass, everyMs: number): Promise<void> {
    const { rowCount } = await this.database.pool.query(sql.FINISH, [
      pass.provider,
      pass.leaseToken,
      JSON.stringify(pass.counts),
      everyMs,
    ]);
    if (rowCount === 0) throw new SyncTakenError(`the comparison with ${pass.provider} was taken over`);
    if (everyMs === 0 || pass.counts.addedHere + pass.counts.removedHere === 0) return;
    await this.database.pool.query(sql.WAKE_OTHERS, [pass.provider]);
  }

  /** Lets go of a comparison that is not finished; the next process after `delayMs` continues it. */
  async release(pass: SyncPass, delayMs: number): Promise<void> {
    await this.database.pool.query(sql.RELEASE, [pass.provider, pass.leaseToken, delayMs]);
  }
}
