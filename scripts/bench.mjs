// `npm run bench [-- --quick]`: builds, then measures the gateway beside what this machine can do (bench/).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';

build();
const root = join(import.meta.dirname, '..');
const args = ['--disable-warning=ExperimentalWarning', '--import', join(root, 'test/support/run-typescript.mjs')];
const child = spawn(process.execPath, [...args, join(root, 'bench/main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
