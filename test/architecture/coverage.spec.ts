import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definitions } from '../../libs/providers/src/registry.js';
import { readTables, type Row } from '../support/operations/coverage-table.js';
import { methodsIn } from '../support/operations/port-methods.js';
import { recorderOf, type Recorder } from '../support/operations/recorder.js';
import { tour } from '../support/operations/tour.js';
import { simulatedCalls, type VendorCall } from '../support/operations/vendor-routes.js';
import { root, textOf } from '../support/repository.js';

const tables = readTables(textOf('docs/coverage.md'));
const routes = [
  ...textOf('test/e2e/openapi.e2e.spec.ts').matchAll(/'((?:GET|POST|PATCH|PUT|DELETE) \/v1\S*) \w+'/g),
].map(([, route]) => route);
const processes = ['dispatch', 'reconcile', 'track', 'sweep'];
const byText = (a: string, b: string): number => a.localeCompare(b);
const pairs = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap(({ call, ports }) => ports.map(({ method }) => `${call} by ${method}`)).sort(byText);

/** Versions of an API that have calls which that of a sandbox has not. */
const NEWER: Readonly<Record<string, Readonly<Record<string, string>>>> = { nhn: { NHN_API_VERSION: 'v2.1' } };

describe.each(definitions.map(({ kind }) => kind))('docs/coverage.md, %s', (vendor) => {
  const rows = tables.of(vendor);
  const unused = tables.unused.filter(({ name }) => name.startsWith(`${vendor} `)).map(({ call }) => call);
  let recorder: Recorder;
  let simulated: readonly VendorCall[];
  const made = new Map<string, ReadonlySet<VendorCall>>();

  beforeAll(async () => {
    simulated = await simulatedCalls(vendor);
    recorder = await recorderOf(vendor);
    await tour(recorder);
    for (const [method, calls] of recorder.made) made.set(method, new Set(calls));
    const newer = NEWER[vendor];
    if (newer === undefined) return;
    await recorder.close();
    recorder = await recorderOf(vendor, newer);
    await tour(recorder);
    for (const [method, calls] of recorder.made) made.set(method, new Set([...(made.get(method) ?? []), ...calls]));
  });
  afterAll(() => recorder.close());

  it('has every call that the simulator answers, once, and no other', () => {
    expect([...rows.map(({ call }) => call), ...unused].sort(byText)).toEqual([...simulated].sort(byText));
  });

  it('says of each call by which methods of the adapter it is made', () => {
    const calls = [...made].flatMap(([method, of]) => [...of].map((call) => `${call} by ${method}`));
    expect(pairs(rows)).toEqual(calls.sort(byText));
  });

  it('has tried every method of the adapter', () => {
    expect(methodsIn(recorder.provider).filter((method) => !made.get(method)?.size)).toEqual([]);
  });

  it.each(rows.map((row) => [row.call, row] as const))('%s is used, and shown by a test', (_call, row) => {
    const { uses, ports, test } = row;
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((use) => !routes.includes(use) && !processes.includes(use))).toEqual([]);
    for (const { method, caller } of ports) {
      const name = method.split('.').at(-1) ?? '';
      expect([caller, existsSync(join(root, caller))]).toEqual([expect.stringMatching(/^libs\/delivery\/src\//), true]);
      expect(textOf(caller)).toMatch(new RegExp(`\\.${name}(\\?\\.)?\\(`));
    }
    expect([test.file, existsSync(join(root, test.file))]).toEqual([
      expect.stringMatching(/\.(spec|scenarios)\.ts$/),
      true,
    ]);
    expect(titlesIn(textOf(test.file))).toContain(test.title);
  });
});

/** Titles of tests as they are written, those of tables (`it.each`) with their placeholders. */
const titlesIn = (source: string): readonly string[] =>
  [...source.matchAll(/\bit(?:\.each[\s\S]*?\))?\(\s*(['"])(.*?)\1,/g)].map(([, , title]) => title ?? '');
