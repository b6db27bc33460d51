import { Injectable } from '@nestjs/common';
import { withoutAct } from '../audit/act.js';
import { Database } from '../database.js';
import * as sql from './account-store.sql.js';

/** An account and its project at the vendor. */
export interface AccountProject {
  readonly account: string;
  readonly project: string;
}

/** Under which names the copies of accounts are kept. */
@Injectable()
export class AccountStoreRepository {
  constructor(private readonly database: Database) {}

  /** @returns the store of each account. */
  claim(projects: readonly AccountProject[]): Promise<ReadonlyMap<string, string>> {
    const inOrder = [...projects].sort((a, b) => (a.account < b.account ? -1 : 1));
    const work = () =>
      this.database.transaction(async (tx) => {
        const stores = new Map<string, string>();
        for (const { account, project } of inOrder) {
          const { rows } = await tx.query<{ store: string }>(sql.CLAIM, [account, project]);
          stores.set(account, rows[0]?.store ?? account);
        }
        return stores;
      });
    return withoutAct(work);
  }
}
