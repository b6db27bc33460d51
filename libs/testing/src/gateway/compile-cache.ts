import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NODE_FLAGS } from '../../../platform/src/process/node-flags.js';

/** Where Node keeps what it compiled: a run starts the same programs a hundred times. */
export const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), 'gateway-compile-cache') };

/** Flags of the gateway's processes under test. Without maps of sources: reading them is a fifth of what a start costs. */
export const TEST_FLAGS = NODE_FLAGS.filter((flag) => flag !== '--enable-source-maps');

/**
 * Loads the two large programs once. Node writes the cache when a process exits, which those that are killed never do;
 * without a database they exit as soon as they are loaded.
 */
export async function warmCompileCache(): Promise<void> {
  const load = (program: string): Promise<unknown> =>
    new Promise((done) => {
      const args = [...TEST_FLAGS, resolve(`dist/bundles/${program}.mjs`)];
      spawn(process.execPath, args, { env: compileCache, stdio: 'ignore' }).once('close', done).once('error', done);
    });
  await Promise.all([load('api'), load('worker')]);
}
