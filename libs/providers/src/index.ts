export { connectAccounts, type ConnectedAccounts } from './connect-accounts.js';
export type { ProviderAccount, ProviderDefinition, ProviderDeps } from './define-provider.js';
export type { ProviderVariable } from './provider-variable.js';
export { createProviders, definitions, inOrder, readAccounts, type ProviderKind } from './registry.js';
export { warnOfWeakSecrets } from './weak-secrets.js';
