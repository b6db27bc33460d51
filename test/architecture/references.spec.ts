import { existsSync, globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { filesOf, root, textOf } from '../support/repository.js';
import { commentsOf } from '../support/texts.js';

const VENDOR_REFERENCE = /\b([a-z]+\d*)\.md §(\d+(?:\.\d+)*)/g;
const vendorDocuments = filesOf('docs/vendors/*.md');
const nameOf = (path: string): string => path.replace(/^.*\/|\.md$/g, '');

/** Numbers of the sections that a document has: `## 3. Send` is `3`, `### 3.1 createMailRequest` is `3.1`. */
const sectionsOf = (markdown: string): ReadonlySet<string> =>
  new Set([...markdown.matchAll(/^#{2,4} (\d+(?:\.\d+)*)\b/gm)].map(([, number]) => number ?? ''));

const sections = new Map(vendorDocuments.map((path) => [nameOf(path), sectionsOf(textOf(path))]));

const code = filesOf(
  ...['apps', 'libs', 'test', 'bench', 'scripts'].map((folder) => `${folder}/**/*.{ts,mjs}`),
  'prisma/**/*.{sql,prisma}',
);
const documents = filesOf('*.md', 'docs/**/*.md', 'apps/**/*.md', 'libs/**/*.md', 'bench/**/*.md');
const scripts = filesOf('.ci/*', 'docker-compose.yml', 'Dockerfile', 'deploy/*', 'docs/alerts/*');

/** The text that is checked: the comments of code, all of other files. */
const readIn = (path: string): string =>
  /\.(?:ts|mjs|sql|prisma)$/.test(path)
    ? commentsOf(textOf(path))
        .map(({ text }) => text)
        .join('\n')
    : textOf(path);

const all = [...documents, ...scripts, ...code].map((path) => ({ path, text: readIn(path) }));

/** Every match that `isBroken`, with its file. */
const broken = (
  texts: readonly { readonly path: string; readonly text: string }[],
  pattern: RegExp,
  isBroken: (path: string, ...groups: readonly string[]) => boolean,
): readonly string[] =>
  texts.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)]
      .filter(([, ...groups]) => isBroken(path, ...groups.map((group) => group ?? '')))
      .map(([reference]) => `${path}: ${reference}`),
  );

describe('references to vendor documents', () => {
  it('name a document and a section that the repository has', () => {
    const isBroken = (_path: string, document = '', section = ''): boolean =>
      sections.get(document)?.has(section) !== true;
    expect(broken(all, VENDOR_REFERENCE, isBroken)).toEqual([]);
  });

  it('exist', () => {
    expect(all.some(({ path, text }) => path.startsWith('libs/') && text.search(VENDOR_REFERENCE) >= 0)).toBe(true);
  });
});

/** The anchors of a document's headings, as GitHub writes them. */
const anchorsOf = (markdown: string): ReadonlySet<string> =>
  new Set(
    [...markdown.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );

const hasAnchor = (path: string, anchor: string): boolean => anchor === '' || anchorsOf(textOf(path)).has(anchor);

describe('links of documents', () => {
  const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g;

  it('lead to files and headings that the repository has', () => {
    const isBroken = (path: string, link = '', anchor = ''): boolean => {
      const target = link === '' ? path : join(dirname(path), link);
      if (!existsSync(join(root, target))) return true;
      return anchor !== '' && !(target.endsWith('.md') && hasAnchor(target, anchor));
    };
    expect(
      broken(
        all.filter(({ path }) => path.endsWith('.md')),
        LINK,
        isBroken,
      ),
    ).toEqual([]);
  });
});

/** Folders with names that look like those of the repository, and files that examples make. */
const EXAMPLE = /\bacme\b|[*<…{]|^\.data\//;

describe('files', () => {
  const FOLDERS = 'apps|bench|deploy|docs|examples|libs|prisma|scripts|test';
  const PATH = new RegExp(`(?<![\\w/.@-])((?:${FOLDERS})/[\\w.*<>…{}/-]*[\\w*>}])(?:#([\\w-]+))?`, 'g');
  const names = new Set(
    globSync(['**/*.*', '.*'], {
      cwd: root,
      exclude: (name) => /^(node_modules|dist|generated|\.data)$/.test(basename(name)),
    }).map((path) => basename(path)),
  );

  it('that are named by their path are there, and so are their headings', () => {
    const isBroken = (_path: string, named = '', anchor = ''): boolean => {
      if (EXAMPLE.test(named)) return false;
      // Patterns of Jest name the beginning of a path.
      if (!existsSync(join(root, named))) return globSync(`${named}.*`, { cwd: root }).length === 0;
      return anchor !== '' && !hasAnchor(named, anchor);
    };
    expect(broken(all, PATH, isBroken)).toEqual([]);
  });

  it('that documents name in code marks are there', () => {
    const isBroken = (_path: string, named = ''): boolean => !EXAMPLE.test(named) && !names.has(named);
    const NAMED = /`([\w.-]+\.(?:ts|mjs|cjs|sql|prisma|md))`/g;
    // The vendors' documents name files of the vendors.
    const ours = all.filter(({ path }) => path.endsWith('.md') && !path.startsWith('docs/vendors/'));
    expect(broken(ours, NAMED, isBroken)).toEqual([]);
  });
});

describe('names of classes', () => {
  /** The files that declare a name. */
  const declarers = new Map<string, string[]>();
  for (const source of code.map(textOf)) {
    for (const [, name = ''] of source.matchAll(/\b(?:class|interface|type|enum|const|function) ([A-Z]\w*)/g)) {
      declarers.set(name, [...(declarers.get(name) ?? []), source]);
    }
  }
  /** Names of other people's: of the language, and of packages. */
  const FOREIGN: ReadonlySet<string> = new Set(['Pool', 'QueueEvents']);
  const isForeign = (name: string): boolean => name in globalThis || FOREIGN.has(name);

  it('with a member are declared, and have it', () => {
    const isBroken = (_path: string, name = '', member = ''): boolean => {
      const declares = new RegExp(`\\b${member}(?:<[^\\n]*>)?\\??[(:]|\\b${member} =`);
      return !isForeign(name) && !(declarers.get(name) ?? []).some((source) => declares.test(source));
    };
    const MEMBER = /(?<![\w./-])([A-Z]\w+)\.(?!(?:md|ts|mjs)\b)([a-z]\w+)\b/g;
    expect(broken(all, MEMBER, isBroken)).toEqual([]);
  });

  it('in code marks of documents are declared', () => {
    const others = textOf('docs/alerts/gateway.rules.yml') + filesOf('apps/simulator/**/*.ts').map(textOf).join('\n');
    const isBroken = (_path: string, name = ''): boolean =>
      !declarers.has(name) && !isForeign(name) && !others.includes(name);
    const ours = all.filter(({ path }) => path.startsWith('docs/') && !path.startsWith('docs/vendors/'));
    expect(broken(ours, /`([A-Z][a-z]+[A-Z]\w+)`/g, isBroken)).toEqual([]);
  });
});
