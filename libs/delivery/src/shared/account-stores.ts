import { Injectable } from '@nestjs/common';
import type { EmailProvider } from '@gateway/core';
import { AccountStoreRepository } from '@gateway/database';
import { ProviderDirectory } from './provider-directory.js';

/**
 * Under which name the copies of an account are kept. Accounts that share a project at the vendor share its templates,
 * lists and opt-outs, and so their copies (ADR 42). The name is that of one of these accounts, which may be configured
 * no more.
 */
@Injectable()
export class AccountStores {
  private claimed: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(
    private readonly providers: ProviderDirectory,
    private readonly stores: AccountStoreRepository,
  ) {}

  async of(account: string): Promise<string> {
    return (await this.all()).get(account) ?? account;
  }

  /** Stores that a configured account with this part reaches. */
  async names(part: keyof EmailProvider): Promise<readonly string[]> {
    const able = this.providers.all.filter((provider) => provider[part] !== undefined);
    return [...new Set(await Promise.all(able.map(({ name }) => this.of(name))))];
  }

  /** A configured account with this part that reaches a store: the store's namesake, where it does. */
  async reach(store: string, part: keyof EmailProvider): Promise<EmailProvider | undefined> {
    const stores = await this.all();
    const able = this.providers.all.filter(
      (provider) => provider[part] !== undefined && (stores.get(provider.name) ?? provider.name) === store,
    );
    return able.find(({ name }) => name === store) ?? able[0];
  }

  /** Asked once. A project that changes later keeps its account's store, as another project of the same name would. */
  private all(): Promise<ReadonlyMap<string, string>> {
    this.claimed ??= this.claim();
    return this.claimed;
  }

  private async claim(): Promise<ReadonlyMap<string, string>> {
    try {
      const projects = this.providers.all.flatMap(({ name: account, project }) =>
        project === undefined ? [] : [{ account, project }],
      );
      return projects.length === 0 ? new Map() : await this.stores.claim(projects);
    } catch (error) {
      this.claimed = undefined;
      throw error;
    }
  }
}
