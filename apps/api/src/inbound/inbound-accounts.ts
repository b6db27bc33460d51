import { createHash, timingSafeEqual } from 'node:crypto';
import type { ProviderAccount } from '@gateway/providers';

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The accounts that receive pushes, and the token that each expects in the path. */
export class InboundAccounts {
  private readonly byName: ReadonlyMap<string, Pick<ProviderAccount, 'inboundToken'>>;

  constructor(accounts: readonly Pick<ProviderAccount, 'name' | 'inboundToken'>[]) {
    this.byName = new Map(accounts.map((account) => [account.name, account]));
  }

  /**
   * Digests are compared, in constant time: how long it takes says nothing about the token. It is asked for each time:
   * one in a file may change.
   */
  accepts(account: string, token: string): boolean {
    const expected = this.byName.get(account)?.inboundToken;
    return expected !== undefined && timingSafeEqual(digestOf(expected), digestOf(token));
  }
}
