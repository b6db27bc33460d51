// Builds the console (apps/console) to dist/console when its sources changed: `node scripts/console.mjs`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');
const output = join(root, 'dist/console');
const stampFile = join(root, 'dist/.console-stamp');

export const buildConsole = () => {
  const sources = sourcesDigest();
  if (existsSync(join(output, 'index.html')) && stamp() === sources) return;
  console.log('[build] console');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vite, 'build', 'apps/console', '--logLevel', 'warn', '--emptyOutDir'],
    { cwd: root, env: { ...process.env, NODE_ENV: 'production' }, encoding: 'utf8' },
  );
  if (status !== 0) {
    process.stderr.write(`${stdout}${stderr}\n[build] the console failed\n`);
    process.exit(1);
  }
  writeFileSync(stampFile, sources);
};

const stamp = () => (existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined);

const sourcesDigest = () => {
  const hash = createHash('sha256');
  const files = globSync(['apps/console/**/*', 'libs/client/src/**/*.ts'], { cwd: root });
  for (const path of [...files.sort(), 'package-lock.json']) {
    const { mtimeMs, size } = statSync(join(root, path));
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
};

if (process.argv[1] === fileURLToPath(import.meta.url)) buildConsole();
