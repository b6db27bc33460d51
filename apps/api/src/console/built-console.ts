import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the build writes the console: `dist/console` of this checkout or image, beside `dist/apps`. */
export function consoleFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'dist/console');
    if (dirname(folder) === folder) throw new Error('the folder of package.json is missing');
  }
}

/** The page that every address of the console gets. Read again when a build has replaced it. */
export class BuiltConsole {
  private read: { readonly html: string; readonly at: number } | undefined;

  constructor(private readonly folder: string) {}

  /** @returns nothing before the first build. */
  page(): string | undefined {
    const file = join(this.folder, 'index.html');
    const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (at === undefined) return undefined;
    if (this.read?.at !== at) this.read = { html: readFileSync(file, 'utf8'), at };
    return this.read.html;
  }
}
