import { describe, expect, it } from '@jest/globals';
import { cutAt, writeNeutral } from './neutral-text.js';
import { writeStored, type StoredSyntax } from './stored-text.js';

const dollars: StoredSyntax = {
  variable: (name) => `\${${name}}`,
  reserved: /[$#]\{/g,
  edge: /[$#]/,
  unsubscribeLink: '#{BYE}',
  takesName: (name) => /^\w+$/.test(name),
};
const quoting: StoredSyntax = { ...dollars, unsubscribeUrl: '#{BYE_URL}', quote: (run) => `\${r"${run}"}` };

describe('a template written for a provider', () => {
  it('has variables and unsubscribe tokens of the provider', () => {
    expect(writeStored({ subject: 'Hi {{a}}', html: '{{a}}{{{b}}}{{unsubscribe}}' }, dollars)).toEqual({
      subject: 'Hi ${a}',
      body: '${a}${b}#{BYE}',
      obstacles: [],
    });
  });

  it('is the text as HTML where there is no html', () => {
    expect(writeStored({ subject: 's', text: 'a < {{b}}\nc' }, dollars).body).toBe('a &lt; ${b}<br>\nc');
  });

  it('says the same where caller text looks like the syntax', () => {
    const content = { subject: 's', html: 'cost ${x} #{{a}}' };
    expect(writeStored(content, dollars).body).toBe('cost &#36;&#123;x} &#35;${a}');
    expect(writeStored(content, quoting).body).toBe('cost ${r"${"}x} ${r"#"}${a}');
  });

  it.each([
    [{ subject: '${x}', html: 'b' }, '"${" in a subject cannot be written there'],
    [{ subject: '{{a.b}}', html: 'b' }, 'a variable cannot be named "a.b" there'],
    [{ subject: 's', html: '{{unsubscribeUrl}}' }, 'it has no token for {{unsubscribeUrl}}'],
  ])('tells why it cannot be %j', (content, told) => expect(writeStored(content, dollars).obstacles).toEqual([told]));

  it('quotes in subjects where the provider can', () => {
    expect(writeStored({ subject: '${x}', html: '{{unsubscribeUrl}}' }, quoting)).toEqual({
      subject: '${r"${"}x}',
      body: '#{BYE_URL}',
      obstacles: [],
    });
  });
});

const literal = (text: string) => ({ kind: 'literal', text }) as const;
const variable = (name: string) => ({ kind: 'variable', name }) as const;

describe('a text of a provider in the neutral syntax', () => {
  it('puts values in as they are', () => {
    expect(writeNeutral([literal('a '), variable('x')], 'html')).toEqual({ text: 'a {{{x}}}', faults: [] });
    expect(writeNeutral([literal('a '), variable('x')], 'subject')).toEqual({ text: 'a {{x}}', faults: [] });
    expect(writeNeutral([{ kind: 'unsubscribe', form: 'url' }], 'html').text).toBe('{{{unsubscribeUrl}}}');
  });

  it('keeps braces that are text', () => {
    const { text } = writeNeutral([literal('a{{b}} {'), literal('{'), variable('x'), literal('} {')], 'html');
    expect(text).toBe('a&#123;&#123;b}} &#123;&#123;{{{x}}}} {');
    expect(writeNeutral([literal('{'), variable('x')], 'subject').faults).toEqual([
      { field: 'subject', detail: '"{{" in a subject would be a variable' },
    ]);
  });

  it('tells what has no words', () => {
    const pieces = [variable('a b'), variable('unsubscribe'), { kind: 'fault', detail: 'no' } as const];
    expect(writeNeutral(pieces, 'html').faults.map(({ detail }) => detail)).toEqual([
      '"a b" cannot be the name of a variable',
      '"unsubscribe" means the link to unsubscribe',
      'no',
    ]);
  });

  it('is cut where a pattern says', () => {
    expect(cutAt('a<b>c', /<(.)>/g, ([, name = '']) => variable(name))).toEqual([
      literal('a'),
      variable('b'),
      literal('c'),
    ]);
  });
});
