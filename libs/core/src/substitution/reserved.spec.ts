import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Dialect } from './dialect.js';
import { cutReserved } from './reserved.js';

const BRACES: Dialect = { variable: (key) => `\${${key}}`, reserved: /\$\{|#\{/g, unsubscribeLink: '#{U}' };
const HASHES: Dialect = { variable: (key) => `##${key}##`, reserved: /##+/g, edge: /#/, unsubscribeLink: '##U##' };
const CAREFUL: Dialect = { ...BRACES, edge: /\$/ };

/** Reserved runs in brackets. */
const shown = (text: string, dialect: Dialect, left: boolean, right: boolean): string =>
  cutReserved(text, dialect, { left, right })
    .map((run) => (run.reserved ? `[${run.text}]` : run.text))
    .join('');

describe(cutReserved.name, () => {
  it.each([
    [BRACES, 'plain $ # { } text', false, 'plain $ # { } text'],
    [BRACES, '${a} #{b}', true, '[${]a} [#{]b}'],
    [BRACES, '$${a}', true, '$[${]a}'],
    [CAREFUL, '$${a}', false, '[$${]a}'],
    [CAREFUL, '$ a $', true, '[$] a [$]'],
    [HASHES, 'a#b', true, 'a#b'],
    [HASHES, '##a##', false, '[##]a[##]'],
    [HASHES, '#', true, '[#]'],
    [HASHES, '#', false, '#'],
    [HASHES, '##', true, '[##]'],
    [HASHES, '###', true, '[###]'],
    [HASHES, '#a#', true, '[#]a[#]'],
    [HASHES, '#a#', false, '#a#'],
    [HASHES, '#a##b#', true, '[#]a[##]b[#]'],
    [HASHES, '', true, ''],
  ] as const)('cuts (%#) %j', (dialect, text, neighbours, expected) => {
    expect(shown(text, dialect, neighbours, neighbours)).toBe(expected);
  });

  it('looks at each side on its own', () => {
    expect(shown('#a#', HASHES, true, false)).toBe('[#]a#');
    expect(shown('#a#', HASHES, false, true)).toBe('#a[#]');
  });

  it('loses nothing and leaves nothing reserved nor an edge beside a variable', () => {
    const unit = fc.constantFrom('#', '##', '$', '{', '}', 'a', '${', '#{');
    const dialect = fc.constantFrom(BRACES, HASHES, CAREFUL);
    fc.assert(
      fc.property(dialect, fc.array(unit), fc.boolean(), fc.boolean(), (each, units, left, right) => {
        const text = units.join('');
        const runs = cutReserved(text, each, { left, right });
        expect(runs.map((run) => run.text).join('')).toBe(text);
        for (const [i, run] of runs.entries()) {
          if (run.reserved) continue;
          expect(run.text.search(each.reserved)).toBe(-1);
          if (each.edge === undefined) continue;
          if (i > 0 || left) expect(each.edge.test(run.text.charAt(0))).toBe(false);
          if (i < runs.length - 1 || right) expect(each.edge.test(run.text.at(-1) ?? '')).toBe(false);
        }
      }),
    );
  });

  it.each(['#', '#a', '##a', '$', '${', '#{ '])('takes linear time for a long run of %j', (unit) => {
    const text = unit.repeat(200_000 / unit.length);
    const started = performance.now();
    for (const dialect of [BRACES, HASHES, CAREFUL]) cutReserved(text, dialect, { left: true, right: true });
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
