import type { Category, Content, Variables } from '../message.js';
import { UNSUBSCRIBE_LINK, UNSUBSCRIBE_URL, type Dialect } from './dialect.js';
import { escapeHtml, textToHtml } from './escape.js';
import { Keys } from './keys.js';
import { cutReserved, type Neighbours } from './reserved.js';
import { parseTemplate, type Template, type Token } from './template.js';
import { variableValue } from './variable-value.js';

/** How a value is written where it stands: as it is, escaped for HTML, or as plain text shown in HTML. */
export type Encoding = 'verbatim' | 'html' | 'text';

const ENCODE: Record<Encoding, (value: string) => string> = {
  verbatim: (value) => value,
  html: escapeHtml,
  text: textToHtml,
};

export const encodeValue = (value: string, encoding: Encoding): string => ENCODE[encoding](value);

/** A part of a text: literal, a variable with its encoding, or one of the provider's unsubscribe tokens. */
export type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly encoding: Encoding }
  | { readonly kind: 'unsubscribe'; readonly form: 'link' | 'url' };

/** A message's texts, parsed and with the encoding of each variable decided, not yet in any provider's syntax. */
export interface ParsedContent {
  readonly subject: readonly Part[];
  readonly body: readonly Part[];
  readonly advertisement: boolean;
}

/** @throws TemplateSyntaxError when a text does not parse; check each text with `parseTemplate` for a pointer first. */
export function parseContent(content: Content, category: Category): ParsedContent {
  const advertisement = category === 'marketing';
  const subject = parseTemplate(content.subject).map((token) => part(token, () => 'verbatim'));
  const body =
    content.html === undefined
      ? textBody(parseTemplate(content.text ?? ''))
      : parseTemplate(content.html).map((token) => part(token, (t) => (t.escaping === 'html' ? 'html' : 'verbatim')));
  return { subject, body: advertisement ? body.map(withUnsubscribe) : body, advertisement };
}

const textBody = (template: Template): Part[] =>
  template
    .map((token) => part(token, () => 'text'))
    .map((p) => (p.kind === 'literal' ? { kind: 'literal', text: textToHtml(p.text) } : p));

type VariableToken = Extract<Token, { kind: 'variable' }>;

const part = (token: Token, encoding: (token: VariableToken) => Encoding): Part =>
  token.kind === 'literal' ? token : { kind: 'variable', name: token.name, encoding: encoding(token) };

function withUnsubscribe(p: Part): Part {
  if (p.kind !== 'variable') return p;
  if (p.name === UNSUBSCRIBE_LINK) return { kind: 'unsubscribe', form: 'link' };
  if (p.name === UNSUBSCRIBE_URL) return { kind: 'unsubscribe', form: 'url' };
  return p;
}

/** A value that the provider fills in for each recipient under `key`. */
export interface Parameter {
  readonly key: string;
  readonly name: string;
  readonly encoding: Encoding;
}

/** Content in one provider's syntax. */
export interface CompiledContent {
  readonly subject: string;
  readonly body: string;
  /** The same for every recipient: caller text that looks like the provider's syntax. */
  readonly constants: Readonly<Record<string, string>>;
  /** To be given for each recipient; empty when all values could be written into the text. */
  readonly parameters: readonly Parameter[];
}

/** What the compiler needs to know of the batch: default values, and which names some recipient sets anew. */
export interface Values {
  readonly defaults: Variables;
  readonly overridden: ReadonlySet<string>;
  /** Keys that are in use already. */
  readonly taken?: readonly string[];
}

/**
 * Compiles content to a provider's syntax. Values that are the same for all recipients are written into the text; the
 * others become parameters. Caller text that the provider could read as its own syntax becomes the value of a
 * parameter, so that it comes out as typed.
 */
export function compileContent(content: ParsedContent, dialect: Dialect, values: Values): CompiledContent {
  return new Compilation(content, dialect, values).run();
}

class Compilation {
  private readonly subject: readonly Part[];
  private readonly body: readonly Part[];
  private readonly keys: Keys;
  private readonly parameters: Parameter[] = [];
  private readonly constants: Record<string, string> = {};

  constructor(
    private readonly content: ParsedContent,
    private readonly dialect: Dialect,
    values: Values,
  ) {
    this.subject = inline(content.subject, values);
    this.body = inline(content.body, values);
    const literals = [...this.subject, ...this.body].map((p) => (p.kind === 'literal' ? p.text : ''));
    this.keys = new Keys([...literals, ...(values.taken ?? [])], dialect);
  }

  run(): CompiledContent {
    const footer = this.footer();
    const subject = this.advertisingMark() + this.write(this.subject, false);
    const body = this.write(this.body, footer !== '') + footer;
    return { subject, body, constants: this.constants, parameters: this.parameters };
  }

  private advertisingMark(): string {
    const mark = this.dialect.advertisingMark;
    if (!this.content.advertisement || mark === undefined) return '';
    const first = this.subject[0];
    const present = first?.kind === 'literal' && first.text.startsWith(mark);
    return present ? '' : `${mark} `;
  }

  private footer(): string {
    if (!this.content.advertisement) return '';
    const present = this.content.body.some((p) => p.kind === 'unsubscribe');
    return present ? '' : (this.dialect.unsubscribeFooter ?? '');
  }

  private write(parts: readonly Part[], followed: boolean): string {
    return parts.map((p, i) => this.writePart(p, { left: i > 0, right: followed || i < parts.length - 1 })).join('');
  }

  private writePart(p: Part, neighbours: Neighbours): string {
    switch (p.kind) {
      case 'literal':
        return this.writeLiteral(p.text, neighbours);
      case 'unsubscribe':
        return p.form === 'link' ? this.dialect.unsubscribeLink : (this.dialect.unsubscribeUrl ?? '');
      case 'variable':
        return this.dialect.variable(this.parameterKey(p.name, p.encoding));
    }
  }

  private writeLiteral(text: string, neighbours: Neighbours): string {
    const runs = cutReserved(text, this.dialect, neighbours);
    return runs.map((run) => (run.reserved ? this.constant(run.text) : run.text)).join('');
  }

  private constant(text: string): string {
    const id = `constant ${text}`;
    const key = this.keys.known(id) ?? this.keys.create(id, 'as_typed');
    this.constants[key] = text;
    return this.dialect.variable(key);
  }

  private parameterKey(name: string, encoding: Encoding): string {
    const id = `${encoding} ${name}`;
    const known = this.keys.known(id);
    if (known !== undefined) return known;
    const key = this.keys.create(id, name, encoding === 'verbatim' ? '' : `_${encoding}`);
    this.parameters.push({ key, name, encoding });
    return key;
  }
}

/** Writes known values into the text and joins what became neighbouring literals. */
function inline(parts: readonly Part[], values: Values): readonly Part[] {
  const joined: Part[] = [];
  for (const p of parts.map((each) => known(each, values))) {
    const last = joined.at(-1);
    if (p.kind === 'literal' && last?.kind === 'literal') {
      joined[joined.length - 1] = { kind: 'literal', text: last.text + p.text };
      continue;
    }
    joined.push(p);
  }
  return joined;
}

function known(p: Part, { defaults, overridden }: Values): Part {
  if (p.kind !== 'variable' || overridden.has(p.name)) return p;
  return { kind: 'literal', text: encodeValue(variableValue(p.name, defaults), p.encoding) };
}

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

/** Values for one recipient, by the provider's keys; a recipient's own values win over the defaults. */
export function parametersFor(
  compiled: CompiledContent,
  defaults: Variables,
  own: Variables | undefined,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { key, name, encoding } of compiled.parameters) {
    result[key] = encodeValue(variableValue(name, defaults, own), encoding);
  }
  return result;
}
