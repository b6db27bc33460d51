/** One project a kind of test; all run the TypeScript sources as ES modules, without a build. */
const swc = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
};

const modules = {
  '^@gateway/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
  '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'],
};

/** End-to-end tests use the gateway's processes only: they need no library, and loading all costs half a second each. */
const fromOutside = { '^@gateway/testing$': '<rootDir>/libs/testing/src/gateway/index.ts', ...modules };

const project = (displayName, testMatch, more = {}) => ({
  displayName,
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: modules,
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
    project('e2e', ['test/e2e/**/*.e2e.spec.ts'], { ...services, moduleNameMapper: fromOutside }),
  ],
  testSequencer: '<rootDir>/test/support/slow-first.mjs',
  // Embedded databases and child processes start on small machines, several at once.
  testTimeout: 120_000,
  // Much of the time is waiting: for processes to start, for mails to arrive.
  maxWorkers: '100%',
};
