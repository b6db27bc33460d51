// `npm start`: builds when needed, then runs the launcher in this very process, so that signals reach it directly.
// With an argument it runs another program of `dist/apps`: `node scripts/start.mjs simulator/src/main.js`.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: run it by "npm start", which brings its own.`);
  process.exit(1);
}
const { build } = await import('./build.mjs');
const { buildConsole } = await import('./console.mjs');
const root = join(import.meta.dirname, '..');
process.chdir(root);
build();
// The other programs serve no pages.
if (process.argv[2] === undefined) buildConsole();
process.setSourceMapsEnabled(true);
stopWithoutNpm();
// The program gets the arguments behind its name.
const [program = 'standalone/src/main.js'] = process.argv.splice(2, 1);
await import(pathToFileURL(join(root, 'dist/apps', program)).href);

/** A killed npm cannot pass a signal on; this process would run on unseen, so it ends itself. */
function stopWithoutNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  setInterval(() => process.ppid === npm || process.kill(process.pid, 'SIGTERM'), 1000).unref();
}
