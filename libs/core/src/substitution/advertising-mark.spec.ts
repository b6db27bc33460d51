import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withMark, withoutMark } from './advertising-mark.js';

describe(withMark.name, () => {
  it.each([
    ['할인', '(광고) 할인'],
    ['(광고) 할인', '(광고) 할인'],
    ['(광고)할인', '(광고) 할인'],
    ['  (광고) 할인', '(광고) 할인'],
    ['\u00a0\u200b\ufeff\u3000(광고)\u3000할인', '(광고) 할인'],
    ['(\u1100\u116a\u11bc\u1100\u1169) 할인', '(광고) 할인'],
    ['(\uacfc\u11bc고) 할인', '(광고) 할인'],
    ['（광고） 할인', '(광고) 할인'],
    ['[광고] 할인', '(광고) 할인'],
    ['【광고】할인', '(광고) 할인'],
    ['( 광 고 ) 할인', '(광고) 할인'],
    ['(광고) (광고) 할인', '(광고) 할인'],
    ['[광고](광고)할인', '(광고) 할인'],
    ['(광고)', '(광고)'],
    [' ', '(광고)'],
    ['할인 (광고)', '(광고) 할인 (광고)'],
    ['(광고주) 안내', '(광고) (광고주) 안내'],
    ['광고 할인', '(광고) 광고 할인'],
    ['(AD) Sale', '(광고) (AD) Sale'],
  ])('reads %j as %j', (subject, marked) => {
    expect(withMark(subject)).toBe(marked);
  });

  it('changes nothing the second time, whatever the subject', () => {
    const piece = fc.constantFrom(
      '(',
      '[',
      '（',
      '광',
      '고',
      '\u1100\u1169',
      ')',
      '】',
      ' ',
      '\u200b',
      '할인',
      '(광고)',
    );
    const subject = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(subject, (text) => {
        const marked = withMark(text);
        expect(withMark(marked)).toBe(marked);
        expect(withoutMark(marked)).toBe(withoutMark(text));
      }),
    );
  });

  it('takes linear time', () => {
    const started = performance.now();
    withMark(' '.repeat(2_000_000));
    withMark('(광고)'.repeat(500_000));
    withMark(`(광${' '.repeat(2_000_000)}`);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
