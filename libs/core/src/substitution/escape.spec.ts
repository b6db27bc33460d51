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

describe(textToHtml.name, () => {
  it.each([
    ['a\nb', 'a<br>\nb'],
    ['a\r\nb', 'a<br>\nb'],
    ['a\rb', 'a<br>\nb'],
    ['\n\n', '<br>\n<br>\n'],
    ['<b>\n', '&lt;b&gt;<br>\n'],
    ['plain', 'plain'],
  ])('writes %j as %j', (text, html) => {
    expect(textToHtml(text)).toBe(html);
  });
});
