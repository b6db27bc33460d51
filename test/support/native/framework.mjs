// Jest's `testRunner`: Jest's own (jest-circus), which loads the test file and everything that it imports by Node itself
// instead of by Jest's loader. The next test file uses the same modules (docs/adr/0045-tests-share-modules.md).
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import circus from 'jest-circus/runner';
import './typescript.mjs';

const { provide } = await import('@jest/globals');
const require = createRequire(import.meta.url);
let files = 0;

export default function runTestFile(globalConfig, config, environment, runtime, testPath, report) {
  Object.assign(runtime, {
    requireInternalModule: loadAnew,
    setGlobalsForRuntime: (globals) => provide({ ...globals, jest: runtime.jestGlobals.jestObjectFor(testPath) }),
    unstable_shouldLoadAsEsm: () => true,
    // In watch mode a file is loaded again.
    unstable_importModule: (path) => import(`${pathToFileURL(path).href}?file=${(files += 1)}`),
  });
  return circus.default(globalConfig, config, environment, runtime, testPath, report);
}

/** Each file has a jest-circus of its own, which keeps its tests and its handlers of events. */
function loadAnew(path) {
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  delete require.cache[path];
  return require(path);
}
