export * from './problem.js';
export * from './id.js';
