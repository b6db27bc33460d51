export { acme } from './acme/index.js';
export * from './database/index.js';
export * from './gateway/index.js';
export * from './provider-contract/index.js';
export { serviceWith } from './service-with.js';
