import { describe, expect, test } from '@jest/globals';
import { TemplateText } from './template-text.js';

describe(TemplateText.name, () => {
  test('DEFAULT fills ##key## in one pass', () => {
    const text = new TemplateText('##a## ##b## # ##', 'DEFAULT', false);
    expect(text.fill({ a: '##b##' }, { a: 'no', b: 2 })).toBe('##b## 2 # ##');
  });

  test('names the first key that is missing', () => {
    expect(new TemplateText('##a## ##b##', 'DEFAULT', false).missingKey({ a: '' }, {})).toBe('b');
    expect(new TemplateText('${a} ${b!"x"} ${c}', 'FREEMARKER', false).missingKey({ a: '' }, {})).toBe('c');
  });

  test('FREEMARKER knows keys, defaults, literals and noparse', () => {
    const text = new TemplateText('${a} ${b!"x"} ${"${a}"} <#noparse>${a}</#noparse> ##c##', 'FREEMARKER', false);
    expect(text.fill({ a: '1' }, {})).toBe('1 x ${a} ${a} ##c##');
  });

  test('unsubscribe tokens are filled in ad mail and left alone in other mail', () => {
    const body = '##BLOCK_RECEIVER_LINK_URL## ##EN_BLOCK_RECEIVER_LINK##';
    expect(new TemplateText(body, 'DEFAULT', true).fill(undefined, {})).toMatch(
      /^https:\S+ <a href=".*Unsubscribe<\/a>$/,
    );
    const plain = new TemplateText(body, 'DEFAULT', false);
    expect(plain.fill(undefined, {})).toBe(body);
    expect(plain.missingKey(undefined, {})).toBeUndefined();
  });
});
