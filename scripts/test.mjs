// `npm test [-- arguments of Jest]`: builds (end-to-end tests run the built processes), then runs every test project.
// In CI, suites that failed while others ran beside them run once more, alone (docs/adr/0019-a-second-look-in-ci.md).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { bundle } from './bundle.mjs';

/** More than so many failed suites are no accident of a busy machine. */
const MOST_LOOKED_AT_AGAIN = 6;

build();
await bundle();
const root = join(import.meta.dirname, '..');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const options = [process.env.NODE_OPTIONS, '--disable-warning=ExperimentalWarning'];

/** @returns Jest's exit code. */
const runJest = (args) =>
  spawnSync(process.execPath, [jest, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: options.filter(Boolean).join(' ') },
  }).status ?? 1;

const failedSuites = (resultFile) => {
  try {
    const { testResults } = JSON.parse(readFileSync(resultFile, 'utf8'));
    return testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
  } catch {
    return [];
  }
};

const runTwiceAtMost = (args) => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-test-results-'));
  const resultFile = join(folder, 'results.json');
  const status = runJest([...args, '--json', '--outputFile', resultFile]);
  const failed = failedSuites(resultFile);
  rmSync(folder, { recursive: true });
  if (status === 0 || failed.length === 0 || failed.length > MOST_LOOKED_AT_AGAIN) return status;
  const names = failed.map((path) => relative(root, path));
  console.log(`\n[test] failed beside others, now alone: ${names.join(' ')}\n`);
  // A suite that fails may leave something open.
  return runJest(['--runInBand', '--forceExit', '--runTestsByPath', ...names]);
};

const args = process.argv.slice(2);
process.exit(process.env.CI === undefined ? runJest(args) : runTwiceAtMost(args));
