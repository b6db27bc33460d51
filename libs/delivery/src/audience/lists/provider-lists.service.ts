import { Injectable } from '@nestjs/common';
import { GatewayProblem, type ProviderList } from '@gateway/core';
import { GroupCopyRepository } from '@gateway/database';
import { administer } from '../../accounts/administer.js';
import { type ListAccount, ListAccounts } from './list-accounts.js';

const WITHIN_MS = 60_000;

export interface ListedList extends ProviderList {
  /** The group of which it is the copy. */
  readonly groupId?: string;
}

/** The lists at an account, asked now, even if it is known to have ended its lists. */
@Injectable()
export class ProviderListsService {
  constructor(
    private readonly accounts: ListAccounts,
    private readonly copies: GroupCopyRepository,
  ) {}

  /**
   * The lists that a client can send to: copies of its groups, and lists that the gateway has not made.
   * @throws GatewayProblem when the account keeps none, has ended them, or is away.
   */
  async list(clientId: string, provider: string): Promise<readonly ListedList[]> {
    const { audience, store } = await this.find(provider);
    const standing = await this.ask(provider, (signal) => audience.list(signal));
    const copies = new Map((await this.copies.findByProvider(store)).map((copy) => [copy.remoteId, copy]));
    return standing.flatMap((list) => {
      const copy = copies.get(list.id);
      if (copy === undefined) return [list];
      return copy.clientId === clientId ? [{ ...list, groupId: copy.groupId }] : [];
    });
  }

  /** Removes every list of the account, also those made by others. */
  async wipe(provider: string): Promise<void> {
    const { audience, store } = await this.find(provider);
    await this.ask(provider, (signal) => audience.wipe(signal));
    await this.copies.forgetAll(store);
  }

  private async find(provider: string): Promise<ListAccount> {
    const account = await this.accounts.find(provider);
    if (account === undefined) throw new GatewayProblem('not_found', 'There is no account of this name with lists.');
    return account;
  }

  private ask<T>(provider: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.accounts.watching(provider, () => administer({ account: provider, withinMs: WITHIN_MS }, work));
  }
}
