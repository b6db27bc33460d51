// `npm run test:fuzz [-- --seed 7 --requests 100000 --concurrency 32]`: builds, then sends hostile requests to a gateway
// of its own and checks that it answers each of them as documented and keeps delivering login codes.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { bundle } from './bundle.mjs';

build();
await bundle();
const root = join(import.meta.dirname, '..');
const args = ['--disable-warning=ExperimentalWarning', '--import', join(root, 'test/support/run-typescript.mjs')];
const child = spawn(process.execPath, [...args, join(root, 'test/fuzz/main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// The child stops the gateway that it started; wait for that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
