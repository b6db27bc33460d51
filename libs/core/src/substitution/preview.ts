import type { Content, Variables } from '../message.js';
import { UNSUBSCRIBE_SHOWN, parseContent } from './parts.js';
import { UNSUBSCRIBE_LINK, UNSUBSCRIBE_URL } from './dialect.js';
import { renderFor } from './render.js';
import { parseTemplate, type Token } from './template.js';

export interface RenderedTemplate {
  readonly subject: string;
  /** The body that goes out: the text as HTML where there is no html. */
  readonly html: string;
  /** Plain text, where there is one. */
  readonly text: string | null;
  /** Names without a value; the texts show them as they were written, `{{name}}`. */
  readonly missingVariables: readonly string[];
}

const UNSUBSCRIBE_NAMES: ReadonlySet<string> = new Set([UNSUBSCRIBE_LINK, UNSUBSCRIBE_URL]);

/** Names of the variables in a template's texts, each once; those of the unsubscribe tokens are none. */
export function variablesOf({ subject, html, text }: Content): readonly string[] {
  const inBody = [html, text].flatMap((body) => namesIn(body ?? '')).filter((name) => !UNSUBSCRIBE_NAMES.has(name));
  return [...new Set([...namesIn(subject), ...inBody])];
}

const namesIn = (text: string): string[] =>
  parseTemplate(text).flatMap((token) => (token.kind === 'variable' ? [token.name] : []));

/**
 * A template with values put in, for people to judge. Unsubscribe tokens stand as `[unsubscribe]`, as if it were an
 * advertisement.
 * @throws TemplateSyntaxError when a text does not parse.
 */
export function renderTemplate(content: Content, variables: Variables): RenderedTemplate {
  const missing = variablesOf(content).filter((name) => !Object.hasOwn(variables, name));
  const values = { ...Object.fromEntries(missing.map((name) => [name, `{{${name}}}`])), ...variables };
  // A template has no category: it may become an advertisement, and any other mail too.
  const parsed = { ...parseContent(content, 'marketing'), advertisement: false };
  const { subject, html } = renderFor(parsed, values, undefined);
  const text = content.text === undefined ? null : parseTemplate(content.text).map(plain(values)).join('');
  return { subject, html, text, missingVariables: missing };
}

const plain =
  (values: Variables) =>
  (token: Token): string => {
    if (token.kind === 'literal') return token.text;
    return UNSUBSCRIBE_NAMES.has(token.name) ? UNSUBSCRIBE_SHOWN : (values[token.name] ?? '');
  };
