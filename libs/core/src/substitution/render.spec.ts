import { describe, expect, it } from '@jest/globals';
import type { Variables } from '../message.js';
import { parseContent } from './parts.js';
import { renderFor } from './render.js';

const SPECIAL = `<b>"Kim" & 'Lee'</b>\n`;

describe(renderFor.name, () => {
  it('escapes values in html, writes them verbatim in the subject and raw in triple braces', () => {
    const content = parseContent({ subject: '{{a}}|{{{a}}}', html: '<p>{{a}}|{{{a}}}</p>' }, 'transactional');
    expect(renderFor(content, {}, { a: SPECIAL })).toEqual({
      subject: `${SPECIAL}|${SPECIAL}`,
      html: `<p>&lt;b&gt;&quot;Kim&quot; &amp; &#39;Lee&#39;&lt;/b&gt;\n|${SPECIAL}</p>`,
    });
  });

  it('makes HTML of a text that shows it as typed', () => {
    const content = parseContent({ subject: 's', text: 'Hi <{{a}}> & {{{a}}}\r\nBye' }, 'transactional');
    expect(renderFor(content, {}, { a: '<i>\nx' }).html).toBe(
      'Hi &lt;&lt;i&gt;<br>\nx&gt; &amp; &lt;i&gt;<br>\nx<br>\nBye',
    );
  });

  it('lets a recipient’s own value win, even an empty one', () => {
    const content = parseContent({ subject: '[{{a}}]', text: '{{b}}' }, 'transactional');
    const defaults = { a: 'default', b: 'b' };
    expect(renderFor(content, defaults, undefined).subject).toBe('[default]');
    expect(renderFor(content, defaults, { a: 'own' })).toEqual({ subject: '[own]', html: 'b' });
    expect(renderFor(content, defaults, { a: '' }).subject).toBe('[]');
  });

  it('shows tokens of the provider as such, in marketing only', () => {
    const source = { subject: 's', html: '{{unsubscribe}} {{unsubscribeUrl}}' };
    const values = { unsubscribe: 'x', unsubscribeUrl: 'y' };
    expect(renderFor(parseContent(source, 'marketing'), values, undefined).html).toBe('[unsubscribe] [unsubscribe]');
    expect(renderFor(parseContent(source, 'transactional'), values, undefined).html).toBe('x y');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'takes %s for a name like any other and reads nothing from a prototype',
    (name) => {
      const content = parseContent({ subject: `[{{${name}}}]`, html: `[{{${name}}}]` }, 'transactional');
      const set = (value: string): Variables => Object.fromEntries([[name, value]]);
      expect(renderFor(content, {}, {})).toEqual({ subject: '[]', html: '[]' });
      expect(renderFor(content, set('d'), {})).toEqual({ subject: '[d]', html: '[d]' });
      expect(renderFor(content, set('d'), set('o'))).toEqual({ subject: '[o]', html: '[o]' });
    },
  );

  it('does not substitute in what a value says', () => {
    const content = parseContent({ subject: '{{a}}{{b}}', text: '{{a}}' }, 'transactional');
    expect(renderFor(content, {}, { a: '{{b}}', b: '$& $1' })).toEqual({ subject: '{{b}}$& $1', html: '{{b}}' });
  });
});
