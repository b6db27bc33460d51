import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Content, Variables } from '../message.js';
import { encodeValue, parseContent, type Encoding } from './parts.js';
import { renderFor } from './render.js';
import { ValueSizes } from './value-sizes.js';

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');
const NAMES = ['a', 'b', '이름', '__proto__', 'constructor', 'toString'] as const;

const unit = fc.constantFrom('a', '"', "'", '&', '<', '\n', '\r\n', ' ', '\t', '한', '😀', 'é', '$');
const value = fc.array(unit, { maxLength: 20 }).map((units) => units.join(''));
const variables: fc.Arbitrary<Variables> = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), value))
  .map((entries) => Object.fromEntries(entries));
const text = fc
  .array(fc.oneof(value, fc.constantFrom(...NAMES.flatMap((name) => [`{{${name}}}`, `{{{${name}}}}`]))))
  .map((pieces) => pieces.join(''));
const content: fc.Arbitrary<Content> = fc.oneof(
  text.map((html) => ({ subject: 's', html })),
  text.map((plain) => ({ subject: 's', text: plain })),
);

describe(ValueSizes.name, () => {
  it('bounds the body of every recipient, and tightly', () => {
    fc.assert(
      fc.property(content, variables, fc.array(variables, { maxLength: 6 }), (source, defaults, recipients) => {
        const parsed = parseContent(source, 'transactional');
        const sizes = new ValueSizes(parsed, defaults);
        for (const own of recipients) sizes.add(own);
        for (const own of [undefined, ...recipients]) {
          expect(sizes.bodyBytes).toBeGreaterThanOrEqual(bytesOf(renderFor(parsed, defaults, own).html));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is exact for one recipient', () => {
    fc.assert(
      fc.property(content, variables, (source, own) => {
        const parsed = parseContent(source, 'transactional');
        const given = new ValueSizes(parsed, {});
        given.add(own);
        const rendered = bytesOf(renderFor(parsed, {}, own).html);
        expect(given.bodyBytes).toBe(rendered);
        expect(new ValueSizes(parsed, own).bodyBytes).toBe(rendered);
      }),
      { numRuns: 200 },
    );
  });

  it('is exact for the longest of many recipients, in whatever order they come', () => {
    const parsed = parseContent({ subject: 's', html: '<p>{{a}}</p>' }, 'transactional');
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const sizes = new ValueSizes(parsed, {});
        for (const a of values) sizes.add({ a });
        const longest = Math.max(...values.map((a) => bytesOf(renderFor(parsed, {}, { a }).html)));
        expect(sizes.bodyBytes).toBe(longest);
      }),
      { numRuns: 200 },
    );
  });

  it('sees a value that is shorter than the longest but grows by escaping', () => {
    const sizes = new ValueSizes(parseContent({ subject: 's', html: '{{a}}' }, 'transactional'), {});
    sizes.add({ a: 'x'.repeat(59) });
    sizes.add({ a: '"'.repeat(10) });
    expect(sizes.bodyBytes).toBe(60);
  });

  it('counts a value once for each place, each in its own encoding', () => {
    const sizes = new ValueSizes(parseContent({ subject: '{{a}}', html: '{{a}}{{{a}}}{{a}}' }, 'transactional'), {});
    sizes.add({ a: '<' });
    expect(sizes.bodyBytes).toBe(4 + 1 + 4);
  });

  it('knows by whose value a body is too large, if it is one', () => {
    const recipient = (position: number) => ({ position, address: `r${position}@example.com`, type: 'to' as const });
    const sizes = new ValueSizes(parseContent({ subject: 's', html: 'text {{a}}{{b}}{{a}}' }, 'transactional'), {
      a: '12',
    });
    expect(sizes.culprit(8)).toBeUndefined();
    sizes.add({ a: 'xx', b: 'yyyy' }, recipient(1));
    sizes.add({ a: 'xxxx' }, recipient(2));
    sizes.add({ b: 'yyyyyyy' }, recipient(3));
    sizes.add({ b: 'yyyyyyy' }, recipient(4));
    expect(sizes.bodyBytes).toBe(5 + 2 * 4 + 7);
    expect(sizes.culprit(20)).toBeUndefined();
    expect(sizes.culprit(19)).toMatchObject({ recipient: { position: 3 }, name: 'b', bytes: 7 });
    expect(sizes.culprit(8)).toBeUndefined();
  });

  it('never reads from a prototype', () => {
    const parsed = parseContent({ subject: 's', html: '{{constructor}}{{toString}}{{{__proto__}}}' }, 'transactional');
    const sizes = new ValueSizes(parsed, {});
    sizes.add({});
    expect(sizes.bodyBytes).toBe(0);
  });

  it('costs no more than the values that a recipient brings', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `{{v${i}}}`);
    const sizes = new ValueSizes(parseContent({ subject: 's', html: names.join('') }, 'transactional'), {});
    const started = performance.now();
    for (let i = 0; i < 100_000; i += 1) sizes.add({ v1: 'x' });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(sizes.bodyBytes).toBe(1);
  });
});

describe(encodeValue.name, () => {
  it.each<[Encoding, number]>([
    ['verbatim', 3],
    ['html', 6],
    ['text', 24],
  ])('%s makes at most %i bytes of a UTF-16 unit', (encoding, bound) => {
    let most = 0;
    for (let code = 0; code <= 0xffff; code += 1) {
      most = Math.max(most, bytesOf(encodeValue(String.fromCharCode(code), encoding)));
    }
    expect(most).toBeLessThanOrEqual(bound);
  });
});
