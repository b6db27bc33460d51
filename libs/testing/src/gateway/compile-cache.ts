import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NODE_FLAGS } from '../../../platform/src/process/node-flags.js';

/** Beside the bundles: they are made again without it. */
const folder = resolve('dist/bundles/.compile-cache');
const warm = join(folder, '.warm');

/** Where Node keeps what it compiled: a run starts the same programs a hundred times. */
export const compileCache = { NODE_COMPILE_CACHE: folder };

/** Flags of the gateway's processes under test. Without maps of sources: reading them is a fifth of what a start costs. */
export const TEST_FLAGS = NODE_FLAGS.filter((flag) => flag !== '--enable-source-maps');

/**
 * Fills the cache once, by a gateway that starts and ends. Node writes the cache when a process exits, which
 * those that are killed never do, and keeps only functions that ran by then: a whole start is a quarter cheaper than one
 * of which nothing but the loading was kept.
 */
export async function warmCompileCache(startAndEnd: () => Promise<void>): Promise<void> {
  if (existsSync(warm)) return;
  await startAndEnd();
  writeFileSync(warm, '');
}
