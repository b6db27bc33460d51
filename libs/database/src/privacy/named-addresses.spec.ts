import { describe, expect, it } from '@jest/globals';
import { namesAny } from './named-addresses.js';

const ADDRESSES = new Set(['kim@example.com', 'o+tag@sub.example.com']);

describe(namesAny.name, () => {
  it.each([
    'kim@example.com',
    'Write to KIM@Example.com.',
    '<a href="mailto:kim@example.com">',
    'https://shop.example/?u=kim%40example.com&v=1',
    '{"friend":"kim@example.com"}',
    'a@b.example,kim@example.com-',
    'o+tag@sub.example.com',
  ])('finds one in %s', (text) => {
    expect(namesAny(text, ADDRESSES)).toBe(true);
  });

  it.each([
    '',
    '@',
    'jo.kim@example.com',
    'kim@example.community',
    'kim@example.com.kr',
    'kim @example.com',
    'im@example.com',
  ])('finds none in %s', (text) => {
    expect(namesAny(text, ADDRESSES)).toBe(false);
  });

  it.each(['a'.repeat(2_000_000), '@'.repeat(500_000), 'a@'.repeat(500_000), `@${'-'.repeat(2_000_000)}`])(
    'takes no longer for a text that is made to be slow',
    (text) => {
      const begun = performance.now();
      expect(namesAny(text, ADDRESSES)).toBe(false);
      expect(performance.now() - begun).toBeLessThan(5000);
    },
  );
});
