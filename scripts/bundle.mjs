// Puts each program that tests start hundreds of times into one file, with everything that it imports: Node spends most
// of a start with finding and reading thousands of modules (docs/adr/0045-tests-share-modules.md).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const PROGRAMS = ['api', 'worker', 'simulator'];

/** Looks for its files by an `eval` of `require.resolve`. */
const LEFT_OUT = [/^@bull-board\//];

const root = join(import.meta.dirname, '..');
const stampFile = join(root, 'dist/bundles/.stamp');

/** From what `build` has made, unless it is the same as before. */
export const bundle = async () => {
  const stamp = `${root} ${readFileSync(join(root, 'dist/.build-stamp'), 'utf8')}`;
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.log(`[build] one file each: ${PROGRAMS.join(', ')}`);
  await Promise.all(PROGRAMS.map(bundleOne));
  writeFileSync(stampFile, stamp);
};

const bundleOne = async (program) => {
  const input = join(root, `dist/apps/${program}/src/main.js`);
  const made = await rolldown({ input, platform: 'node', external: LEFT_OUT, plugins: [inPlace], onLog });
  const file = join(root, `dist/bundles/${program}.mjs`);
  // Nest, and problems, show the names of classes.
  await made.write({ file, format: 'esm', keepNames: true, codeSplitting: false });
  await made.close();
};

/** Nest names packages that are not installed; it looks for them while it runs, as it does without a bundle. */
const onLog = () => undefined;

/** Modules that read files beside themselves still find them. */
const inPlace = {
  name: 'in-place',
  transform(code, id) {
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
