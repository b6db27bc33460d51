import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { readConfig } from '../../apps/simulator/src/config.js';
import { buildServer, type SimulatorServer } from '../../apps/simulator/src/server.js';
import { acme as lookAlike } from '../../apps/simulator/src/testing/acme/acme.js';
import { vendors } from '../../apps/simulator/src/vendors/vendors.js';
import { acme } from '../../libs/testing/src/acme/index.js';
import { definitions, readAccounts } from '../../libs/providers/src/registry.js';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, root, textOf } from '../support/repository.js';
import { ACME_FOLDERS, CheckoutWithAcme } from '../support/third-vendor.js';

const FOLDERS = Object.keys(ACME_FOLDERS).map((folder) => `${folder}/`);

/** The two list entries that a third vendor needs. */
const allDefinitions = [...definitions, acme];
const allVendors = [...vendors, lookAlike];

describe('a third vendor', () => {
  let server: SimulatorServer;
  let origin: string;

  beforeAll(async () => {
    server = await buildServer(readConfig({}, allVendors), undefined, allVendors);
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    origin = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.app.close());

  it('is its adapter and its look-alike, each a folder', () => {
    const sources = filesOf('libs/**/*.ts', 'apps/**/*.ts').filter((path) => !/\.(spec|fixture)\.ts$/.test(path));
    const naming = sources.filter((path) => /acme/i.test(textOf(path)));
    const outside = naming.filter((path) => !FOLDERS.some((folder) => path.startsWith(folder)));
    // The door by which tests get it.
    expect(outside).toEqual(['libs/testing/src/index.ts']);
    for (const folder of FOLDERS) expect(naming.filter((path) => path.startsWith(folder)).length).toBeGreaterThan(3);
  });

  it('is an account as soon as it is in the list of definitions and its variables are set', () => {
    const env = { ACME_TOKEN: 'sandbox-token', ACME_PUSH_SECRET: 'sandbox-secret', ACME_DAILY_QUOTA: '7' };
    expect(readAccounts(env)).toEqual([]);
    const [account] = readAccounts(env, allDefinitions);
    expect(account).toMatchObject({ name: 'acme', kind: 'acme', version: 'v1' });
    const provider = account?.create({
      http: () => ({ request: () => Promise.reject(new Error('unused')), close: async () => undefined }),
      clock: { now: () => new Date() },
      timeoutMs: 1,
    });
    expect(provider?.capabilities.limits.quota).toEqual({ recipients: 7, per: 'day', timeZone: 'UTC' });
  });

  it('is simulated as soon as it is in the list of look-alikes, which say how a gateway is configured for them', async () => {
    const accounts = (await (await fetch(`${origin}/control/accounts?kinds=all`)).json()) as Record<string, string>;
    expect(readAccounts(accounts, allDefinitions).map(({ name }) => name)).toEqual(
      allDefinitions.map(({ kind }) => kind),
    );
    const summary = (await (await fetch(`${origin}/control/summary?provider=acme`)).json()) as Record<string, unknown>;
    expect(summary['acme']).toMatchObject({ requests: 0 });
  });
});

/** Type-checks only with the vendor in the list of definitions. */
const PROBE = `import { definitions, type ProviderKind } from './registry.js';

export const kind: ProviderKind = 'acme';
export const kinds: readonly [${allDefinitions.map(({ kind }) => `'${kind}'`).join(', ')}] = [${allDefinitions.map((_, n) => `definitions[${n}].kind`).join(', ')}];
`;

describe('a checkout to which a third vendor was added', () => {
  const checkout = new CheckoutWithAcme();
  afterAll(() => checkout.remove());

  it('differs in the two folders of the vendor and in two lists', () => {
    const changed = checkout.changed();
    const added = Object.values(ACME_FOLDERS);
    const isAdded = (path: string): boolean => added.some((folder) => path.startsWith(`${folder}/`));
    expect(changed.filter((path) => !isAdded(path))).toEqual([
      'apps/simulator/src/vendors/vendors.ts',
      'libs/providers/src/registry.ts',
    ]);
    for (const folder of added) expect(changed.some((path) => path.startsWith(`${folder}/`))).toBe(true);
  });

  it('has no type errors', async () => {
    const { compilerOptions } = JSON.parse(textOf('tsconfig.json')) as { compilerOptions: object };
    const files = ['libs/providers/src/probe.ts', 'apps/simulator/src/main.ts'];
    writeFileSync(checkout.at('libs/providers/src/probe.ts'), PROBE);
    writeFileSync(
      checkout.at('tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true }, files }),
    );
    expect(await typeErrors(checkout.folder)).toBe('');
  }, 600_000);
});

const typeErrors = (project: string): Promise<string> =>
  new Promise((resolve) => {
    const args = [join(root, 'node_modules/typescript/bin/tsc'), '--project', project];
    const env = { ...process.env, NODE_OPTIONS: '' };
    execFile(process.execPath, args, { cwd: project, env }, (_error, stdout) => resolve(stdout.trim()));
  });
