/** Who may import whom (docs/architecture.md). The names are the sentences that a violation prints. */
const mayImport = {
  core: [],
  // Published: it has nothing of this repository.
  client: [],
  platform: ['core'],
  database: ['core', 'platform'],
  queue: ['core', 'platform'],
  providers: ['core', 'platform'],
  delivery: ['core', 'platform', 'database', 'queue'],
};
// Test code: may reach further, is never built.
const spec = '\\.(spec|fixture)\\.ts$';
const error = (name, from, to) => ({ name, severity: 'error', from, to });
const only = (name, owner, path) => error(name, { path: '^(apps|libs)/', pathNot: `${spec}|${owner}` }, { path });

module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([lib, allowed]) =>
      error(
        `${lib}-imports-only-${allowed.join('-') || 'itself'}`,
        { path: `^libs/${lib}/src`, pathNot: spec },
        { path: '^(libs|apps)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/src` },
      ),
    ),
    error('apps-are-leaves', { path: '^apps/([^/]+)/' }, { path: '^apps/', pathNot: '^apps/$1/' }),
    error('libs-never-import-apps', { path: '^libs/', pathNot: spec }, { path: '^apps/' }),
    error(
      'front-door-only',
      { path: '^(apps|libs)/([^/]+)/', pathNot: '^libs/testing/' },
      { path: '^libs/[^/]+/src/(?!index\\.ts)', pathNot: '^libs/$2/' },
    ),
    // A suite that drives processes from outside needs little of the libraries, and would load all of them.
    error(
      'front-door-only-for-testing',
      { path: '^libs/testing/' },
      { path: '^libs/[^/]+/src/(?!index\\.ts)', pathNot: '^libs/(testing/|platform/src/process/)' },
    ),
    error(
      'providers-are-strangers',
      { path: '^libs/providers/src/([^/]+)/', pathNot: '^libs/providers/src/(ncp|sens)/' },
      { path: '^libs/providers/src/[^/]+/', pathNot: '^libs/providers/src/($1|shared)/' },
    ),
    // Two generations of one vendor's API, and what they share (ADR 42).
    error(
      'generations-meet-in-their-vendors-room',
      { path: '^libs/providers/src/(ncp|sens)/' },
      { path: '^libs/providers/src/[^/]+/', pathNot: '^libs/providers/src/($1|shared|naver)/' },
    ),
    error(
      'simulator-reads-the-docs-itself',
      { path: '^apps/simulator/' },
      { path: '^libs/', pathNot: '^libs/(platform|testing)/' },
    ),
    error(
      'launcher-only-starts-things',
      { path: '^apps/standalone/' },
      { path: '^libs/', pathNot: '^libs/(platform|database|providers|queue)/' },
    ),
    error('bench-is-a-leaf', { path: '^(apps|libs|test)/' }, { path: '^bench/' }),
    error(
      'core-is-plain-typescript',
      { path: '^libs/core/', pathNot: spec },
      { path: 'node_modules/', pathNot: 'node_modules/(zod)/' },
    ),
    error(
      'core-does-no-io',
      { path: '^libs/core/', pathNot: spec },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|punycode|url|crypto)$' },
    ),
    error('client-has-no-dependency', { path: '^libs/client/', pathNot: spec }, { path: 'node_modules/' }),
    // It runs in browsers and workers too; only its command is for Node.
    error(
      'client-runs-anywhere',
      { path: '^libs/client/', pathNot: `${spec}|^libs/client/src/cli/` },
      { dependencyTypes: ['core'] },
    ),
    error(
      'testing-is-for-tests',
      { path: '^(apps|libs)/', pathNot: `${spec}|^libs/testing/` },
      { path: '^libs/testing/' },
    ),
    only('prisma-only-in-database', '^libs/database/', '^libs/database/src/generated/|node_modules/@?prisma/'),
    only('bullmq-only-in-queue', '^libs/queue/', 'node_modules/bullmq/'),
    only('http-client-only-in-platform', '^libs/platform/|^libs/testing/', 'node_modules/undici/'),
    error(
      'console-imports-only-client',
      { path: '^apps/console/', pathNot: spec },
      { path: '^(libs|apps)/', pathNot: '^(apps/console|libs/client/src)/' },
    ),
    error('no-cycles', {}, { circular: true }),
    error('nothing-unresolvable', { path: '^(apps|libs)/', pathNot: spec }, { couldNotResolve: true }),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules|^libs/database/src/generated/' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
