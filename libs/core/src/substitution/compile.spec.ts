import { describe, expect, it } from '@jest/globals';
import type { Content, Variables } from '../message.js';
import { withMark } from './advertising-mark.js';
import { compileContent, parametersFor, type CompiledContent } from './compile.js';
import { parseContent } from './parts.js';
import type { Dialect } from './dialect.js';
import { BRACES, HASHES } from './dialects.fixture.js';

interface Options {
  readonly defaults?: Variables;
  readonly overridden?: readonly string[];
  readonly marketing?: boolean;
}

function compile(content: Content, dialect: Dialect, options: Options = {}): CompiledContent {
  const { defaults = {}, overridden = [], marketing = false } = options;
  return compileContent(parseContent(content, marketing ? 'marketing' : 'transactional'), dialect, {
    defaults,
    overridden: new Set(overridden),
  });
}

describe(compileContent.name, () => {
  it('writes variables that some recipient sets in the provider’s syntax', () => {
    const compiled = compile({ subject: 'Hi {{name}}', html: '<p>{{name}} {{{name}}}</p>' }, BRACES, {
      overridden: ['name'],
    });
    expect(compiled).toEqual({
      subject: 'Hi ${name}',
      body: '<p>${name_html} ${name}</p>',
      constants: {},
      parameters: [
        { key: 'name', name: 'name', encoding: 'verbatim' },
        { key: 'name_html', name: 'name', encoding: 'html' },
      ],
    });
  });

  it('writes values that no recipient overrides into the text', () => {
    const compiled = compile({ subject: '{{a}} {{b}}', html: '<p>{{a}}</p>' }, HASHES, {
      defaults: { a: '<1>', b: 'x' },
      overridden: ['b'],
    });
    expect(compiled.subject).toBe('<1> ##b##');
    expect(compiled.body).toBe('<p>&lt;1&gt;</p>');
    expect(compiled.parameters).toEqual([{ key: 'b', name: 'b', encoding: 'verbatim' }]);
  });

  it('needs no parameters when nothing is personal', () => {
    const compiled = compile({ subject: '{{a}}', text: '{{a}}\n' }, BRACES, { defaults: { a: '&' } });
    expect(compiled).toEqual({ subject: '&', body: '&amp;<br>\n', constants: {}, parameters: [] });
  });

  it('makes a constant of text that looks like the provider’s syntax, typed or inlined', () => {
    const typed = compile({ subject: '${a} #{b}', html: '{{c}}' }, BRACES, { defaults: { c: '${c}' } });
    expect(typed.subject).toBe('${as_typed}a} ${as_typed_2}b}');
    expect(typed.body).toBe('${as_typed}c}');
    expect(typed.constants).toEqual({ as_typed: '${', as_typed_2: '#{' });
  });

  it('makes one syntax of halves that meet when a value is inlined', () => {
    const compiled = compile({ subject: '${{a}}x}', html: '#{{b}}' }, BRACES, { defaults: { a: '{', b: '{' } });
    expect(compiled.subject).toBe('${as_typed}x}');
    expect(compiled.body).toBe('${as_typed_2}');
  });

  it('keeps edges away from variables, from tokens and from the footer', () => {
    const personal = compile({ subject: '#{{a}}#', html: 'x' }, HASHES, { overridden: ['a'] });
    expect(personal.subject).toBe('##as_typed####a####as_typed##');
    expect(personal.constants).toEqual({ as_typed: '#' });
    const footer = compile({ subject: 's', html: 'no. #' }, HASHES, { marketing: true });
    expect(footer.body).toBe('no. ##as_typed####BLOCK_LINK## end');
    const token = compile({ subject: 's', html: '#{{unsubscribe}}' }, HASHES, { marketing: true });
    expect(token.body).toBe('##as_typed####BLOCK_LINK##');
  });

  it('chooses keys that neither the text nor an inlined value spells', () => {
    const options = { defaults: { b: '}name' }, overridden: ['name'] };
    expect(compile({ subject: '{{name}}', text: 'my name is' }, BRACES, options).subject).toBe('${name_2}');
    expect(compile({ subject: '{{name}}', text: '{{b}}' }, BRACES, options).subject).toBe('${name_2}');
  });

  it('never takes the name of the provider’s own token for a key', () => {
    const compiled = compile({ subject: '{{BLOCK_LINK}}', html: 'x' }, HASHES, { overridden: ['BLOCK_LINK'] });
    expect(compiled.subject).toBe('##v##');
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for a name like any other', (name) => {
    const content = { subject: `[{{${name}}}]`, html: `[{{{${name}}}}]` };
    expect(compile(content, BRACES)).toMatchObject({ subject: '[]', body: '[]' });
    const set = (value: string): Variables => Object.fromEntries([[name, value]]);
    expect(compile(content, BRACES, { defaults: set('d') })).toMatchObject({ subject: '[d]', body: '[d]' });
    const personal = compile(content, BRACES, { overridden: [name] });
    const key = personal.parameters[0]?.key ?? '';
    expect(personal.subject).toBe(`[\${${key}}]`);
    expect(Object.entries(parametersFor(personal, {}, set('o')))).toEqual([[key, 'o']]);
    expect(Object.entries(parametersFor(personal, set('d'), {}))).toEqual([[key, 'd']]);
    expect(Object.entries(parametersFor(personal, {}, {}))).toEqual([[key, '']]);
  });

  it('takes linear time for hostile names and texts', () => {
    const name = (i: number): string => `가${String.fromCharCode(0xac00 + (i % 10_000))}${i}`;
    const names = Array.from({ length: 10_000 }, (_, i) => name(i));
    const html = `${names.map((each) => `{{{${each}}}}`).join('')}${names.map((_, i) => ` v${i} v_${i}`).join('')}`;
    const started = performance.now();
    expect(compile({ subject: 's', html }, HASHES, { overridden: names }).parameters).toHaveLength(10_000);
    compile({ subject: 's', html: '${'.repeat(250_000) }, BRACES);
    compile({ subject: 's', html: '#a'.repeat(250_000) }, HASHES);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('advertisements', () => {
  const subjectOf = (subject: string, options: Options = {}): string =>
    compile({ subject, html: 'x' }, HASHES, { marketing: true, ...options }).subject;

  it('get the mark at the head of the subject, once', () => {
    expect(subjectOf('Sale')).toBe('(광고) Sale');
    expect(subjectOf('(광고) Sale')).toBe('(광고) Sale');
    expect(subjectOf('Sale (광고)')).toBe('(광고) Sale (광고)');
    expect(subjectOf('')).toBe('(광고)');
    expect(subjectOf('[광고] Sale')).toBe('(광고) Sale');
  });

  it('get no second mark where a value that is inlined brings it', () => {
    expect(subjectOf('{{mark}} Sale', { defaults: { mark: '(광고)' } })).toBe('(광고) Sale');
    expect(subjectOf('{{who}}: Sale', { defaults: { who: 'Kim' } })).toBe('(광고) Kim: Sale');
    expect(subjectOf('Sale for {{who}}', { overridden: ['who'] })).toBe('(광고) Sale for ##who##');
    expect(subjectOf('(광고) Sale for {{who}}', { overridden: ['who'] })).toBe('(광고) Sale for ##who##');
  });

  it.each(['{{mark}} Sale', '({{mark}}) Sale', '(광고) {{mark}} Sale', '{{mark}}고) Sale'])(
    'give the subject %j as one value for each recipient, who may bring the mark',
    (subject) => {
      for (const dialect of [HASHES, BRACES]) {
        const compiled = compile({ subject, html: 'x' }, dialect, { marketing: true, overridden: ['mark'] });
        for (const mark of ['(광고)', '광고', '(광', '봄', '', ' ']) {
          const values = parametersFor(compiled, {}, { mark });
          const [key, value] = Object.entries(values)[0] ?? ['', ''];
          expect(Object.keys(values)).toEqual([key]);
          const title = compiled.subject.replace(dialect.variable(key), () => value);
          const read = dialect.advertisingMark === undefined ? withMark(title) : title;
          expect(read).toBe(withMark(subject.replace('{{mark}}', mark)));
          if (dialect.advertisingMark === undefined && title !== '(광고)') expect(title).not.toMatch(/^\s*\(광고\)/);
        }
      }
    },
  );

  it('get neither mark nor footer where the provider adds them itself', () => {
    for (const subject of ['Sale', '(광고) Sale', ' [광고] Sale']) {
      const compiled = compile({ subject, html: 'x' }, BRACES, { marketing: true });
      expect(compiled).toMatchObject({ subject: 'Sale', body: 'x' });
    }
  });

  it('get the footer unless the body has a token', () => {
    const bodyOf = (html: string): string => compile({ subject: 's', html }, HASHES, { marketing: true }).body;
    expect(bodyOf('x')).toBe('x##BLOCK_LINK## end');
    expect(bodyOf('x {{unsubscribe}}')).toBe('x ##BLOCK_LINK##');
    expect(bodyOf('<a href="{{unsubscribeUrl}}">')).toBe('<a href="##BLOCK_LINK_URL##">');
    expect(bodyOf('typed: ##BLOCK_LINK##')).toBe('typed: ##as_typed##BLOCK_LINK##as_typed####BLOCK_LINK## end');
  });

  it('have tokens, other mail has variables of that name', () => {
    const content = { subject: 's', text: '{{unsubscribe}}' };
    expect(compile(content, BRACES, { marketing: true, defaults: { unsubscribe: 'x' } }).body).toBe('#{UNSUBSCRIBE}');
    const transactional = compile(content, HASHES, { defaults: { unsubscribe: 'x' } });
    expect(transactional).toMatchObject({ subject: 's', body: 'x' });
  });

  it('never get a token in the subject', () => {
    const content = { subject: '{{unsubscribe}}', html: 'x{{unsubscribe}}' };
    expect(compile(content, BRACES, { marketing: true, defaults: { unsubscribe: 'me' } }).subject).toBe('me');
  });
});
