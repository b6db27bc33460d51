import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressFault } from './address-fault.js';
import { normaliseAddress } from './address.js';

describe(addressFault.name, () => {
  it.each([
    ['', 'required', 'required'],
    [' \t ', 'required', 'required'],
    ['kim@example.com, lee@example.com', 'invalid_address', 'separator'],
    ['kim@example.com;lee@example.com', 'invalid_address', 'separator'],
    ['Kim <kim@example.com>', 'invalid_address', 'angle bracket'],
    ['mailto:kim@example.com', 'invalid_address', '"mailto:"'],
    ['kim＠example.com', 'invalid_address', 'full-width'],
    ['kim@exam\u200bple.com', 'invalid_address', 'invisible'],
    ['kim.example.com', 'invalid_address', 'no "@"'],
    ['"kim lee"@example.com', 'invalid_address', 'quoted part'],
    ['kim@[127.0.0.1]', 'invalid_address', 'literal'],
    ['kim lee@example.com', 'invalid_address', 'blank'],
    ['kim@lee@example.com', 'invalid_address', 'more than one "@"'],
    ['@example.com', 'invalid_address', 'before the "@"'],
    ['kim@', 'invalid_address', 'after the "@"'],
    ['김@example.com', 'invalid_address', 'ASCII'],
    [`${'a'.repeat(65)}@example.com`, 'invalid_address', '64 characters'],
    ['kim..lee@example.com', 'invalid_address', 'dot before'],
    ['kim@my_host.example.com', 'invalid_address', 'no "_"'],
    ['kim@example.com.', 'invalid_address', 'ends with a dot'],
    ['kim@localhost', 'invalid_address', 'no dot'],
    ['kim@한국', 'invalid_address', 'no dot'],
    ['kim@example..com', 'invalid_address', 'is not an e-mail address'],
    [`kim@${'a'.repeat(60)}.${'b'.repeat(200)}.com`, 'too_long', 'at most 254'],
    [`${'k'.repeat(60)}@${'가나다라마바사아자차카타파하.'.repeat(4)}kr`, 'too_long', 'Punycode (has 255)'],
  ])('says what is wrong with %j', (input, code, detail) => {
    expect(normaliseAddress(input)).toBeUndefined();
    expect(addressFault(input)).toEqual({ code, detail: expect.stringContaining(detail) });
  });

  it('answers in a bounded time and text, whatever the input', () => {
    const started = performance.now();
    for (const unit of ['@', ' ', 'a@', '가', '..', '"', '_']) {
      expect(addressFault(`a${unit.repeat(3_000_000)}b`).detail.length).toBeLessThan(200);
    }
    expect(performance.now() - started).toBeLessThan(10_000);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(addressFault(text).detail).toMatch(/address/);
      }),
    );
  });
});
