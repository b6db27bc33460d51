import { describe, expect, it } from '@jest/globals';
import { filesOf, textOf } from '../support/repository.js';
import { commentsOf, paragraphsOf, sentencesIn, type Text } from '../support/texts.js';

/** Habits of translated English, with what to write instead. */
const HABITS: readonly (readonly [habit: RegExp, instead: string])[] = [
  [/(?:^|[.;:!] )(?:Who|Whom|Whose|What) [^.?!]{3,}\./, 'a noun as the subject: "Recipients who …", "Mail that …"'],
  [/\bnobody\b/i, '"no one", or the thing that is missing: "no worker"'],
  [/\bwhoever\b/i, 'a noun: "a caller that …"'],
  [/\b(?:is|are|was|were|be|been) told\b/i, '"is reported", "is notified"'],
  [/\bstands? (?:in(?! for)|at|on|there|below|above|beside|behind|before)\b/i, '"is in", "has"'],
  [/\bby why\b/i, '"by reason"'],
  [/\bthere (?:is|are) no such\b/i, '"unknown", "does not exist"'],
  [/\b(?:is|are) to be had\b/i, '"is available"'],
  [/(?:^|[.:] )So (?:long|often|many|much)\b/, 'the unit and the reason: "Maximum …", "Time that …"'],
  [/\bgiven up\b/i, '"aborted", "abandoned"'],
  [/\banew\b/i, '"again"'],
  [/\bcan not\b/i, '"cannot"'],
];

/** Where a text is, and what to write instead. */
const faultsIn = (path: string, texts: readonly Text[]): readonly string[] =>
  texts.flatMap(({ line, text }) =>
    HABITS.filter(([habit]) => habit.test(text)).map(
      ([habit, instead]) => `${path}:${line}: "${habit.exec(text)?.[0].trim()}"; write ${instead}`,
    ),
  );

describe('README and the documents', () => {
  const documents = filesOf('README.md', 'docs/**/*.md');

  it.each(documents)('%s is written in plain English', (path) => {
    expect(faultsIn(path, paragraphsOf(textOf(path)))).toEqual([]);
  });
});

/**
 * Maximum faults in the comments, messages and test names of a folder; a folder that is not listed has none. The numbers
 * only fall. Those of `prisma` are in migrations that are already applied and must not change.
 */
const ALLOWED: Readonly<Record<string, number>> = {
  prisma: 4,
};

describe('comments, messages and test names', () => {
  const sources = filesOf(
    ...['apps', 'libs', 'test', 'bench', 'scripts'].map((folder) => `${folder}/**/*.{ts,mjs}`),
    'prisma/**/*.{sql,prisma}',
  ).filter((path) => path !== 'test/architecture/english.spec.ts');
  const folderOf = (path: string): string =>
    path
      .split('/')
      .slice(0, /^(apps|libs)\//.test(path) ? 2 : 1)
      .join('/');
  const faults = Map.groupBy(
    sources.flatMap((path) => {
      const source = textOf(path);
      return faultsIn(path, [...commentsOf(source), ...sentencesIn(source)]);
    }),
    folderOf,
  );

  it.each([...new Set(sources.map(folderOf))])('of %s have no more faults than before', (folder) => {
    const found = faults.get(folder) ?? [];
    expect(found.length > (ALLOWED[folder] ?? 0) ? found : []).toEqual([]);
  });

  it('allow no faults in folders that are gone', () => {
    expect(Object.keys(ALLOWED).filter((folder) => !sources.some((path) => path.startsWith(`${folder}/`)))).toEqual([]);
  });
});
