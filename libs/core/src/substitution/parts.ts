import type { Category, Content, Variables } from '../message.js';
import { UNSUBSCRIBE_LINK, UNSUBSCRIBE_URL } from './dialect.js';
import { escapeHtml, textToHtml } from './escape.js';
import { parseTemplate, type Template, type Templates, type Token } from './template.js';
import { variableValue } from './variable-value.js';

/** How a value is written where it stands: as it is, escaped for HTML, or as plain text shown in HTML. */
export type Encoding = 'verbatim' | 'html' | 'text';

const ENCODE: Record<Encoding, (value: string) => string> = {
  verbatim: (value) => value,
  html: escapeHtml,
  text: (value) => textToHtml(value, 'value'),
};

export const encodeValue = (value: string, encoding: Encoding): string => ENCODE[encoding](value);

/** A part of a text: literal, a variable with its encoding, or one of the provider's unsubscribe tokens. */
export type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly encoding: Encoding }
  | { readonly kind: 'unsubscribe'; readonly form: 'link' | 'url' };

/** How a provider's token is shown to those who look at a mail before it is sent. */
export const UNSUBSCRIBE_SHOWN = '[unsubscribe]';

/** A message's texts, parsed and with the encoding of each variable decided, not yet in any provider's syntax. */
export interface ParsedContent {
  readonly subject: readonly Part[];
  readonly body: readonly Part[];
  readonly advertisement: boolean;
}

/** @throws TemplateSyntaxError when a text does not parse; check each text with `parseTemplate` for a pointer first. */
export function parseContent({ subject, html, text = '' }: Content, category: Category): ParsedContent {
  const body = html === undefined ? { text: parseTemplate(text) } : { html: parseTemplate(html) };
  return contentOf({ subject: parseTemplate(subject), ...body }, category);
}

/** The same of texts that are parsed already. */
export function contentOf(templates: Templates, category: Category): ParsedContent {
  const advertisement = category === 'marketing';
  const subject = templates.subject.map((token) => part(token, () => 'verbatim'));
  const body =
    templates.html === undefined
      ? textBody(templates.text ?? [])
      : templates.html.map((token) => part(token, (t) => (t.escaping === 'html' ? 'html' : 'verbatim')));
  return { subject, body: advertisement ? body.map(withUnsubscribe) : body, advertisement };
}

const textBody = (template: Template): Part[] => literalsToHtml(template).map((token) => part(token, () => 'text'));

/** A plain text's literals as HTML; its variables stay. */
export const literalsToHtml = (template: Template): Template =>
  template.map((token, i) =>
    token.kind === 'literal' ? { kind: 'literal', text: textToHtml(token.text, i === 0 ? 'line' : 'variable') } : token,
  );

type VariableToken = Extract<Token, { kind: 'variable' }>;

const part = (token: Token, encoding: (token: VariableToken) => Encoding): Part =>
  token.kind === 'literal' ? token : { kind: 'variable', name: token.name, encoding: encoding(token) };

function withUnsubscribe(p: Part): Part {
  if (p.kind !== 'variable') return p;
  if (p.name === UNSUBSCRIBE_LINK) return { kind: 'unsubscribe', form: 'link' };
  if (p.name === UNSUBSCRIBE_URL) return { kind: 'unsubscribe', form: 'url' };
  return p;
}

/** Parts as one recipient reads them, as far as the gateway can know: provider tokens stand as `[unsubscribe]`. */
export const writeParts = (parts: readonly Part[], defaults: Variables, own: Variables | undefined): string =>
  parts
    .map((p) => {
      if (p.kind === 'literal') return p.text;
      return p.kind === 'unsubscribe'
        ? UNSUBSCRIBE_SHOWN
        : encodeValue(variableValue(p.name, defaults, own), p.encoding);
    })
    .join('');
