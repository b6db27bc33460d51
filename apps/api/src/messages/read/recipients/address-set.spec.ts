import { describe, expect, it } from '@jest/globals';
import { AddressSet } from './address-set.js';

describe('the addresses of a message', () => {
  const COUNT = 100_000;
  const addresses = Array.from({ length: COUNT }, (_, i) => `customer.${i}@example${i % 7}.co.kr`);

  it('are each new once, and known from then on', () => {
    const set = new AddressSet();
    expect(addresses.filter((address) => set.add(address))).toHaveLength(COUNT);
    expect(addresses.filter((address) => set.add(address))).toHaveLength(0);
    set.clear();
    expect(addresses.slice(0, 10).filter((address) => set.add(address))).toHaveLength(10);
  });

  it.each([
    ['', 'a'],
    ['a', 'b'],
    ['ab', 'ba'],
    ['abc', 'ab'],
    ['ab\u0000', 'ab'],
    ['a\u0001b', 'ab\u0001'],
  ])('%j is not %j', (one, other) => {
    const set = new AddressSet();
    expect([set.add(one), set.add(other), set.add(one)]).toEqual([true, true, false]);
  });
});
