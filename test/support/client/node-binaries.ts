import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../repository.js';

/** The last releases of the lines that the client supports, beside the one that runs the tests. */
const RELEASES = { 20: '20.20.2', 22: '22.23.5' } as const;

export interface NodeBinary {
  readonly line: string;
  /** Nothing when it cannot be had here; never in CI. */
  readonly path: string | undefined;
}

/** Node 20, 22 and the one that runs the tests. They are packages of the npm registry, kept between runs. */
export function nodeBinaries(): readonly NodeBinary[] {
  const own = { line: `${process.versions.node.split('.')[0]}`, path: process.execPath };
  return [...Object.entries(RELEASES).map(([line, version]) => ({ line, path: binaryOf(version) })), own];
}

function binaryOf(version: string): string | undefined {
  const folder = join(root, 'node_modules/.cache/client-nodes', version);
  const name = `node-${process.platform}-${process.arch}`;
  const path = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(path)) return path;
  try {
    mkdirSync(folder, { recursive: true });
    const flags = ['--no-save', '--no-audit', '--no-fund', '--no-bin-links', '--loglevel=error', '--ignore-scripts'];
    execFileSync('npm', ['install', '--prefix', folder, ...flags, `${name}@${version}`], { stdio: 'pipe' });
    return path;
  } catch (error) {
    const words = `Node ${version} cannot be installed, so the client is not tested on it: ${(error as Error).message}`;
    if (process.env['CI'] !== undefined) throw new Error(words, { cause: error });
    process.stderr.write(`${words}\n`);
    return undefined;
  }
}
