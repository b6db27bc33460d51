const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const SPECIAL = /[&<>"']/;
const SPECIALS = /[&<>"']/g;
/** Writes text so that HTML shows it as it is, in an element or in a quoted attribute. */
export const escapeHtml = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll(SPECIALS, (character) => ENTITIES[character] ?? character) : text;

/**
 * The text to the left of a piece of plain text. It is unknown for a `value`, as is the text to the right, because a
 * value is encoded once and used wherever its variable is.
 */
export type TextPlace = 'line' | 'variable' | 'value';

const LAYOUT = /[\r\n\t]| {2}|^ | $/;
/** A line break with the indent of the next line, or a run of blanks. */
const LAYOUTS = /(\r\n|\r|\n)([ \t]*)|[ \t]+/g;
const LINE_BREAK = '<br>\n';
const NBSP = '&nbsp;';
/** Columns. Mail has no tab stops: fonts are proportional, and the width of a value before a tab is not known. */
const TAB = ' '.repeat(4);

/**
 * Plain text as HTML: escaped, with every line break, blank and tab visible. Runs of blanks alternate U+0020 with
 * `&nbsp;`, which mail clients show whatever styles they drop. A single blank between words stays a blank, and each run
 * ends in one, so that long lines wrap.
 *
 * Each piece is written without its neighbours, so that the size of a mail is the sum of its pieces. The one case that
 * this cannot keep is a single blank after a value that is empty or ends in a line break: the blank stays breakable, and
 * is not shown where a blank or a line break precedes it.
 */
export function textToHtml(text: string, place: TextPlace = 'line'): string {
  const escaped = escapeHtml(text);
  if (!LAYOUT.test(escaped)) return escaped;
  const html = escaped.replaceAll(LAYOUTS, (run: string, lineBreak: string | undefined, indent: string, at: number) => {
    if (lineBreak !== undefined) return LINE_BREAK + indented(widthOf(indent));
    const width = widthOf(run);
    return at === 0 && (place !== 'variable' || width > 1) ? indented(width) : blanks(width);
  });
  return place === 'value' && html.endsWith(' ') ? html.slice(0, -1) + NBSP : html;
}

const widthOf = (run: string): number => run.replaceAll('\t', TAB).length;

const blanks = (width: number): string => (width % 2 === 1 ? ' ' : '') + `${NBSP} `.repeat(Math.floor(width / 2));

/** As `blanks`, where a blank in front would not be shown. */
const indented = (width: number): string => (width % 2 === 1 ? NBSP : '') + blanks(width - (width % 2));
