import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useOwnGateway } from '@gateway/testing';
import { callsOf, type OpenApi } from '../support/open-api.js';
import { root, textOf } from '../support/repository.js';
import { misfit, stepsOf } from '../support/tour.js';

const steps = stepsOf(textOf('docs/tour.md'));
const MARK = '=== step ===';
/** Where the tour finds the gateway that `npm start` runs. */
const START = 'http://127.0.0.1:3000';

/** Runs all steps in one shell, since later steps use variables of earlier ones. @returns the output of each step. */
const run = (script: string, cwd: string): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024, timeout: 200_000 };
    execFile('bash', ['-c', script], options, (error, stdout, stderr) =>
      error === null ? resolve(stdout.split(`${MARK}\n`).slice(1)) : reject(new Error(`${error.message}\n${stderr}`)),
    );
  });

describe('the tour', () => {
  const actors = useOwnGateway();
  const folder = mkdtempSync(join(tmpdir(), 'gateway-tour-'));
  let outputs: readonly string[] = [];

  beforeAll(async () => {
    cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    mkdirSync(join(folder, '.data'));
    writeFileSync(join(folder, '.data/api-key'), actors.address.apiKey);
    const script = steps.map((step) => `echo '${MARK}'\n${step.script.replaceAll(START, actors.address.apiUrl)}\n`);
    outputs = await run(script.join(''), folder);
  }, 220_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has a step for every command block, and shows the answers of all but the first', () => {
    expect(outputs.length).toBe(steps.length);
    expect(steps.slice(1).filter(({ answers }) => answers.length === 0)).toEqual([]);
  });

  it.each(steps.map(({ heading }, index) => [index, heading] as const))(
    '%i, %s, answers what the document shows',
    (index) => {
      const { answers = [] } = steps[index] ?? {};
      const lines = (outputs[index] ?? '').split('\n').filter((line) => line !== '');
      for (const { kind, value } of answers) {
        if (kind === 'json') expect(misfit(value, JSON.parse(lines.shift() ?? 'null'))).toBeUndefined();
        else for (const shown of value.split('\n')) expect(misfit(shown, lines.shift())).toBeUndefined();
      }
      expect(lines).toEqual([]);
    },
  );

  it('goes with a docs/api.md that lists every call with its scope', async () => {
    const document = await actors.gateway.get<OpenApi>('/openapi.json');
    const offered = callsOf(document).map(({ method, path, operation }) => `${method} ${path} ${scopeOf(operation)}`);
    const rows = textOf('docs/api.md').matchAll(/^\| `([A-Z]+ \/[^`]+)` \| (?:`([^`]+)`|–) \|/gm);
    const listed = [...rows].map(([, call, scope = 'open']) => `${call} ${scope}`);
    expect(listed.sort()).toEqual(offered.sort());
  });
});

const scopeOf = (operation: object): string => String((operation as { 'x-scope'?: string })['x-scope'] ?? 'open');
