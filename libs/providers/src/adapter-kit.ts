// The parts of an adapter, for adapters outside this library. This file knows no vendor.
export { withLimits } from './account-limits.js';
export { defineProvider, type ProviderAccount, type ProviderDefinition, type ProviderDeps } from './define-provider.js';
export type { ProviderVariable } from './provider-variable.js';
export { readJson, redactor, retryAfterMs, wordsOf, type Reading, type Redact } from './shared/answer.js';
export { writeContent, type WrittenContent } from './shared/content.js';
export { postOnce } from './shared/exchange.js';
