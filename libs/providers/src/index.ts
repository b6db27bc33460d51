export * from './adapter-kit.js';
export { connectAccounts, type ConnectedAccounts } from './connect-accounts.js';
export {
  createProviders,
  definitions,
  hasCredentials,
  inOrder,
  readAccounts,
  sandboxVariables,
  type ProviderKind,
} from './registry.js';
export { warnOfWeakSecrets } from './weak-secrets.js';
