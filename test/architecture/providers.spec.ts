import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definitions } from '../../libs/providers/src/registry.js';
import { filesOf, root, textOf } from '../support/repository.js';

const folder = join(root, 'libs/providers/src');
const folders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map((entry) => entry.name)
  .sort();

describe('every provider', () => {
  it('is registered, and nothing else is', () => {
    expect(definitions.map(({ kind }) => kind).sort()).toEqual(folders);
  });

  it.each(folders)('%s has a README and passes the contract', (name) => {
    const files = readdirSync(join(folder, name));
    expect(files).toContain('README.md');
    expect(files).toContain('index.ts');
    const contract = files.find((file) => file.endsWith('.contract.int.spec.ts'));
    expect(textOf(`libs/providers/src/${name}/${contract}`)).toContain('describeEmailProvider(');
  });

  it.each(definitions.map((definition) => [definition.kind, definition] as const))(
    '%s names its own variables only',
    (kind, { variables }) => {
      for (const { name } of variables) expect(name).toMatch(new RegExp(`^${kind.toUpperCase()}_`));
    },
  );
});

describe('the rest of the gateway', () => {
  /** Where a vendor's name may stand: examples in the documentation, and the order of preference. */
  const allowed = /examples?:|PROVIDER_ORDER/;

  it('knows no vendor by name', () => {
    const sources = filesOf('apps/{api,worker}/src/**/*.ts', 'libs/*/src/**/*.ts', 'prisma/**/*.{prisma,sql}').filter(
      (path) => !/^libs\/(providers|testing)\/|\/openapi\/|\.(spec|fixture|openapi)\.ts$/.test(path),
    );
    const named = sources.flatMap((path) =>
      withoutComments(textOf(path))
        .split('\n')
        .filter((line) => /\b(ncp|nhn|naver|sens)\b/i.test(line) && !allowed.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(named).toEqual([]);
  });
});

const withoutComments = (source: string): string =>
  source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)(\/\/|--).*$/gm, '');

/** The least that the port asks for, without a vendor behind it. */
const ACME = `import type { Capabilities, Dialect, EmailProvider } from '@gateway/core';
import { defineProvider } from '../define-provider.js';
import { nhnCapabilities as base } from './capabilities.js';

const capabilities: Capabilities = base;
const dialect: Dialect = { variable: (key) => \`<<\${key}>>\`, reserved: /<<|>>/g, edge: /[<>]/, unsubscribeLink: '<<stop>>' };

const create = (settings: { readonly token: string }): EmailProvider => ({
  ...{ name: 'acme', kind: 'acme', version: 'v1', capabilities, dialect },
  render: () => ({ operation: 'send', method: 'POST', url: '', headers: {}, body: settings.token }),
  send: async () => ({
    ...{ outcome: 'accepted', requestId: '1', operation: 'send', httpStatus: 200, refusedRecipients: [] },
  }),
  find: async () => undefined,
  poll: async function* () {
    yield [];
    return { begun: true, moved: false, cursor: undefined };
  },
});

export const acme = defineProvider({
  kind: 'acme',
  version: () => 'v1',
  capabilities,
  dialect,
  variables: [{ name: 'ACME_TOKEN', description: 'Set: the account acme exists', secret: true }],
  config: (env) => (env['ACME_TOKEN'] === undefined ? undefined : { token: env['ACME_TOKEN'] }),
  secrets: ({ token }) => [token],
  create,
});
`;

const CAPABILITIES = `import { nhn } from '../nhn/index.js';

export const nhnCapabilities = nhn.capabilities;
`;

/** Type-checks only with the provider in the list. */
const PROBE = `import { definitions, type ProviderKind } from './registry.js';

export const kind: ProviderKind = 'acme';
export const kinds: readonly ['ncp', 'nhn', 'acme'] = [definitions[0].kind, definitions[1].kind, definitions[2].kind];
`;

describe('a third provider', () => {
  const copy = mkdtempSync(join(tmpdir(), 'gateway-acme-'));
  const at = (path: string): string => join(copy, path);

  beforeAll(() => {
    for (const lib of ['core', 'platform', 'providers']) {
      const isSource = (path: string): boolean => !/\.(spec|fixture)\.ts$/.test(path);
      cpSync(join(root, 'libs', lib), at(`libs/${lib}`), { recursive: true, filter: isSource });
    }
    symlinkSync(join(root, 'node_modules'), at('node_modules'));
    cpSync(join(root, 'package.json'), at('package.json'));
    const { compilerOptions } = JSON.parse(textOf('tsconfig.json')) as { compilerOptions: object };
    writeFileSync(
      at('tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true }, files: ['libs/providers/src/probe.ts'] }),
    );
    mkdirSync(at('libs/providers/src/acme'));
    writeFileSync(at('libs/providers/src/acme/index.ts'), ACME);
    writeFileSync(at('libs/providers/src/acme/capabilities.ts'), CAPABILITIES);
    writeFileSync(at('libs/providers/src/probe.ts'), PROBE);
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it('is one folder and one line', async () => {
    expect(existsSync(at('libs/providers/src/acme/index.ts'))).toBe(true);
    expect(await typeErrors(copy)).toContain('acme');
    const registry = textOf('libs/providers/src/registry.ts');
    const line = /^export const definitions = \[(.*)\] as const;$/m;
    expect(registry).toMatch(line);
    const added = registry.replace(
      line,
      "import { acme } from './acme/index.js';\nexport const definitions = [$1, acme] as const;",
    );
    writeFileSync(at('libs/providers/src/registry.ts'), added);
    expect(await typeErrors(copy)).toBe('');
  });
});

const typeErrors = (project: string): Promise<string> =>
  new Promise((resolve) => {
    const args = [join(root, 'node_modules/typescript/bin/tsc'), '--project', project];
    const env = { ...process.env, NODE_OPTIONS: '' };
    execFile(process.execPath, args, { cwd: project, env }, (_error, stdout) => resolve(stdout.trim()));
  });
