export { connectAccounts, type ConnectedAccounts } from './connect-accounts.js';
export type { ProviderAccount, ProviderDefinition, ProviderDeps, ProviderVariable } from './define-provider.js';
export { createProviders, definitions, readAccounts, type ProviderKind } from './registry.js';
