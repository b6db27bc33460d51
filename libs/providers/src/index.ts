export * from './adapter-kit.js';
export { connectAccounts, type ConnectedAccounts } from './connect-accounts.js';
export { createProviders, definitions, inOrder, readAccounts, type ProviderKind } from './registry.js';
export { warnOfWeakSecrets } from './weak-secrets.js';
