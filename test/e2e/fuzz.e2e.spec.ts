import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { freshDatabase } from '@gateway/testing';
import { root } from '../support/repository.js';

/** Always the same requests, so that a run that fails can be repeated. */
const SEED = 20;
const REQUESTS = 1500;

describe('npm run test:fuzz', () => {
  it('finds every answer as documented, nothing held afterwards, and login codes delivered meanwhile', async () => {
    const options = ['--seed', String(SEED), '--requests', String(REQUESTS), '--database', await freshDatabase()];
    const { code, said } = await run(...options);
    expect({
      code,
      said: code === 0 ? said.match(/^\d+ faults$/m)?.[0] : said,
    }).toEqual({ code: 0, said: '0 faults' });
    expect(Number(/^(\d+) requests/m.exec(said)?.[1])).toBeGreaterThanOrEqual(REQUESTS);
  }, 400_000);
});

/** As `npm run test:fuzz` does, without building: these tests have. */
function run(...args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const program = ['--import', join(root, 'test/support/run-typescript.mjs'), join(root, 'test/fuzz/main.ts')];
  // With Jest's own options nothing would be found.
  const env = {
    ...process.env,
    NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
  };
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: root,
    env,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}
