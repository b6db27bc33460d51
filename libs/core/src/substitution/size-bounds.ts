import { inline, type Values } from './compile.js';
import { ADVERTISING_MARK, type Dialect } from './dialect.js';
import type { ParsedContent, Part } from './parts.js';
import { variableValue } from './variable-value.js';

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * The least length that parts can have once compiled, without compiling: a long value that is used many times is
 * seen here before it is written out.
 */
export function leastLength(parts: readonly Part[], { defaults, overridden }: Values): number {
  const lengthOf = (p: Part): number => {
    if (p.kind === 'literal') return p.text.length;
    return p.kind === 'unsubscribe' || overridden.has(p.name) ? 0 : variableValue(p.name, defaults).length;
  };
  return parts.reduce((sum, p) => sum + lengthOf(p), 0);
}

/** Most letters of a key beyond its name: `v`, `_html` and a number. */
const KEY_EXTRA = 24;
const CONSTANT_KEY = 'as_typed'.length + KEY_EXTRA;

/**
 * Upper bounds for the bytes of compiled texts, in a fraction of the time: nearly all mail is so far below the limits
 * of accounts that it need not be compiled to know that it fits.
 */
export function mostBytes(
  content: ParsedContent,
  dialect: Dialect,
  values: Values,
): { readonly subject: number; readonly body: number } {
  const { advertisement } = content;
  const most = (parts: readonly Part[]): number =>
    inline(parts, values).reduce((sum, part) => sum + mostBytesOf(part, dialect), 0);
  const mark = advertisement ? bytesOf(dialect.advertisingMark ?? ADVERTISING_MARK) + 1 : 0;
  // Where recipients bring the mark, the subject is one parameter.
  const subject = Math.max(most(content.subject), advertisement ? variableBytes(dialect, 'subject') : 0);
  const footer = advertisement ? bytesOf(dialect.unsubscribeFooter ?? '') : 0;
  return { subject: mark + subject, body: most(content.body) + footer };
}

function mostBytesOf(part: Part, dialect: Dialect): number {
  switch (part.kind) {
    case 'literal':
      return mostLiteralBytes(part.text, dialect);
    case 'unsubscribe':
      return bytesOf(part.form === 'link' ? dialect.unsubscribeLink : (dialect.unsubscribeUrl ?? ''));
    case 'variable':
      return variableBytes(dialect, part.name);
  }
}

/** Only ends next to a variable, or runs that look like the provider's syntax, become constants. */
function mostLiteralBytes(text: string, dialect: Dialect): number {
  const constant = bytesOf(dialect.variable('')) + CONSTANT_KEY;
  if (text.search(dialect.reserved) < 0) return bytesOf(text) + 2 * constant;
  return text.length * Math.max(3, constant);
}

const variableBytes = (dialect: Dialect, name: string): number =>
  bytesOf(dialect.variable('')) + name.length + KEY_EXTRA;
