// `npm test [-- arguments of Jest]`: builds (end-to-end tests run the built processes), then runs every test project.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';

build();
const root = join(import.meta.dirname, '..');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const options = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const { status } = spawnSync(process.execPath, [jest, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: options.filter(Boolean).join(' ') },
});
process.exit(status ?? 1);
