import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { definitions } from '../../libs/providers/src/registry.js';
import { filesOf, root, textOf } from '../support/repository.js';

const folder = join(root, 'libs/providers/src');
const folders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['accounts', 'naver', 'shared'].includes(entry.name))
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
