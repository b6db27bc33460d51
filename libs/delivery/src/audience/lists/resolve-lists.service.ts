import { Injectable } from '@nestjs/common';
import { FieldErrors, type ListAudience, type ListExpression, type ProviderList } from '@gateway/core';
import { GroupCopyRepository } from '@gateway/database';
import { administer } from '../../accounts/administer.js';
import { type ListAccount, ListAccounts } from './list-accounts.js';

const WITHIN_MS = 10_000;

/** Finds what the names of a provider's lists mean to a client: copies of its groups, or lists made elsewhere. */
@Injectable()
export class ResolveListsService {
  constructor(
    private readonly accounts: ListAccounts,
    private readonly copies: GroupCopyRepository,
  ) {}

  /** @throws GatewayProblem by pointer for what is not there; `provider_retired` when the account has ended its lists. */
  async execute(clientId: string, { provider, groups, match }: ListExpression): Promise<ListAudience> {
    const account = await this.accounts.mustFind(provider, '/audience/provider');
    const { audience, store } = account;
    const errors = new FieldErrors();
    const most = audience.limits.listsPerMessage;
    if (groups.length > most) errors.add('/audience/groups', 'too_many', `${provider} takes ${most} of its lists`);
    errors.throwIfAny();
    await this.accounts.mustHaveLists(provider);
    const pushed = await this.copies.findPushed(store, clientId, groups);
    const foreign = groups.every((name) => pushed.has(name)) ? [] : await this.foreignLists(account);
    const found = groups.map((name, i) => {
      const groupId = pushed.get(name);
      if (groupId !== undefined) return { name, groupId };
      const list = foreign.find((each) => each.name === name);
      if (list !== undefined) return { name, listId: list.id };
      errors.add(
        `/audience/groups/${i}`,
        'unknown_reference',
        `${provider} has no list "${name}"; push the group first`,
      );
      return { name };
    });
    errors.throwIfAny();
    return { provider, match, groups: found };
  }

  /** Lists of the account that are no group's copy. */
  private async foreignLists({ name: provider, store, audience }: ListAccount): Promise<readonly ProviderList[]> {
    const standing = await this.accounts.watching(provider, () =>
      administer({ account: provider, withinMs: WITHIN_MS }, (signal) => audience.list(signal)),
    );
    const ours = new Set((await this.copies.findByProvider(store)).map(({ remoteName }) => remoteName));
    return standing.filter(({ name }) => !ours.has(name));
  }
}
