export const testing = 'testing';
export * from './provider-contract/index.js';
