import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fieldErrorCodes, problemCodes, reasonMeanings } from '@gateway/core';
import { causeCodes, waitsFor } from '@gateway/delivery';
import ts from 'typescript';

type Words = { readonly [name: string]: Words | string };

/** The console is built for browsers, by module paths that nothing here resolves; a file of words imports one function. */
async function wordsOf(file: string): Promise<{ readonly ko: Words; readonly en: Words }> {
  const source = readFileSync(join('apps/console/src', file), 'utf8');
  const script = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext } }).outputText;
  const whole = script.replace(/^import .*two-languages.*$/m, 'const twoLanguages = (words) => words;');
  const module = (await import(`data:text/javascript,${encodeURIComponent(whole)}`)) as {
    words: { ko: Words; en: Words };
  };
  return module.words;
}

describe.each(['ko', 'en'] as const)('the console has words in %s', (language) => {
  const keysAt = async (file: string, name: string): Promise<readonly string[]> =>
    Object.keys((await wordsOf(file))[language][name] ?? {}).sort();

  it('for every cause of a diagnosis, and for nothing else', async () => {
    const codes = new Set<string>([...causeCodes, ...Object.keys(reasonMeanings)]);
    expect(await keysAt('screens/message/why/words.ts', 'cause')).toEqual([...codes].sort());
  });

  it('for everything that a message waits for', async () => {
    expect(await keysAt('screens/message/words.ts', 'waitsFor')).toEqual(Object.keys(waitsFor).sort());
  });

  it('for every problem and every fault of a field', async () => {
    // Servers in front of the gateway answer with other documents.
    const problems = [...Object.keys(problemCodes), 'http_error'];
    expect(await keysAt('shared/problem-words.ts', 'code')).toEqual(problems.sort());
    expect(await keysAt('shared/problem-words.ts', 'field')).toEqual([...fieldErrorCodes].sort());
  });

  it('that name no call of the API', async () => {
    const files = ['screens/message/why/words.ts', 'shared/problem-words.ts', 'screens/templates/words.ts'];
    for (const file of files) expect(JSON.stringify((await wordsOf(file))[language])).not.toMatch(/\/v1\/|POST |GET /);
  });
});

it('puts no Korean particle behind a value, which would be wrong for half of all values', async () => {
  const files = ['now', 'messages', 'message', 'audience', 'webhooks', 'templates', 'suppressions'];
  for (const file of files) {
    const korean = JSON.stringify((await wordsOf(`screens/${file}/words.ts`)).ko);
    expect(korean.match(/\}\}(?:을|를|이|가|은|는|과|와|으로|로)(?![가-힣])/g) ?? []).toEqual([]);
  }
});
