import type { Category, Content, Variables } from '../message.js';
import { UNSUBSCRIBE_LINK, UNSUBSCRIBE_URL, type Dialect } from './dialect.js';
import { escapeHtml, textToHtml } from './escape.js';
import { parseTemplate, type Template, type Token } from './template.js';

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
  private readonly keys = new Map<string, string>();
  private readonly parameters: Parameter[] = [];
  private readonly constants: Record<string, string> = {};
  private readonly literals: string;

  constructor(
    private readonly content: ParsedContent,
    private readonly dialect: Dialect,
    private readonly values: Values,
  ) {
    const literal = (p: Part): string => (p.kind === 'literal' ? p.text : '');
    this.literals = [...content.subject, ...content.body].map(literal).join('\n');
  }

  run(): CompiledContent {
    const subject = this.advertisingMark() + this.write(this.content.subject);
    const body = this.write(this.content.body) + this.footer();
    return { subject, body, constants: this.constants, parameters: this.parameters };
  }

  private advertisingMark(): string {
    const mark = this.dialect.advertisingMark;
    if (!this.content.advertisement || mark === undefined) return '';
    const first = this.content.subject[0];
    const present = first?.kind === 'literal' && first.text.startsWith(mark);
    return present ? '' : `${mark} `;
  }

  private footer(): string {
    if (!this.content.advertisement) return '';
    const present = this.content.body.some((p) => p.kind === 'unsubscribe');
    return present ? '' : (this.dialect.unsubscribeFooter ?? '');
  }

  private write(parts: readonly Part[]): string {
    const inlined = this.inline(parts);
    return inlined.map((p, i) => this.writePart(p, i > 0, i < inlined.length - 1)).join('');
  }

  /** Writes known values into the text and joins what became neighbouring literals. */
  private inline(parts: readonly Part[]): Part[] {
    const joined: Part[] = [];
    for (const p of parts.map((each) => this.known(each))) {
      const last = joined.at(-1);
      if (p.kind === 'literal' && last?.kind === 'literal') {
        joined[joined.length - 1] = { kind: 'literal', text: last.text + p.text };
        continue;
      }
      joined.push(p);
    }
    return joined;
  }

  private known(p: Part): Part {
    if (p.kind !== 'variable' || this.values.overridden.has(p.name)) return p;
    return { kind: 'literal', text: encodeValue(this.values.defaults[p.name] ?? '', p.encoding) };
  }

  private writePart(p: Part, hasLeft: boolean, hasRight: boolean): string {
    switch (p.kind) {
      case 'literal':
        return this.writeLiteral(p.text, hasLeft, hasRight);
      case 'unsubscribe':
        return p.form === 'link' ? this.dialect.unsubscribeLink : (this.dialect.unsubscribeUrl ?? '');
      case 'variable':
        return this.dialect.variable(this.parameterKey(p.name, p.encoding));
    }
  }

  private writeLiteral(text: string, hasLeft: boolean, hasRight: boolean): string {
    const { edge, reserved } = this.dialect;
    const head = hasLeft && edge !== undefined && edge.test(text.charAt(0)) ? 1 : 0;
    const tail = hasRight && edge !== undefined && text.length > head && edge.test(text.at(-1) ?? '') ? 1 : 0;
    const middle = text.slice(head, text.length - tail);
    return (
      (head ? this.constant(text.slice(0, head)) : '') +
      middle.replaceAll(reserved, (run) => this.constant(run)) +
      (tail ? this.constant(text.slice(-tail)) : '')
    );
  }

  private constant(text: string): string {
    const id = `constant ${text}`;
    const key = this.keys.get(id) ?? this.newKey(id, 'as_typed');
    this.constants[key] = text;
    return this.dialect.variable(key);
  }

  private parameterKey(name: string, encoding: Encoding): string {
    const id = `${encoding} ${name}`;
    const known = this.keys.get(id);
    if (known !== undefined) return known;
    const readable = name.replaceAll(/[^A-Za-z0-9_]+/g, '_').replace(/^_+$/, '') || 'v';
    const key = this.newKey(id, encoding === 'verbatim' ? readable : `${readable}_${encoding}`);
    this.parameters.push({ key, name, encoding });
    return key;
  }

  /** A key that is not taken and that the caller's text does not spell, whatever order the provider substitutes in. */
  private newKey(id: string, readable: string): string {
    const taken = new Set(this.keys.values());
    let key = readable;
    for (let n = 2; taken.has(key) || this.literals.includes(key); n += 1) key = `${readable}_${n}`;
    this.keys.set(id, key);
    return key;
  }
}

/** Values for one recipient, by the provider's keys; a recipient's own values win over the defaults. */
export function parametersFor(
  compiled: CompiledContent,
  defaults: Variables,
  own: Variables | undefined,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { key, name, encoding } of compiled.parameters) {
    const value = own !== undefined && Object.hasOwn(own, name) ? own[name] : defaults[name];
    result[key] = encodeValue(value ?? '', encoding);
  }
  return result;
}
