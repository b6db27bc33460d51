import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../support/repository.js';

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** Runs dependency-cruiser as `npm run arch` does. */
const violationsIn = (folder: string): Promise<readonly Violation[]> =>
  new Promise((resolve, reject) => {
    const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const args = [cruiser, 'apps', 'libs', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
    const options = { cwd: folder, maxBuffer: 256 * 1024 * 1024, env: { ...process.env, NODE_OPTIONS: '' } };
    execFile(process.execPath, args, options, (_error, stdout, stderr) => {
      try {
        resolve((JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations);
      } catch {
        reject(new Error(`dependency-cruiser failed: ${stderr}`));
      }
    });
  });

/** One sin a file, and the rule that must see it. */
const PLANTED: Readonly<Record<string, readonly [source: string, rule: string]>> = {
  'libs/core/src/bad.ts': ["import '@gateway/platform';", 'core-imports-only-itself'],
  'libs/client/src/bad.ts': ["import '@gateway/core';", 'client-imports-only-itself'],
  'libs/client/src/heavy.ts': ["import 'lodash';", 'client-has-no-dependency'],
  'libs/client/src/io.ts': ["import 'node:fs';", 'client-runs-anywhere'],
  'libs/platform/src/bad.ts': ["import '@gateway/database';", 'platform-imports-only-core'],
  'libs/database/src/bad.ts': ["import '@gateway/queue';", 'database-imports-only-core-platform'],
  'libs/queue/src/bad.ts': ["import '@gateway/providers';", 'queue-imports-only-core-platform'],
  'libs/providers/src/bad.ts': ["import '@gateway/database';", 'providers-imports-only-core-platform'],
  'libs/delivery/src/bad.ts': ["import '@gateway/providers';", 'delivery-imports-only-core-platform-database-queue'],
  'apps/api/src/sideways.ts': ["import '../../worker/src/main.js';", 'apps-are-leaves'],
  'libs/queue/src/upwards.ts': ["import '../../../apps/api/src/main.js';", 'libs-never-import-apps'],
  'apps/api/src/deep.ts': ["import '../../../libs/core/src/inside.js';", 'front-door-only'],
  'libs/providers/src/nhn/neighbour.ts': ["import '../naver/dialect.js';", 'providers-are-strangers'],
  'libs/providers/src/ncp/neighbour.ts': ["import '../nhn/index.js';", 'generations-meet-in-their-vendors-room'],
  'libs/providers/src/sens/cousin.ts': ["import '../ncp/neighbour.js';", 'generations-meet-in-their-vendors-room'],
  'apps/simulator/src/copied.ts': ["import '@gateway/providers';", 'simulator-reads-the-docs-itself'],
  'apps/console/src/insider.ts': ["import '@gateway/core';", 'console-imports-only-client'],
  'apps/standalone/src/clever.ts': ["import '@gateway/delivery';", 'launcher-only-starts-things'],
  'libs/core/src/heavy.ts': ["import 'lodash';", 'core-is-plain-typescript'],
  'libs/core/src/io.ts': ["import 'node:fs';", 'core-does-no-io'],
  'apps/api/src/faked.ts': ["import '@gateway/testing';", 'testing-is-for-tests'],
  'libs/delivery/src/rows.ts': ["import '@prisma/client';", 'prisma-only-in-database'],
  'libs/delivery/src/jobs.ts': ["import 'bullmq';", 'bullmq-only-in-queue'],
  'libs/providers/src/http.ts': ["import 'undici';", 'http-client-only-in-platform'],
  'libs/core/src/egg.ts': ["import './hen.js';", 'no-cycles'],
  'apps/api/src/ghost.ts': ["import './nowhere.js';", 'nothing-unresolvable'],
};

const INNOCENT: Readonly<Record<string, string>> = {
  'libs/core/src/hen.ts': "import './egg.js';",
  'libs/core/src/inside.ts': 'export {};',
  'libs/providers/src/nhn/index.ts': 'export {};',
  'libs/providers/src/naver/dialect.ts': 'export {};',
  'libs/providers/src/sens/good.ts': "import '../naver/dialect.js';",
  'apps/api/src/good.ts': "import '@gateway/core';\nimport '@gateway/delivery';\nimport '@gateway/database';",
  'libs/delivery/src/good.ts': "import '@gateway/core';\nimport '@gateway/queue';",
  'libs/delivery/src/good.spec.ts': "import '@gateway/testing';",
  ...Object.fromEntries(['api', 'worker'].map((app) => [`apps/${app}/src/main.ts`, 'export {};'])),
  ...Object.fromEntries(
    ['client', 'core', 'platform', 'database', 'queue', 'providers', 'delivery', 'testing'].map((lib) => [
      `libs/${lib}/src/index.ts`,
      'export {};',
    ]),
  ),
  ...Object.fromEntries(
    ['lodash', 'bullmq', 'undici', '@prisma/client'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, 'module.exports = {};'],
    ]),
  ),
};

describe('the dependency rules', () => {
  it('are kept', async () => {
    expect((await violationsIn(root)).map(({ from, rule }) => `${rule.name}: ${from}`)).toEqual([]);
  });

  describe('seen from a house with every sin in it', () => {
    const house = mkdtempSync(join(tmpdir(), 'gateway-house-'));
    let violations: readonly Violation[];

    beforeAll(async () => {
      for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(join(root, name), join(house, name));
      for (const [path, source] of Object.entries(INNOCENT)) plant(path, source);
      for (const [path, [source]] of Object.entries(PLANTED)) plant(path, source);
      violations = await violationsIn(house);
    });
    afterAll(() => rmSync(house, { recursive: true }));

    function plant(path: string, source: string): void {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), `${source}\n`);
    }

    it.each(Object.entries(PLANTED).map(([path, [, rule]]) => [rule, path]))('%s sees %s', (rule, path) => {
      expect(violations.filter(({ from }) => from === path).map((violation) => violation.rule.name)).toContain(rule);
    });

    it('report no violation in other files', () => {
      const accused = violations.map(({ from }) => from).filter((from) => !(from in PLANTED));
      expect(accused.filter((from) => from !== 'libs/core/src/hen.ts')).toEqual([]);
    });
  });
});
