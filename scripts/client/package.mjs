import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'libs/client');

/** Entries of the package, each `import`ed and `require`d. */
const ENTRIES = ['index', 'webhooks'];

/** Tests, and files of types alone. */
const NO_CODE = /\.(?:spec|fixture)\.ts$|(?:^|\.)types\.ts$|^openapi\.ts$|^transport\/options\.ts$/;

const COMPILER = {
  swcrc: false,
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript' },
    // Comments are in the declarations, where editors look for them.
    preserveAllComments: false,
    minify: { compress: false, mangle: false, format: { comments: false } },
  },
};

/**
 * Makes the package's folder `target`. In its `dist`, `cjs` is the implementation for Node, `node` its names for `import`
 * (so that a class is the same one however it was loaded), and `esm` is the same code for browsers and workers
 * (docs/adr/0024-the-published-client.md).
 */
export const buildClient = (target) => {
  const dist = join(target, 'dist');
  const write = (path, text) => {
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    writeFileSync(join(dist, path), text);
  };
  const sources = globSync('**/*.ts', { cwd: join(folder, 'src') }).filter((path) => !NO_CODE.test(path));
  for (const path of sources) {
    const name = path.replace(/\.ts$/, '.js');
    if (!path.startsWith('cli/')) write(`esm/${name}`, compiled(path, 'es6'));
    write(`cjs/${name}`, compiled(path, 'commonjs'));
  }
  write('cjs/package.json', JSON.stringify({ type: 'commonjs' }));
  declare(join(dist, 'esm'));
  cpSync(join(dist, 'esm'), join(dist, 'cjs'), { recursive: true, filter: (path) => !path.endsWith('.js') });
  for (const entry of ENTRIES) {
    // Named one by one: what "export *" finds in CommonJS depends on who reads it.
    const names = Object.keys(createRequire(import.meta.url)(join(dist, `cjs/${entry}.js`))).sort();
    write(
      `node/${entry}.js`,
      `import client from '../cjs/${entry}.js';\nexport const { ${names.join(', ')} } = client;\n`,
    );
    write(`node/${entry}.d.ts`, `export * from '../cjs/${entry}.js';\n`);
  }
  for (const name of ['package.json', 'README.md']) cpSync(join(folder, name), join(target, name));
};

const compiled = (path, module) => {
  const source = readFileSync(join(folder, 'src', path), 'utf8');
  return transformSync(source, { ...COMPILER, filename: path, module: { type: module } }).code;
};

const declare = (outDir) => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--outDir', outDir], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout);
};

/** @returns the path of the tarball in `target` */
export const packClient = (target) => {
  const built = mkdtempSync(join(tmpdir(), 'gateway-client-'));
  try {
    buildClient(built);
    mkdirSync(target, { recursive: true });
    const args = ['pack', built, '--pack-destination', target, '--json', '--ignore-scripts'];
    const { status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const packed = JSON.parse(stdout);
    const [{ filename }] = Array.isArray(packed) ? packed : Object.values(packed);
    return join(target, filename);
  } finally {
    rmSync(built, { recursive: true });
  }
};
