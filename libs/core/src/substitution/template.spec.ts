import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isVariableName,
  MAX_VARIABLE_NAME_LENGTH,
  parseTemplate,
  TemplateSyntaxError,
  variableNames,
} from './template.js';

const errorOf = (text: string): TemplateSyntaxError => {
  try {
    parseTemplate(text);
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
};

const literal = (text: string) => ({ kind: 'literal', text });
const html = (name: string) => ({ kind: 'variable', name, escaping: 'html' });
const raw = (name: string) => ({ kind: 'variable', name, escaping: 'raw' });

describe(parseTemplate.name, () => {
  it.each([
    ['', []],
    ['plain', [literal('plain')]],
    ['{{name}}', [html('name')]],
    ['{{ name }}', [html('name')]],
    ['{{\n name\t}}', [html('name')]],
    ['{{{name}}}', [raw('name')]],
    ['{{{ name }}}', [raw('name')]],
    ['a{{b}}c{{{d}}}e', [literal('a'), html('b'), literal('c'), raw('d'), literal('e')]],
    ['{{a}}{{b}}', [html('a'), html('b')]],
    ['{{이름}} 님', [html('이름'), literal(' 님')]],
    ['{{order.item-1_x}}', [html('order.item-1_x')]],
    ['{{1}}', [html('1')]],
    ['{{__proto__}}{{constructor}}', [html('__proto__'), html('constructor')]],
    ['a { b } }} c', [literal('a { b } }} c')]],
    ['{ {a}}', [literal('{ {a}}')]],
    ['{{a}}}', [html('a'), literal('}')]],
    ['{{{a}}}}', [raw('a'), literal('}')]],
    ['{{a}} ${b} ##c## #{d}', [html('a'), literal(' ${b} ##c## #{d}')]],
    ['@media{a{b:c}}', [literal('@media{a{b:c}}')]],
  ])('cuts %j', (text, tokens) => {
    expect(parseTemplate(text)).toEqual(tokens);
  });

  it.each([
    ['{{', '"{{" is never closed', 1, 1],
    ['{{name', '"{{" is never closed', 1, 1],
    ['{{name}', '"{{" is never closed', 1, 1],
    ['{{{name}}', '"{{{" is never closed', 1, 1],
    ['a\nbc{{name', '"{{" is never closed', 2, 3],
    ['{{}}', '"" is not a variable name', 1, 1],
    ['{{ }}', '"" is not a variable name', 1, 1],
    ['{{{}}}', '"" is not a variable name', 1, 1],
    ['한글 {{a}}\n\n  {{a b}}', '"a b" is not a variable name', 3, 3],
    ['{{{{a}}}}', '"{a" is not a variable name', 1, 1],
    ['{{a{{b}}', '"a{{b" is not a variable name', 1, 1],
    ['{{.a}}', '".a" is not a variable name', 1, 1],
    ['{{-a}}', '"-a" is not a variable name', 1, 1],
    ['{{a\0}}', '"a\0" is not a variable name', 1, 1],
    ['{{😀}}', '"😀" is not a variable name', 1, 1],
  ])('refuses %j: %s', (text, problem, line, column) => {
    expect(errorOf(text)).toMatchObject({ problem, line, column });
    expect(errorOf(text).message).toBe(`${problem} at line ${line}, column ${column}`);
  });

  it.each([
    '#if a',
    '/if',
    '^a',
    '> partial',
    '! comment',
    '& a',
    'else',
    'a()',
    'a=b',
    'a|b',
    'this[0]',
    '@root',
    '../a',
    '`a`',
  ])('has no logic, so {{%s}} runs nothing', (tag) => {
    if (tag === 'else') expect(parseTemplate(`{{${tag}}}`)).toEqual([html('else')]);
    else expect(errorOf(`{{${tag}}}`).problem).toContain('is not a variable name');
  });

  it('shortens a name that is no name in its message', () => {
    expect(errorOf(`{{${'a '.repeat(100_000)}}}`).message.length).toBeLessThan(120);
  });

  it('cuts without loss: the tokens written again are the text', () => {
    const name = fc.constantFrom('a', '이름', '__proto__', 'x.y-z');
    const text = fc
      .array(fc.constantFrom('{', '}', '}}', ' ', '\n', 'a', '$', '#', '<'))
      .map((units) => units.join('').replaceAll(/\{+/g, '{').replace(/\{$/, ''));
    const piece = fc.oneof(
      text,
      name.map((each) => `{{${each}}}`),
      name.map((each) => `{{{${each}}}}`),
    );
    fc.assert(
      fc.property(fc.array(piece), (all) => {
        const written = all.join('');
        const again = parseTemplate(written).map((token) => {
          if (token.kind === 'literal') return token.text;
          return token.escaping === 'raw' ? `{{{${token.name}}}}` : `{{${token.name}}}`;
        });
        expect(again.join('')).toBe(written);
      }),
    );
  });

  it('throws nothing but its own error, with a place that is in the text', () => {
    const unit = fc.constantFrom('{{', '{{{', '}}', '}}}', '{', 'a', ' ', '\n', '이', '.');
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = units.join('');
        try {
          parseTemplate(text);
        } catch (error) {
          if (!(error instanceof TemplateSyntaxError)) throw error;
          expect(text.split('\n')[error.line - 1]?.slice(error.column - 1)).toMatch(/^\{\{/);
        }
      }),
    );
  });

  it.each([
    ['open tags', '{{'.repeat(500_000)],
    ['closed tags', '{{a}}'.repeat(200_000)],
    ['single braces', '{ '.repeat(500_000)],
    ['closing braces', '}'.repeat(1_000_000)],
    ['blanks in a tag', `{{${' '.repeat(1_000_000)}`],
    ['blanks in a closed tag', `{{a${' '.repeat(1_000_000)}b}}`],
    ['lines before an error', `${'\n'.repeat(1_000_000)}{{`],
  ])('takes linear time for a hostile run of %s', (_what, text) => {
    const started = performance.now();
    try {
      parseTemplate(text);
    } catch (error) {
      expect(error).toBeInstanceOf(TemplateSyntaxError);
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe(isVariableName.name, () => {
  it('takes names up to their greatest length', () => {
    expect(isVariableName('a'.repeat(MAX_VARIABLE_NAME_LENGTH))).toBe(true);
    expect(isVariableName('a'.repeat(MAX_VARIABLE_NAME_LENGTH + 1))).toBe(false);
  });

  it.each(['', ' a', 'a ', 'a\n', 'a{b', '$a', 'a b', 'a/b', '"', '<'])('refuses %j', (name) => {
    expect(isVariableName(name)).toBe(false);
  });
});

describe(variableNames.name, () => {
  it('lists each name once', () => {
    expect([...variableNames(parseTemplate('{{a}} {{{a}}} {{ b }} c'))]).toEqual(['a', 'b']);
  });
});
