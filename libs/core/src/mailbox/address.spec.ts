import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addressKey,
  domainOf,
  isSameAddress,
  MAX_ADDRESS_LENGTH,
  normaliseAddress,
  normaliseDomain,
} from './address.js';

const MEGABYTE = 1_000_000;
// Code that is not linear takes minutes with these inputs; linear code on a busy machine does not.
const BOUND_MS = 20_000;

const milliseconds = (act: () => unknown): number => {
  const started = performance.now();
  act();
  return performance.now() - started;
};

describe(normaliseAddress.name, () => {
  it.each([
    ['kim@example.com', 'kim@example.com'],
    ['  kim@example.com\t', 'kim@example.com'],
    ['Kim.Lee@EXAMPLE.Com', 'Kim.Lee@example.com'],
    ['kim+tag@mail.example.co.kr', 'kim+tag@mail.example.co.kr'],
    ["o'brien!#$%&*/=?^_`{|}~-@example.com", "o'brien!#$%&*/=?^_`{|}~-@example.com"],
    ['kim@한국.com', 'kim@xn--3e0b707e.com'],
    ['kim@메일.한국', 'kim@xn--h32bq4v.xn--3e0b707e'],
    ['kim@한국。COM', 'kim@xn--3e0b707e.com'],
    ['kim@ＥＸＡＭＰＬＥ.com', 'kim@example.com'],
    ['kim@XN--3E0B707E.com', 'kim@xn--3e0b707e.com'],
    ['kim_lee@example.com', 'kim_lee@example.com'],
    ['kim@xn--3e0b707e.COM', 'kim@xn--3e0b707e.com'],
    [`kim@${'한국'.normalize('NFD')}.com`, 'kim@xn--3e0b707e.com'],
    ['\u00a0kim@example.com\ufeff', 'kim@example.com'],
  ])('takes %j as %j', (input, expected) => {
    expect(normaliseAddress(input)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['no @', 'kim.example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'kim@'],
    ['two @', 'kim@lee@example.com'],
    ['a domain without dot', 'kim@localhost'],
    ['an empty label', 'kim@example..com'],
    ['a dot at the head of the domain', 'kim@.example.com'],
    ['a dot at the end of the domain', 'kim@example.com.'],
    ['a dot at the end of an international domain', 'kim@한국.com.'],
    ['an empty label of an international domain', 'kim@한국..com'],
    ['a hyphen at the end of a label', 'kim@example-.com'],
    ['a hyphen at the end of a Punycode top level', 'kim@example.xn--a-'],
    ['a numeric top level', 'kim@example.123'],
    ['an IP address', 'kim@127.0.0.1'],
    ['an IP address in full-width digits', 'kim@１２７.０.０.１'],
    ['an address literal', 'kim@[127.0.0.1]'],
    ['a dot at the head', '.kim@example.com'],
    ['a dot at the end', 'kim.@example.com'],
    ['two dots', 'kim..lee@example.com'],
    ['a quoted local part', '"kim lee"@example.com'],
    ['a Korean local part', '김@example.com'],
    ['a space in the local part', 'kim lee@example.com'],
    ['a space in the domain', 'kim@exam ple.com'],
    ['a comma', 'kim,lee@example.com'],
    ['angle brackets', '<kim@example.com>'],
    ['a line feed inside', 'kim@example.com\nBcc: lee@example.com'],
    ['CR LF inside', 'kim\r\n@example.com'],
    ['a NUL', 'kim\0@example.com'],
    ['a delete character', 'kim\u007f@example.com'],
    ['a line feed in an international domain', 'kim@한\n국.com'],
    ['a tab in an international domain', 'kim@한\t국.com'],
    ['CR LF in an international domain', 'kim@한국\r\n.com'],
    ['a NUL in an international domain', 'kim@한국\0.com'],
    ['a C1 control character in an international domain', 'kim@한국\u0085.com'],
    ['a path after an international domain', 'kim@한국.com/evil'],
    ['a backslash after an international domain', 'kim@한국.com\\evil'],
    ['a query after an international domain', 'kim@한국.com?x'],
    ['a fragment after an international domain', 'kim@한국.com#x'],
    ['a port after an international domain', 'kim@한국.com:25'],
    ['percent escapes in an international domain', 'kim@%65vil한.com'],
    ['a full-width @', 'kim＠example.com'],
    ['a small @', 'kim﹫example.com'],
    ['an underscore in the domain', 'kim@my_host.example.com'],
    ['an underscore in an international domain', 'kim@my_host.한국'],
    ['a full-width underscore in the domain', 'kim@my＿host.example.com'],
    ['a zero-width space in the local part', 'k\u200bim@example.com'],
    ['a zero-width space in the domain', 'kim@exam\u200bple.com'],
    ['a soft hyphen in the domain', 'kim@exam\u00adple.com'],
    ['a zero-width joiner in the domain', 'kim@exam\u200dple.com'],
    ['a word joiner behind the domain', 'kim@example.com\u2060'],
    ['a Hangul filler in the domain', 'kim@exam\u3164ple.com'],
    ['a mailto: URL', 'mailto:kim@example.com'],
    ['percent escapes for the @', 'kim%40example.com'],
    ['a name', 'Kim <kim@example.com>'],
    ['a list', 'kim@example.com,lee@example.com'],
    ['a comment', 'kim@example.com (Kim)'],
    ['a lone surrogate', 'kim@\ud83d한.com'],
  ])('refuses %s', (_what, input) => {
    expect(normaliseAddress(input)).toBeUndefined();
  });

  it('takes the longest local part and refuses one character more', () => {
    expect(normaliseAddress(`${'a'.repeat(64)}@example.com`)).toBeDefined();
    expect(normaliseAddress(`${'a'.repeat(65)}@example.com`)).toBeUndefined();
  });

  it('takes the longest label and refuses one character more', () => {
    expect(normaliseAddress(`kim@${'a'.repeat(63)}.com`)).toBeDefined();
    expect(normaliseAddress(`kim@${'a'.repeat(64)}.com`)).toBeUndefined();
  });

  it('takes the longest address and refuses one character more', () => {
    const domain = `${`${'a'.repeat(60)}.`.repeat(4)}com`;
    const of = (length: number): string => `${'k'.repeat(length - domain.length - 1)}@${domain}`;
    expect(normaliseAddress(of(MAX_ADDRESS_LENGTH))).toHaveLength(MAX_ADDRESS_LENGTH);
    expect(normaliseAddress(of(MAX_ADDRESS_LENGTH + 1))).toBeUndefined();
  });

  it('measures an international domain in Punycode', () => {
    const domain = `${'가나다라마바사아자차카타파하.'.repeat(4)}kr`;
    expect(normaliseAddress(`${'k'.repeat(59)}@${domain}`)).toHaveLength(MAX_ADDRESS_LENGTH);
    expect(normaliseAddress(`${'k'.repeat(60)}@${domain}`)).toBeUndefined();
  });

  it('is idempotent and lets nothing but visible ASCII through', () => {
    const unit = fc.constantFrom(...'ab.A-_@ \t\r\n\0\u007f\u0085\u2028한국。／<>"\\%#/?:é+1xn');
    const text = fc.array(unit, { maxLength: 12 }).map((units) => units.join(''));
    const nearly = fc.tuple(text, text).map(([local, domain]) => `a${local}@${domain}.com`);
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), nearly, fc.string({ unit: 'binary' })), (input) => {
        const once = normaliseAddress(input);
        if (once === undefined) return;
        expect(once).toMatch(/^[\x21-\x7e]+$/);
        expect(once.length).toBeLessThanOrEqual(MAX_ADDRESS_LENGTH);
        expect(normaliseAddress(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['letters', 'a'.repeat(MEGABYTE)],
    ['@', '@'.repeat(MEGABYTE)],
    ['blanks', `a${' '.repeat(MEGABYTE)}b`],
    ['dots', `a@${'.'.repeat(MEGABYTE)}`],
    ['short labels', `a@${'a.'.repeat(MEGABYTE)}`],
    ['short local words', `${'a.'.repeat(MEGABYTE)}@example.com`],
    [
      'Korean labels',
      `a@${Array.from({ length: 60_000 }, (_, i) => String.fromCharCode(0xac00 + ((i * 7919) % 11_000))).join('')}.kr`,
    ],
    ['hyphens within the limit', `a@${'a-'.repeat(120)}!`],
  ])('takes linear time for a hostile run of %s', (_what, input) => {
    expect(milliseconds(() => normaliseAddress(input))).toBeLessThan(BOUND_MS);
  });
});

describe(normaliseDomain.name, () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['한국.com', 'xn--3e0b707e.com'],
    ['localhost', undefined],
    ['my_host.example.com', undefined],
    ['kim@example.com', undefined],
  ])('reads %j as %j', (input, expected) => {
    expect(normaliseDomain(input)).toBe(expected);
  });
});

describe(isSameAddress.name, () => {
  it.each([
    ['kim@example.com', ' KIM@Example.Com '],
    ['kim@xn--3e0b707e.com', 'kim@한국.com'],
    ['no address', 'No Address '],
  ])('takes %j and %j for one', (one, other) => {
    expect(isSameAddress(one, other)).toBe(true);
  });

  it('tells different ones apart', () => {
    expect(isSameAddress('kim@example.com', 'kim@example.org')).toBe(false);
  });
});

describe(addressKey.name, () => {
  it('makes addresses that differ only in case one', () => {
    expect(addressKey('Kim@Example.com')).toBe(addressKey('kim@example.COM'));
  });
});

describe(domainOf.name, () => {
  it('is what follows the last @', () => {
    expect(domainOf('kim@mail.example.com')).toBe('mail.example.com');
  });
});
