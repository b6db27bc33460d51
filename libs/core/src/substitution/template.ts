/** How the value of a variable is written into the text. */
export type Escaping = 'html' | 'raw';

export type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly escaping: Escaping };

/** A text in the neutral syntax, cut into tokens: `{{name}}` (escaped in HTML) and `{{{name}}}` (raw). */
export type Template = readonly Token[];

/** The texts of a mail, each parsed; `html` is the body where there are both. */
export interface Templates {
  readonly subject: Template;
  readonly html?: Template;
  readonly text?: Template;
}

/** A template that does not parse; `offset` counts characters from 0, `line` and `column` from 1. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
  readonly line: number;
  readonly column: number;

  constructor(
    readonly problem: string,
    text: string,
    readonly offset: number,
  ) {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    super(`${problem} at line ${line}, column ${column}`);
    this.line = line;
    this.column = column;
  }
}

export const MAX_VARIABLE_NAME_LENGTH = 64;
const VARIABLE_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;

export const isVariableName = (name: string): boolean =>
  name.length <= MAX_VARIABLE_NAME_LENGTH && VARIABLE_NAME.test(name);

/**
 * Parses the neutral syntax. There is no logic in it: no sections, partials, comments or expressions, so a template
 * can't run anything. A lone `{` or `}}` is text.
 * @throws TemplateSyntaxError for an opened tag that is not closed, or a tag that is no variable name.
 */
export function parseTemplate(text: string): Template {
  const tokens: Token[] = [];
  let at = 0;
  for (let open = text.indexOf('{{', at); open >= 0; open = text.indexOf('{{', at)) {
    if (open > at) tokens.push({ kind: 'literal', text: text.slice(at, open) });
    const raw = text.startsWith('{{{', open);
    const width = raw ? 3 : 2;
    const close = text.indexOf(raw ? '}}}' : '}}', open + width);
    if (close < 0) throw new TemplateSyntaxError(`"${'{'.repeat(width)}" is never closed`, text, open);
    const name = text.slice(open + width, close).trim();
    if (!isVariableName(name)) throw new TemplateSyntaxError(`"${excerpt(name)}" is not a variable name`, text, open);
    tokens.push({ kind: 'variable', name, escaping: raw ? 'raw' : 'html' });
    at = close + width;
  }
  if (at < text.length) tokens.push({ kind: 'literal', text: text.slice(at) });
  return tokens;
}

const excerpt = (name: string): string => (name.length > 40 ? `${name.slice(0, 40)}…` : name);

/** Names of the variables that a template uses, each once. */
export const variableNames = (template: Template): ReadonlySet<string> =>
  new Set(template.flatMap((token) => (token.kind === 'variable' ? [token.name] : [])));
