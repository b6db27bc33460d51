/** A text for people in a source file: one comment, or one string. */
export interface Text {
  readonly line: number;
  readonly text: string;
}

const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)(?:\/\/|--) [^\n]*(?:\n\s*(?:\/\/|--) [^\n]*)*/gm;
const STRING = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

const lineOf = (source: string, index: number): number => source.slice(0, index).split('\n').length;

const plain = (comment: string): string =>
  comment
    .replaceAll(/^\s*(?:\/\*\*?|\*\/|\*|\/\/|--)[ \t]?/gm, '')
    .replaceAll(/\*\/\s*$/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** The comments of TypeScript, JavaScript or SQL, without their marks; lines that follow each other are one text. */
export const commentsOf = (source: string): readonly Text[] =>
  [...source.matchAll(COMMENT)].map(({ 0: comment, index }) => ({ line: lineOf(source, index), text: plain(comment) }));

/** Strings of at least three words. */
export const sentencesIn = (source: string): readonly Text[] =>
  [...source.replaceAll(COMMENT, (comment) => comment.replaceAll(/[^\n]/g, ' ')).matchAll(STRING)]
    .map(({ 0: text, index }) => ({ line: lineOf(source, index), text: text.slice(1, -1) }))
    .filter(({ text }) => /\w \w+ \w/.test(text));

/** The paragraphs, list entries and table cells of Markdown, without code. */
export const paragraphsOf = (markdown: string): readonly Text[] =>
  withoutCode(markdown)
    .split('\n')
    .flatMap((line, index) => line.split('|').map((text) => ({ line: index + 1, text: text.trim() })))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));

const withoutCode = (markdown: string): string =>
  markdown.replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll(/[^\n]/g, '')).replaceAll(/`[^`\n]*`/g, '`x`');
