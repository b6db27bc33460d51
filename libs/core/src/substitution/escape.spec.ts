import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeHtml, textToHtml } from './escape.js';

const unit = fc.constantFrom('&', '<', '>', '"', "'", 'a', '\n', '\r', '한', '&amp;');

describe(escapeHtml.name, () => {
  it('escapes what ends an element or a quoted attribute', () => {
    expect(escapeHtml(`<a href="x" title='y'>&</a>`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;',
    );
  });

  it('can be read back, and leaves nothing special', () => {
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = units.join('');
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']/);
        const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
        expect(escaped.replaceAll(/&([a-z0-9#]+);/g, (_all, name: string) => entities[name] ?? '?')).toBe(text);
      }),
    );
  });
});

/** The text that a reader sees: blanks collapse as in a browser, then entities are decoded. */
const shown = (html: string): string =>
  html
    .replaceAll(/[ \t\n]+/g, ' ')
    .replaceAll(/ ?<br> ?/g, '\n')
    .replaceAll(/^ | $/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/&(lt|gt|amp);/g, (_all, name: string) => ({ lt: '<', gt: '>' })[name] ?? '&');

describe(textToHtml.name, () => {
  it.each([
    ['a\nb', 'a<br>\nb'],
    ['a\r\nb', 'a<br>\nb'],
    ['a\rb', 'a<br>\nb'],
    ['\n\n', '<br>\n<br>\n'],
    ['<b>\n', '&lt;b&gt;<br>\n'],
    ['plain', 'plain'],
    ['one two', 'one two'],
    ['a  b', 'a&nbsp; b'],
    ['a   b', 'a &nbsp; b'],
    [' a', '&nbsp;a'],
    ['\n   a', '<br>\n&nbsp;&nbsp; a'],
    ['a\tb', 'a&nbsp; &nbsp; b'],
    ['\ta', '&nbsp; &nbsp; a'],
    ['a ', 'a '],
  ])('writes %j as %j', (text, html) => {
    expect(textToHtml(text)).toBe(html);
  });

  it('keeps the blanks at the edges of a value, whatever is beside it', () => {
    expect(textToHtml(' a  b ', 'value')).toBe('&nbsp;a&nbsp; b&nbsp;');
    expect(textToHtml(' ', 'value')).toBe('&nbsp;');
    expect(textToHtml('\t', 'value')).toBe('&nbsp; &nbsp;&nbsp;');
  });

  it('leaves a single blank beside a variable breakable', () => {
    expect(textToHtml(' and ', 'variable')).toBe(' and ');
  });

  it('shows every blank, tab and line break of a text and of its values', () => {
    const piece = fc.array(fc.constantFrom(' ', '\t', '\n', 'a', '<', '&'), { maxLength: 12 }).map((u) => u.join(''));
    fc.assert(
      fc.property(piece, piece, piece, (before, value, after) => {
        // A single blank after an empty value, or after a line break in one, stays breakable instead.
        fc.pre(!/^$|\n$/.test(value));
        const html = textToHtml(before) + textToHtml(value, 'value') + textToHtml(after, 'variable');
        const visible = (before + value + after).replaceAll('\t', '    ');
        const trimmed = (text: string) => text.replaceAll(/ +(?=\n|$)/g, '');
        expect(trimmed(shown(html))).toBe(trimmed(visible));
      }),
    );
  });
});
