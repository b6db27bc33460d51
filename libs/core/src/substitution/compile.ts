import type { Variables } from '../message.js';
import { mayBeginMark, withMark, withoutMark } from './advertising-mark.js';
import { ADVERTISING_MARK, type Dialect } from './dialect.js';
import { Keys } from './keys.js';
import { encodeValue, writeParts, type Encoding, type ParsedContent, type Part } from './parts.js';
import { cutReserved, type Neighbours } from './reserved.js';
import { variableValue } from './variable-value.js';

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
  /** Of an advertisement whose recipients may bring the mark in a value: the subject is then one parameter. */
  readonly subjectParameter?: SubjectParameter;
}

/** The subject after the mark, or the whole subject if the provider adds the mark. */
export interface SubjectParameter {
  readonly key: string;
  readonly parts: readonly Part[];
  readonly markedByProvider: boolean;
}

/** The values of a batch: defaults, and the names that some recipient overrides. */
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
  private subjectParameter: SubjectParameter | undefined;
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
    const subject = this.content.advertisement ? this.markedSubject() : this.write(this.subject, false);
    const body = this.write(this.body, footer !== '') + footer;
    const { constants, parameters, subjectParameter } = this;
    return { subject, body, constants, parameters, ...(subjectParameter !== undefined && { subjectParameter }) };
  }

  /** Without the caller's mark; with ours, where the provider does not put it itself. */
  private markedSubject(): string {
    const mark = this.dialect.advertisingMark;
    const parts = withoutMarkAtHead(this.subject);
    if (parts === undefined) return (mark ?? '') + this.dialect.variable(this.subjectKey(mark === undefined));
    if (parts.length === 0) return mark ?? ADVERTISING_MARK;
    return (mark === undefined ? '' : `${mark} `) + this.write(parts, false);
  }

  private subjectKey(markedByProvider: boolean): string {
    const key = this.keys.create('subject', 'subject');
    this.subjectParameter = { key, parts: this.subject, markedByProvider };
    return key;
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

/** @returns `undefined` where it depends on the recipient's values whether there is a mark. */
function withoutMarkAtHead([first, ...others]: readonly Part[]): readonly Part[] | undefined {
  if (first === undefined) return [];
  if (first.kind !== 'literal') return undefined;
  const text = withoutMark(first.text);
  if (others.length > 0 && mayBeginMark(text)) return undefined;
  return text === '' ? others : [{ kind: 'literal', text }, ...others];
}

/** May a recipient's values decide the beginning of an advertisement's subject? */
export const hasOpenHead = ({ advertisement, subject }: ParsedContent): boolean =>
  advertisement && withoutMarkAtHead(subject) === undefined;

/** Writes known values into the text and joins what became neighbouring literals. */
export function inline(parts: readonly Part[], values: Values): readonly Part[] {
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
  const { subjectParameter } = compiled;
  if (subjectParameter !== undefined) result[subjectParameter.key] = subjectFor(subjectParameter, defaults, own);
  return result;
}

function subjectFor({ parts, markedByProvider }: SubjectParameter, defaults: Variables, own: Variables | undefined) {
  const subject = writeParts(parts, defaults, own);
  if (!markedByProvider) return withMark(subject).slice(ADVERTISING_MARK.length);
  return withoutMark(subject) || ADVERTISING_MARK;
}
