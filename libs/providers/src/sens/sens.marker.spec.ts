import { describe, expect, it } from '@jest/globals';
import { tokenIn, tokenOf, withMarker } from './sens.marker.js';

const marker = 'bat_01h455vb4pex5vsknk084sn02q.1@xn--shop-0x3b.example.com';
const token = 'bat_01h455vb4pex5vsknk084sn02q.1';
const other = '<!-- bat_01h455vb4pex5vsknk084sn99z.1 -->';

describe(withMarker.name, () => {
  it('is a comment at the end, with nothing that SENS or HTML could read otherwise', () => {
    expect(withMarker('<p>Hi</p>', marker)).toBe(`<p>Hi</p><!-- ${token} -->`);
    expect(tokenOf(marker)).not.toMatch(/--|[$#{}<>]/);
    expect(tokenOf('bat_1.1--><script>$' + '{x}@y')).toBe('bat_1.1____script___x_');
  });

  it('differs by attempt', () => {
    expect(tokenOf(marker.replace('.1@', '.2@'))).not.toBe(tokenOf(marker));
  });
});

describe(tokenIn.name, () => {
  it.each([
    ['as it was sent', withMarker('<p>Hi</p>', marker)],
    ['escaped', '&lt;p&gt;Hi&lt;/p&gt;&lt;!-- bat_01h455vb4pex5vsknk084sn02q.1 --&gt;'],
    ['with the blanks changed', `<p>Hi</p>\n<!--${token}-->\n`],
    ['before tags that a vendor adds', `<body>${withMarker('Hi', marker)}</body></html>`],
    ['after a mail that is quoted', `<blockquote>x${other}</blockquote>${withMarker('Hi', marker)}`],
  ])('finds it %s', (_, body) => {
    expect(tokenIn(body, false)).toBe(token);
  });

  it('does not take the marker of a mail that is only quoted', () => {
    expect(tokenIn(`<blockquote>x${other}</blockquote><p>Thank you</p>`, false)).toBeUndefined();
  });

  it('looks past the unsubscribe text of an advertisement', () => {
    const body = `${withMarker('<p>Sale</p>', marker)}<p>To unsubscribe, <a href="x">click</a>.</p>`;
    expect(tokenIn(body, true)).toBe(token);
    expect(tokenIn(body, false)).toBeUndefined();
  });

  it.each(['', '<p>Hi</p>', '<!-- a comment -->', '<!-- bat_ -->'])('finds none in %j', (body) => {
    expect(tokenIn(body, true)).toBeUndefined();
  });
});
