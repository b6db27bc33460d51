// `npm run test:faults [-- --seed 7 --cases 40 --minutes 10 --queue redis]`: builds, then breaks whatever can break under
// a gateway that is sending, and checks by the simulator's own record that nothing was lost or sent twice.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { bundle } from './bundle.mjs';

build();
await bundle();
const root = join(import.meta.dirname, '..');
const args = ['--disable-warning=ExperimentalWarning', '--import', join(root, 'test/support/run-typescript.mjs')];
const child = spawn(process.execPath, [...args, join(root, 'test/faults/main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// The child ends what it started; this program exits only after that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
