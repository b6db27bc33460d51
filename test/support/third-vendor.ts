import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './repository.js';

/** The folders of the invented vendor, and their places in a gateway that has it. */
export const ACME_FOLDERS = {
  'libs/testing/src/acme': 'libs/providers/src/acme',
  'apps/simulator/src/testing/acme': 'apps/simulator/src/vendors/acme',
} as const;

/** The entries that it needs elsewhere: file, line, and the line with the vendor. */
const LISTS = [
  {
    path: 'libs/providers/src/registry.ts',
    line: /^export const definitions = \[(.*)\] as const;$/m,
    added: "import { acme } from './acme/index.js';\nexport const definitions = [$1, acme] as const;",
  },
  {
    path: 'apps/simulator/src/vendors/vendors.ts',
    line: /^export const vendors: readonly Vendor\[\] = \[(.*)\];$/m,
    added: "import { acme } from './acme/acme.js';\nexport const vendors: readonly Vendor[] = [$1, acme];",
  },
] as const;

const TEST_CODE = /\.(spec|fixture)\.ts$|(^|\/)libs\/testing(\/|$)|(^|\/)apps\/simulator\/src\/testing(\/|$)/;

/**
 * A checkout of this repository to which somebody added the invented vendor as docs/adding-a-provider.md says: two
 * folders, and an entry in each of two lists. The gateway itself has no door for it, so it is built and started from
 * here.
 */
export class CheckoutWithAcme {
  readonly folder = mkdtempSync(join(tmpdir(), 'gateway-with-acme-'));

  constructor() {
    const isProgram = (path: string): boolean => !TEST_CODE.test(path.slice(root.length + 1));
    for (const part of ['apps', 'libs', 'prisma', 'scripts', 'package.json', 'package-lock.json', '.swcrc']) {
      cpSync(join(root, part), this.at(part), { recursive: true, filter: isProgram, preserveTimestamps: true });
    }
    symlinkSync(join(root, 'node_modules'), this.at('node_modules'));
    // The schema is the same, so the client that was generated from it is, too.
    mkdirSync(this.at('dist'));
    cpSync(join(root, 'dist/.build-stamp'), this.at('dist/.build-stamp'));
    for (const [from, to] of Object.entries(ACME_FOLDERS)) this.addFolder(from, to);
    for (const { path, line, added } of LISTS) this.replace(path, line, added);
  }

  at(path: string): string {
    return join(this.folder, path);
  }

  /** Sources that differ from this repository's, or are not in it; relative paths. */
  changed(): readonly string[] {
    return globSync(['apps/**/*', 'libs/**/*', 'prisma/**/*', 'scripts/**/*', '*'], {
      cwd: this.folder,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .filter((path) => !readFileSync(this.at(path)).equals(read(join(root, path))))
      .sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private addFolder(from: string, to: string): void {
    cpSync(join(root, from), this.at(to), { recursive: true, filter: (path) => !/\.(spec|fixture)\.ts$/.test(path) });
    // An adapter reaches its own library by path.
    for (const path of globSync(`${to}/*.ts`, { cwd: this.folder })) {
      this.replace(path, /'@gateway\/providers'/g, "'../adapter-kit.js'");
    }
  }

  private replace(path: string, what: RegExp, by: string): void {
    writeFileSync(this.at(path), readFileSync(this.at(path), 'utf8').replace(what, by));
  }
}

const read = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
};
