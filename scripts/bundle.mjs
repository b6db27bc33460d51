// Puts the programs that tests start hundreds of times into a few files, with everything that they import: Node spends
// most of a start with finding and reading thousands of modules (docs/adr/0045-tests-share-modules.md).
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** By the names under which tests start them (test/support/program.ts). */
const PROGRAMS = {
  api: 'api/src/main.js',
  worker: 'worker/src/main.js',
  simulator: 'simulator/src/main.js',
  doctor: 'doctor/src/main.js',
  retention: 'retention/src/main.js',
  migrate: 'standalone/src/migrate.js',
};

const root = join(import.meta.dirname, '..');

/** Its view engine does not work in a bundle. */
const LEFT_OUT = ['@bull-board/fastify'];

/** How Bull Board looks for its pages, unseen by a bundler. */
const BOARD_PAGES = "eval(`require.resolve('@bull-board/ui/package.json')`)";
const boardPages = createRequire(import.meta.url).resolve('@bull-board/ui/package.json');

const dir = join(root, 'dist/bundles');
const stampFile = join(dir, '.stamp');

/** From what `build` has made, unless it is the same as before. */
export const bundle = async () => {
  const stamp = `${root} ${readFileSync(join(root, 'dist/.build-stamp'), 'utf8')}`;
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.log(`[build] bundles: ${Object.keys(PROGRAMS).join(', ')}`);
  const inputs = Object.entries(PROGRAMS).map(([name, path]) => [name, join(root, 'dist/apps', path)]);
  const input = Object.fromEntries(inputs);
  const made = await rolldown({ input, platform: 'node', external: LEFT_OUT, plugins: [inPlace], onLog });
  rmSync(dir, { recursive: true, force: true });
  // Nest, and problems, show the names of classes.
  await made.write({ dir, entryFileNames: '[name].mjs', chunkFileNames: 'of-[name]-[hash].mjs', keepNames: true });
  await made.close();
  writeFileSync(stampFile, stamp);
};

/** Nest names packages that are not installed; it looks for them while it runs, as it does without a bundle. */
const onLog = () => undefined;

/** Modules that read files beside themselves still find them. */
const inPlace = {
  name: 'in-place',
  transform(code, id) {
    if (code.includes(BOARD_PAGES)) return { code: code.replace(BOARD_PAGES, JSON.stringify(boardPages)) };
    if (!/import\.meta\.|__dirname|__filename/.test(code)) return null;
    const [folder, file, url] = [dirname(id), id, pathToFileURL(id).href].map((text) => JSON.stringify(text));
    const replaced = code
      .replaceAll('import.meta.dirname', folder)
      .replaceAll('import.meta.filename', file)
      .replaceAll('import.meta.url', url);
    if (/^\s*(import|export)\s/m.test(code)) return { code: replaced };
    return { code: replaced.replace(/\b__dirname\b/g, folder).replace(/\b__filename\b/g, file) };
  },
};
