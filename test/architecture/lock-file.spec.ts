import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

interface Entry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Where node would find `name` from the package at `from`, among the paths of the lock file. */
const resolve = (packages: Readonly<Record<string, Entry>>, from: string, name: string): boolean => {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder ? `${folder}/` : ''}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
};

describe('package-lock.json', () => {
  // npm drops the entries of other platforms when it rewrites the file beside an installed tree or with a registry
  // that lacks them; "npm ci" then refuses the file, on every platform.
  it('has every optional dependency, of all platforms', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !resolve(packages, path, name)),
    );
    expect(missing).toEqual([]);
  });
});
