import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root of the checkout. */
export const root = resolve(import.meta.dirname, '../..');

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Paths of files by glob, relative to the root; nothing that is generated or installed. */
export const filesOf = (...patterns: readonly string[]): readonly string[] =>
  globSync([...patterns], { cwd: root })
    .filter((path) => !/(^|\/)(node_modules|dist|generated)\//.test(path))
    .sort();
