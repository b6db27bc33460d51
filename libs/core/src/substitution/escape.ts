const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const SPECIAL = /[&<>"']/;
const SPECIALS = /[&<>"']/g;
const LINE_BREAK = /\r\n|\r|\n/;
const LINE_BREAKS = /\r\n|\r|\n/g;

/** Writes text so that HTML shows it as it is, in an element or in a quoted attribute. */
export const escapeHtml = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll(SPECIALS, (character) => ENTITIES[character] ?? character) : text;

/** Plain text as HTML: escaped, line breaks kept. */
export function textToHtml(text: string): string {
  const escaped = escapeHtml(text);
  return LINE_BREAK.test(escaped) ? escaped.replaceAll(LINE_BREAKS, '<br>\n') : escaped;
}
