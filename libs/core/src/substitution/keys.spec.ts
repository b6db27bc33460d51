import { describe, expect, it } from '@jest/globals';
import type { Dialect } from './dialect.js';
import { Keys } from './keys.js';

const HASHES: Dialect = {
  variable: (key) => `##${key}##`,
  reserved: /##+/g,
  unsubscribeLink: '<a href="##BLOCK_RECEIVER_LINK_URL##">x</a>',
  unsubscribeUrl: '##BLOCK_RECEIVER_LINK_URL##',
  unsubscribeFooter: '<p>##BLOCK_RECEIVER_LINK##</p>',
};

const keyOf = (name: string, ...texts: string[]): string => new Keys(texts, HASHES).create('id', name);

describe(Keys.name, () => {
  it.each([
    ['name', 'name'],
    ['orderNo', 'orderNo'],
    ['order.item-1', 'order_item_1'],
    ['이름', 'v'],
    ['이름2', 'v2'],
    ['1', 'v1'],
    ['a.이름', 'a'],
    ['__proto__', 'proto'],
    ['_', 'v'],
    ['', 'v'],
  ])('makes a readable key of %j: %s', (name, key) => {
    expect(keyOf(name)).toBe(key);
  });

  it('avoids every word that the caller’s text spells', () => {
    expect(keyOf('name', 'my ##name## is', '${name_2}')).toBe('name_3');
    expect(keyOf('name', 'names are renamed')).toBe('name');
  });

  it.each(['BLOCK_RECEIVER_LINK', 'EN_BLOCK_RECEIVER_LINK', 'BLOCK_RECEIVER_LINK_URL'])(
    'never spells a token of the provider: %s',
    (name) => {
      expect(keyOf(name)).toBe('v');
    },
  );

  it('takes words of the provider’s markup for no tokens', () => {
    expect(keyOf('href')).toBe('href');
    expect(keyOf('p')).toBe('p');
  });

  it('gives each id a key of its own and remembers it', () => {
    const keys = new Keys([], HASHES);
    expect(keys.known('1')).toBeUndefined();
    expect([keys.create('1', 'a'), keys.create('2', 'a'), keys.create('3', 'a', '_2')]).toEqual(['a', 'a_2', 'a_2_2']);
    expect([keys.known('1'), keys.known('2'), keys.known('3')]).toEqual(['a', 'a_2', 'a_2_2']);
  });

  it('takes linear time for many names that look alike and a text that spells their keys', () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `v_${i}`).join(' ');
    const keys = new Keys([text], HASHES);
    const started = performance.now();
    const made = Array.from({ length: 50_000 }, (_, i) => keys.create(`id ${i}`, '이름'));
    expect(new Set(made).size).toBe(50_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
