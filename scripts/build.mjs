// Builds what changed: the Prisma client when the schema did, `dist/` when any source did, and the console (console.mjs).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './console.mjs';

const root = join(import.meta.dirname, '..');
const stampFile = join(root, 'dist/.build-stamp');
const schemaFile = 'prisma/schema.prisma';
const client = 'libs/database/src/generated';

export const build = () => {
  const before = readStamp();
  const schema = createHash('sha256')
    .update(readFileSync(join(root, schemaFile)))
    .digest('hex');
  if (before.schema !== schema || !existsSync(join(root, client))) generateClient();
  const sources = sourcesDigest();
  if (before.sources === sources && before.schema === schema) return;
  compile();
  writeFileSync(stampFile, JSON.stringify({ schema, sources }));
};

const readStamp = () => {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
};

const sourceFiles = () =>
  globSync(['apps/**/*.ts', 'libs/**/*.ts'], {
    cwd: root,
    exclude: (path) => /\.(spec|fixture)\.ts$|^apps\/console$/.test(path),
  })
    .filter((path) => !/^(libs\/testing|apps\/simulator\/src\/testing)\//.test(path))
    .sort();

const sourcesDigest = () => {
  const hash = createHash('sha256');
  for (const path of [...sourceFiles(), '.swcrc', 'package-lock.json']) {
    const { mtimeMs, size } = statSync(join(root, path));
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
};

const generateClient = () => {
  console.log('[build] Prisma client');
  // Only the engine for migrations is a binary, generating does not use it; any program stops the download of one.
  const engine = existsSync('/bin/true') ? '/bin/true' : process.execPath;
  run('node_modules/prisma/build/index.js', ['generate'], {
    PRISMA_SCHEMA_ENGINE_BINARY: engine,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
};

const compile = () => {
  console.log('[build] apps and libs');
  mkdirSync(join(root, 'dist'), { recursive: true });
  run('node_modules/@swc/cli/bin/swc.js', [
    'apps',
    'libs',
    '-d',
    'dist',
    '--ignore',
    '**/*.spec.ts,**/*.fixture.ts,libs/testing/**,apps/simulator/src/testing/**,apps/console/**',
    '-q',
  ]);
  const wanted = new Set(sourceFiles().map((path) => join('dist', path.replace(/\.ts$/, '.js'))));
  for (const path of globSync('dist/{apps,libs}/**/*.js', { cwd: root })) {
    if (!wanted.has(path)) for (const file of [path, `${path}.map`]) rmSync(join(root, file), { force: true });
  }
};

const run = (script, args, env = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}\n[build] failed\n`);
  process.exit(1);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build();
  buildConsole();
}
