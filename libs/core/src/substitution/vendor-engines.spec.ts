import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Variables } from '../message.js';
import { compileContent, parametersFor, type CompiledContent } from './compile.js';
import { encodeValue, parseContent, type ParsedContent, type Part } from './parts.js';
import type { Dialect } from './dialect.js';
import { renderFor } from './render.js';

type Values = Readonly<Record<string, string>>;
type Engine = (text: string, values: Values) => string;

const BRACES: Dialect = {
  variable: (key) => `\${${key}}`,
  reserved: /\$\{|#\{/g,
  unsubscribeLink: '#{UNSUBSCRIBE_MESSAGE}',
};
const HASHES: Dialect = {
  variable: (key) => `##${key}##`,
  reserved: /##+/g,
  edge: /#/,
  unsubscribeLink: '##BLOCK_RECEIVER_LINK##',
  unsubscribeUrl: '##BLOCK_RECEIVER_LINK_URL##',
};

/** Replaces all tags in one pass; a tag without value is a leak, for vendors refuse it or print it. */
const singlePass =
  (tag: RegExp, tokens: readonly string[]): Engine =>
  (text, values) =>
    text.replaceAll(tag, (whole, ...groups: unknown[]) => {
      if (tokens.includes(whole)) return '[unsubscribe]';
      const key = String(groups[0]);
      if (!Object.hasOwn(values, key)) throw new Error(`leaked: ${whole}`);
      return values[key] ?? '';
    });

/** Replaces key by key, as a loop of `replace` would; what came in by one value is seen by the next key. */
const oneByOne =
  (dialect: Dialect): Engine =>
  (text, values) =>
    Object.entries(values).reduce((done, [key, value]) => done.split(dialect.variable(key)).join(value), text);

const BRACES_TOKENS = ['#{UNSUBSCRIBE_MESSAGE}'];
const HASHES_TOKENS = ['##BLOCK_RECEIVER_LINK##', '##BLOCK_RECEIVER_LINK_URL##'];
const single: readonly [string, Dialect, Engine][] = [
  ['${key}, a key being a word', BRACES, singlePass(/[$#]\{(\w+)\}/g, BRACES_TOKENS)],
  ['${key}, a key being anything', BRACES, singlePass(/[$#]\{([^]*?)\}/g, BRACES_TOKENS)],
  ['##key##, a key being a word', HASHES, singlePass(/##(\w+)##/g, HASHES_TOKENS)],
  ['##key##, a key being anything', HASHES, singlePass(/##([^]*?)##/g, HASHES_TOKENS)],
];

const NAMES = [
  'name',
  'name_html',
  'as_typed',
  'v',
  '이름',
  '이름2',
  'a.b',
  'a-b',
  '__proto__',
  'constructor',
  'toString',
  'UNSUBSCRIBE_MESSAGE',
  'BLOCK_RECEIVER_LINK',
  'EN_BLOCK_RECEIVER_LINK',
];
const fragments = (...more: string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.constantFrom('$', '#', '##', '{', '}', '\\', 'name', 'as_typed', '<b>', '&', '"', '\n', '한', ' ', ...more),
      {
        maxLength: 8,
      },
    )
    .map((pieces) => pieces.join(''));
const VENDOR_LOOKS = [
  '${name}',
  '#{name}',
  '##name##',
  '${as_typed}',
  '##as_typed##',
  '$${name}',
  '$$',
  '$&',
  '$1',
  ...BRACES_TOKENS,
  ...HASHES_TOKENS,
];
const caller = fragments(...VENDOR_LOOKS, '{{', '}}');
const name = fc.constantFrom(...NAMES);

const part = (encodings: readonly ('verbatim' | 'html' | 'text')[]): fc.Arbitrary<Part> =>
  fc.oneof(
    caller.map((text): Part => ({ kind: 'literal', text })),
    fc.record({ kind: fc.constant('variable' as const), name, encoding: fc.constantFrom(...encodings) }),
  );
const token = fc.constantFrom<Part>(
  { kind: 'unsubscribe', form: 'link' },
  { kind: 'literal', text: '#' },
  { kind: 'literal', text: '$' },
);
const content: fc.Arbitrary<ParsedContent> = fc.record({
  subject: fc.array(part(['verbatim']), { maxLength: 8 }),
  body: fc.array(
    fc.oneof({ weight: 4, arbitrary: part(['verbatim', 'html', 'text']) }, { weight: 1, arbitrary: token }),
    {
      maxLength: 8,
    },
  ),
  advertisement: fc.constant(false),
});

const variables = (value: fc.Arbitrary<string>): fc.Arbitrary<Variables> =>
  fc.array(fc.tuple(name, value), { maxLength: 10 }).map((entries) => Object.fromEntries(entries));

/** As it arrives: what the gateway hands over has gone through JSON. */
const onTheWire = (values: Values): Values => JSON.parse(JSON.stringify(values)) as Values;

interface Mail {
  readonly compiled: CompiledContent;
  readonly values: Values;
  readonly expected: { readonly subject: string; readonly html: string };
}

function mails(source: ParsedContent, dialect: Dialect, defaults: Variables, recipients: readonly Variables[]): Mail[] {
  const overridden = new Set(recipients.flatMap((own) => Object.keys(own)));
  const compiled = compileContent(source, dialect, { defaults, overridden });
  return recipients.map((own) => ({
    compiled,
    values: onTheWire({ ...compiled.constants, ...parametersFor(compiled, defaults, own) }),
    expected: renderFor(source, defaults, own),
  }));
}

const written = (engine: Engine, { compiled, values }: Mail): { subject: string; html: string } => ({
  subject: engine(compiled.subject, values),
  html: engine(compiled.body, values),
});

describe.each(single)('an engine that replaces in one pass: %s', (_what, dialect, engine) => {
  it('writes byte for byte what the recipient is to read, whatever callers type and values say', () => {
    const recipients = fc.array(variables(caller), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(content, variables(caller), recipients, (source, defaults, all) => {
        for (const mail of mails(source, dialect, defaults, all)) {
          expect(written(engine, mail)).toEqual(mail.expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is given each key once, made of word characters', () => {
    fc.assert(
      fc.property(content, fc.uniqueArray(name), (source, overridden) => {
        const compiled = compileContent(source, dialect, { defaults: {}, overridden: new Set(overridden) });
        const keys = [...Object.keys(compiled.constants), ...compiled.parameters.map(({ key }) => key)];
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys) expect(key).toMatch(/^[A-Za-z]\w*$/);
      }),
    );
  });
});

describe('an engine that takes $$ for an escape', () => {
  const escaping: Engine = (text, values) =>
    text.replaceAll(/(\$?)\$\{(\w+)\}|#\{UNSUBSCRIBE_MESSAGE\}/g, (whole, escape?: string, key?: string) => {
      if (key === undefined) return '[unsubscribe]';
      return escape === '' ? (values[key] ?? '') : whole.slice(1);
    });

  it('is served as well by a dialect that declares $ an edge', () => {
    const dialect: Dialect = { ...BRACES, edge: /\$/ };
    fc.assert(
      fc.property(content, variables(caller), variables(caller), (source, defaults, own) => {
        for (const mail of mails(source, dialect, defaults, [own])) {
          expect(written(escaping, mail)).toEqual(mail.expected);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe.each([
  ['${key}', BRACES],
  ['##key##', HASHES],
] as const)('an engine that replaces key by key: %s', (_what, dialect) => {
  const engine = oneByOne(dialect);
  const harmless = fc.string({ unit: fc.constantFrom('김', ' ', '<', '.', '!'), minLength: 1 });
  const untouched = content.map((source) => ({ ...source, body: source.body.filter((p) => p.kind !== 'unsubscribe') }));

  it('holds in any order of keys while values spell neither syntax nor a key', () => {
    fc.assert(
      fc.property(
        untouched,
        variables(caller),
        variables(harmless),
        fc.infiniteStream(fc.nat()),
        (source, raw, own, order) => {
          const defaults = Object.fromEntries(Object.entries(raw).filter(([each]) => !Object.hasOwn(own, each)));
          for (const mail of mails(source, dialect, defaults, [own])) {
            const ranked = Object.entries(mail.values).map((entry) => ({ entry, rank: order.next().value ?? 0 }));
            const values = Object.fromEntries(ranked.sort((a, b) => a.rank - b.rank).map(({ entry }) => entry));
            expect(written(engine, { ...mail, values })).toEqual(mail.expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('renderFor', () => {
  it('reads the neutral syntax as the public interface describes it', () => {
    const inert = fragments(...VENDOR_LOOKS).map((text) => text.replaceAll(/\{+/g, '{').replace(/\{$/, ''));
    const piece = fc.oneof(
      inert.map((text) => ({ typed: text, read: () => text })),
      name.map((each) => ({
        typed: `{{${each}}}`,
        read: (values: Variables) => encodeValue(Object.hasOwn(values, each) ? (values[each] ?? '') : '', 'html'),
      })),
      name.map((each) => ({
        typed: `{{{ ${each} }}}`,
        read: (values: Variables) => (Object.hasOwn(values, each) ? (values[each] ?? '') : ''),
      })),
    );
    fc.assert(
      fc.property(fc.array(piece), variables(caller), variables(caller), (pieces, defaults, own) => {
        const html = pieces.map(({ typed }) => typed).join('');
        const merged = { ...defaults, ...own };
        expect(renderFor(parseContent({ subject: 's', html }, 'transactional'), defaults, own).html).toBe(
          pieces.map(({ read }) => read(merged)).join(''),
        );
      }),
      { numRuns: 200 },
    );
  });
});
