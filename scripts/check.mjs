// `npm run check`: builds, then runs every check of the sources at once, as many as the machine has processors.
// Prints what each said when it ends, so that nothing is mixed.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';

/** Longest first: the last one alone decides how long all take. */
const CHECKS = ['lint', 'typecheck', 'format:check', 'arch', 'knip'];

/** Types and rules need the generated client. */
build();
const waiting = [...CHECKS];
const failed = [];
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
if (failed.length > 0) console.error(`\nfailed: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);

async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const started = performance.now();
    const { code, said } = await run(name);
    console.log(`\n--- ${name}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    process.stdout.write(said);
    if (code !== 0) failed.push(name);
  }
}

function run(name) {
  const child = spawn('npm', ['run', '--silent', name], { cwd: join(import.meta.dirname, '..') });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}
