import type { AdministeredProvider } from '@gateway/core';
import {
  GroupCopyRepository,
  GroupRepository,
  ListMemberRepository,
  ProviderFeatureRepository,
  type Database,
} from '@gateway/database';
import {
  BounceBlockService,
  GroupCopier,
  ListAccounts,
  ListNamer,
  ProviderListsService,
  ResolveListsService,
  PushGroupService,
  effectiveLeaseMs,
  type Timing,
} from '@gateway/delivery';

/** For who reads messages that name lists. */
export const resolvingLists = (database: Database, providers: readonly AdministeredProvider[]): ResolveListsService =>
  new ResolveListsService(
    new ListAccounts(providers, new ProviderFeatureRepository(database), database.clock),
    new GroupCopyRepository(database),
  );

/** What the calls about what stands at the providers need, for Nest's container. */
export function listParts(database: Database, providers: readonly AdministeredProvider[], timing: Timing): object[] {
  const leaseMs = effectiveLeaseMs(timing);
  const features = new ProviderFeatureRepository(database);
  const [copies, members] = [new GroupCopyRepository(database), new ListMemberRepository(database)];
  const accounts = new ListAccounts(providers, features, database.clock);
  const copier = new GroupCopier({ copies, members, namer: new ListNamer(copies, members), leaseMs });
  const groups = new GroupRepository(database);
  return [
    features,
    accounts,
    new PushGroupService({ database, groups, copies, copier, accounts, leaseMs }),
    new ProviderListsService(accounts, copies),
    new BounceBlockService(providers),
  ];
}
