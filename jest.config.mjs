import { availableParallelism } from 'node:os';

/** One project a kind of test; all run the TypeScript sources as ES modules, without a build (test/support/native). */
const project = (displayName, testMatch, more = {}) => ({
  displayName,
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/test/support/native/environment.mjs',
  testRunner: '<rootDir>/test/support/native/framework.mjs',
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  transform: {},
  ...more,
});

/** PostgreSQL, Redis and gateways for those who ask, over all projects of a run. */
const services = {
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

export default {
  projects: [
    project('unit', ['(apps|libs)/**/!(*.int).spec.ts']),
    project('integration', ['(apps|libs)/**/*.int.spec.ts'], services),
    project('architecture', ['test/architecture/**/*.spec.ts']),
    project('e2e', ['test/e2e/**/*.e2e.spec.ts'], services),
  ],
  testSequencer: '<rootDir>/test/support/slow-first.mjs',
  // Embedded databases and child processes start on small machines, several at once.
  testTimeout: 120_000,
  // Much of the time is waiting: for processes to start, for mails to arrive. (Jest reads "150%" as 150 workers.)
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
};
