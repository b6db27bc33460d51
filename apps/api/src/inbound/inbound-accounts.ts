import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ProviderAccount } from '@gateway/providers';

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Compared where there is no account. */
const NOBODY = randomBytes(32);

/** The accounts that receive pushes, and the token that each expects in the path. */
export class InboundAccounts {
  private readonly digests: ReadonlyMap<string, Buffer>;

  constructor(accounts: readonly Pick<ProviderAccount, 'name' | 'inboundToken'>[]) {
    this.digests = new Map(
      accounts.flatMap(({ name, inboundToken: token }) =>
        token === undefined ? [] : [[name, digestOf(token)] as const],
      ),
    );
  }

  /** Digests are compared, in constant time: how long it takes says nothing about the token, nor about the account. */
  accepts(account: string, token: string): boolean {
    const expected = this.digests.get(account) ?? NOBODY;
    return timingSafeEqual(expected, digestOf(token)) && this.digests.has(account);
  }
}
