import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileContent } from './compile.js';
import { BRACES, HASHES } from './dialects.fixture.js';
import { parseContent } from './parts.js';
import { leastLength, mostBytes } from './size-bounds.js';

describe(leastLength.name, () => {
  it('measures without writing anything out', () => {
    const parsed = parseContent({ subject: '{{a}}'.repeat(100), html: 'xy{{b}}{{a}}' }, 'transactional');
    const values = { defaults: { a: 'a'.repeat(10_000_000), b: 'b' }, overridden: new Set<string>() };
    expect(leastLength(parsed.subject, values)).toBe(1_000_000_000);
    expect(leastLength(parsed.body, { ...values, overridden: new Set(['a']) })).toBe(3);
  });
});

/** With edges, as NAVER has it. */
const EDGED = { ...BRACES, edge: /[$#]/ };

/** Texts that a provider could take for its own syntax, at the ends and in the middle, beside variables and values. */
const text = fc
  .array(
    fc.constantFrom('#', '##', '$', '{', '}', '한', 'as_typed', 'a_html', ' ', '(광고)', '{{a}}', '{{b}}', '{{{a}}}'),
  )
  .map((pieces) => pieces.join(''));

describe(mostBytes.name, () => {
  it('is never less than what is compiled, and hardly more for ordinary texts', () => {
    const cases = fc.record({
      subject: text,
      html: text,
      dialect: fc.constantFrom(BRACES, EDGED, HASHES),
      category: fc.constantFrom('transactional' as const, 'marketing' as const),
      overridden: fc.subarray(['a', 'b']),
      value: fc.constantFrom('', '#', '&', '{', '\t', '한글'),
    });
    let compiledTexts = 0;
    fc.assert(
      fc.property(cases, ({ subject, html, dialect, category, overridden, value }) => {
        const content = parsedOr(() => parseContent({ subject, html: `${html} {{unsubscribe}}` }, category));
        if (content === undefined) return;
        compiledTexts += 1;
        const values = { defaults: { a: value, b: value, unsubscribe: '' }, overridden: new Set(overridden) };
        const compiled = compileContent(content, dialect, values);
        const most = mostBytes(content, dialect, values);
        expect(most.subject).toBeGreaterThanOrEqual(Buffer.byteLength(compiled.subject));
        expect(most.body).toBeGreaterThanOrEqual(Buffer.byteLength(compiled.body));
      }),
      { numRuns: 2000 },
    );
    expect(compiledTexts).toBeGreaterThan(1000);
    const html = `<p>주문 {{code}}</p>${'<p>안녕하세요</p>'.repeat(1000)}`;
    const order = parseContent({ subject: '주문 {{code}}', html }, 'transactional');
    const values = { defaults: {}, overridden: new Set(['code']) };
    const exact = compileContent(order, BRACES, values);
    expect(mostBytes(order, BRACES, values).body).toBeLessThan(Buffer.byteLength(exact.body) + 200);
    expect(mostBytes(order, BRACES, values).subject).toBeLessThan(Buffer.byteLength(exact.subject) + 150);
  });
});

/** Pieces may meet as syntax that is not ours. */
function parsedOr<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
