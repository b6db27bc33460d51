import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ProviderAccount } from '@gateway/providers';

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Compared where there is no account. */
const NOBODY = randomBytes(32);

/** The accounts that receive pushes, and the token that each expects in the path. */
export class InboundAccounts {
  private readonly byName: ReadonlyMap<string, Pick<ProviderAccount, 'inboundToken'>>;

  constructor(accounts: readonly Pick<ProviderAccount, 'name' | 'inboundToken'>[]) {
    this.byName = new Map(accounts.map((account) => [account.name, account]));
  }

  /**
   * Digests are compared, in constant time: how long it takes says nothing about the token, nor about the account. The
   * token is asked for each time: one in a file may change.
   */
  accepts(account: string, token: string): boolean {
    const expected = this.byName.get(account)?.inboundToken;
    const isRight = timingSafeEqual(expected === undefined ? NOBODY : digestOf(expected), digestOf(token));
    return isRight && expected !== undefined;
  }
}
