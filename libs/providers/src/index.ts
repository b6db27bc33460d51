export { connectAccounts, type ConnectedAccounts } from './connect-accounts.js';
export { defineProvider, type ProviderAccount, type ProviderDefinition, type ProviderDeps } from './define-provider.js';
export type { ProviderVariable } from './provider-variable.js';
export { createProviders, definitions, inOrder, readAccounts, type ProviderKind } from './registry.js';
export { warnOfWeakSecrets } from './weak-secrets.js';

// For adapters that are kept elsewhere.
export { withLimits } from './account-limits.js';
export { readJson, redactor, retryAfterMs, wordsOf, type Redact } from './shared/answer.js';
export { writeContent, type WrittenContent } from './shared/content.js';
export { postOnce } from './shared/exchange.js';
