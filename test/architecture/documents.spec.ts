import { describe, expect, it } from '@jest/globals';
import { fieldErrorCodes, problemCodes } from '@gateway/core';
import { limitVariables } from '../../libs/providers/src/account-limits.js';
import { inboundVariables } from '../../libs/providers/src/inbound-token.js';
import { definitions } from '../../libs/providers/src/registry.js';
import { filesOf, textOf } from '../support/repository.js';

/** The code words in the first cells of a Markdown document's tables, with the rest of their rows. */
const rowsOf = (markdown: string): readonly (readonly [names: readonly string[], rest: string])[] =>
  markdown.split('\n').flatMap((line) => {
    const [, first, rest] = /^\|([^|]*)\|(.*)\|\s*$/.exec(line) ?? [];
    const names = [...(first ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');
    return names.length === 0 ? [] : [[names, rest ?? ''] as const];
  });

describe('docs/errors.md', () => {
  const rows = rowsOf(textOf('docs/errors.md'));

  it('lists exactly the codes that there are', () => {
    const listed = rows.flatMap(([names]) => names);
    expect([...listed].sort()).toEqual([...Object.keys(problemCodes), ...fieldErrorCodes].sort());
  });

  it.each(Object.entries(problemCodes))('has the status of %s', (code, { status, retryable }) => {
    const [, rest] = rows.find(([names]) => names.includes(code)) ?? [];
    expect(rest).toContain(` ${status} `);
    expect(rest).toContain(` ${retryable} `);
  });
});

/** The configuration that operators were promised. */
const PROMISED = [
  'PORT',
  'HOST',
  'DATABASE_URL',
  'REDIS_URL',
  'DATA_DIR',
  'GATEWAY_API_KEY',
  'WORKER_PORT',
  'NCP_BASE_URL',
  'NCP_ACCESS_KEY',
  'NCP_SECRET_KEY',
  'NCP_SUCCESS_MEANS',
  'NHN_BASE_URL',
  'NHN_APP_KEY',
  'NHN_SECRET_KEY',
  'NHN_API_VERSION',
  'PROVIDER_ORDER',
  'SANDBOX',
  'POLL_INTERVAL_MS',
  'RECOVERY_INTERVAL_MS',
  'PROVIDER_TIMEOUT_MS',
  'SETTLE_MS',
  'LEASE_MS',
  'RETRY_BASE_MS',
  'RETRY_MAX_MS',
  'SENT_FINAL_MS',
  'EXPIRE_MS',
  'BOUNCE_SUPPRESSION_DAYS',
  'SUPPRESSION_SYNC_INTERVAL_MS',
  'WEBHOOK_MASTER_KEY',
  'ERASURE_KEY',
  'WEBHOOK_ALLOW_CIDRS',
  'WEBHOOK_ALLOW_HOSTS',
  'WEBHOOK_ALLOW_PORTS',
  'WEBHOOK_LOG_HOURS',
  'LOG_LEVEL',
];

describe('the configuration', () => {
  const inCode = [
    ...filesOf('libs/platform/src/config/*.ts')
      .filter((path) => !path.includes('.spec.'))
      .flatMap((path) => [...textOf(path).matchAll(/\b([A-Z][A-Z\d_]+): /g)])
      .map(([, name]) => name),
    ...definitions.flatMap(({ variables }) => variables.map(({ name }) => name)),
  ];

  it('knows every variable that was promised', () => {
    expect(PROMISED.filter((name) => !inCode.includes(name))).toEqual([]);
  });

  it('is listed in docs/configuration.md, whole, and nothing else', () => {
    const listed = rowsOf(textOf('docs/configuration.md')).flatMap(([names]) => names);
    expect([...listed].sort()).toEqual([...new Set(inCode)].sort());
  });

  it('of the providers is what their adapters say it is', () => {
    for (const { kind, variables, capabilities } of definitions) {
      const source = filesOf(`libs/providers/src/${kind}/*.config.ts`).map(textOf).join('\n');
      const read = new Set([...source.matchAll(/\b([A-Z][A-Z\d_]+): /g)].map(([, name]) => name));
      const ofAll = [...limitVariables(kind, capabilities.limits.quota), ...inboundVariables(kind, capabilities)].map(
        ({ name }) => name,
      );
      expect([...read, ...ofAll].sort()).toEqual(variables.map(({ name }) => name).sort());
    }
  });
});

describe('docs/security.md', () => {
  const [, promises = ''] = /^## Promises$(.*?)^## /ms.exec(textOf('docs/security.md')) ?? [];
  const rows = promises.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| promise |'));
  const specs = new Set(filesOf('{apps,libs,test}/**/*.spec.{ts,tsx}'));

  it('has promises', () => expect(rows.length).toBeGreaterThan(30));

  it.each(rows)('names tests that there are: %s', (row) => {
    const tests = [...row.matchAll(/`([^`]+\.spec\.tsx?)`/g)].map(([, path]) => path ?? '');
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((path) => !specs.has(path))).toEqual([]);
  });
});

describe('documents', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Readonly<Record<string, string>> };
  const documents = filesOf('*.md', 'docs/**/*.md', 'apps/**/*.md', 'libs/**/*.md', '.github/**/*.yml', 'Dockerfile');

  it.each(documents)('%s names only commands that there are', (path) => {
    const named = [...textOf(path).matchAll(/\bnpm run ([a-z][a-z:-]*)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
