import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { queueKinds } from '@gateway/testing';
import { root } from '../support/repository.js';

/** A part of the matrix of docs/guarantees.md: always the same, so that a run that fails can be repeated. */
const SEED = 11;
/** Two of each queue have every fault of every route between them. */
const CASES_OF_A_QUEUE = 2;
const MESSAGES_OF_A_CASE = 44;

describe('npm run test:faults', () => {
  it('finds nothing lost and nothing sent twice', async () => {
    const expected = `${CASES_OF_A_QUEUE} cases, ${MESSAGES_OF_A_CASE * CASES_OF_A_QUEUE} messages`;
    // At the same time: a case waits for most of its time.
    const runs = queueKinds().map((queue) =>
      run('--seed', String(SEED), '--queue', queue, '--cases', String(CASES_OF_A_QUEUE)),
    );
    for (const { code, said } of await Promise.all(runs)) {
      expect({ code, said: code === 0 ? said.match(/\d+ violations$/m)?.[0] : said }).toEqual({
        code: 0,
        said: '0 violations',
      });
      expect(said).toContain(expected);
    }
  }, 400_000);
});

/** As `npm run test:faults` does, without building: these tests have. */
function run(...args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const program = ['--import', join(root, 'test/support/run-typescript.mjs'), join(root, 'test/faults/main.ts')];
  // With Jest's own options nothing would be found.
  const env = { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
  const child = spawn(process.execPath, [...program, ...args], { cwd: root, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}
