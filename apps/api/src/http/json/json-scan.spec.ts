import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FieldError } from '@gateway/core';
import { parseStrict, readText } from '../bodies/strict-json.js';
import { isExactNumber, mayBeInexact } from './exact-number.js';
import { faultsIn } from './json-faults.js';
import { MAX_DEPTH } from './json-scan.js';
import { hasEveryMember } from './member-names.js';
import { readJson } from './read-json.js';

const faultsOf = (text: string): readonly FieldError[] => readText(Buffer.from(text), 'The body').faults.all;
const places = (text: string): readonly string[] => faultsOf(text).map(({ pointer }) => pointer);

describe('numbers', () => {
  it.each([
    '0',
    '-0',
    '1',
    '1.50',
    '0.1',
    '-12e3',
    '1e15',
    '9007199254740991',
    '9007199254740992',
    '0.30000000000000004',
  ])('keeps %s', (source) => {
    expect(isExactNumber(source)).toBe(true);
    expect(places(`{"n":${source}}`)).toEqual([]);
  });

  it.each([
    '9007199254740993',
    '9007199254740994',
    '-9007199254740993',
    '4634343214213523454',
    '1e999',
    '-1e999',
    '1e21',
    '1e-400',
    '0.1000000000000000000001',
    '3.14159265358979323846',
    `1${'0'.repeat(5000)}`,
    `0.${'1'.repeat(5000)}`,
  ])('reports %s', (source) => {
    expect(places(`{"variables":{"n":${source}},"ok":1}`)).toEqual(['/variables/n']);
    expect(places(`{ "a/b" : [ 1 , ${source} , 2 ] }`)).toEqual(['/a~1b/1']);
    expect(places(source)).toEqual(['']);
    expect(mayBeInexact(`{"n":${source}}`)).toBe(true);
  });

  it('passes over digits in texts, and whatever JSON writes of a number that JavaScript has', () => {
    expect(places('{"a":"9007199254740993","9007199254740993":"1e999"}')).toEqual([]);
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 53), max: 2 ** 53 }),
      fc.maxSafeInteger(),
    );
    fc.assert(fc.property(number, (n) => expect(isExactNumber(JSON.stringify(n))).toBe(true)));
  });

  it('finds with its cheap look every number that is not kept', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789.eE+-'), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(digits, (source) => {
        if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(source) && !isExactNumber(source)) {
          expect(mayBeInexact(`[${source}]`)).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('depth', () => {
  const nested = (depth: number): string => `${'{"a":['.repeat(depth / 2)}1${']}'.repeat(depth / 2)}`;

  it('refuses bytes that are not UTF-8 where they are nested too deeply, too', () => {
    const bytes = Buffer.from(`{"deep":${'['.repeat(90)}"\u00ff"${']'.repeat(90)}}`, 'latin1');
    expect(() => readText(bytes, 'It')).toThrow('It is not valid UTF-8.');
  });

  it('takes what is nested a little, and reports what is nested too deeply where it begins', () => {
    expect(faultsOf(nested(MAX_DEPTH))).toEqual([]);
    const [fault, ...others] = faultsOf(`{"x":1,"metadata":${nested(8000)},"y":2}`);
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ code: 'too_many' });
    expect(fault?.pointer).toMatch(/^\/metadata\/a\/0\/a\/0\//);
  });

  it('reads the rest as if nothing had been there', () => {
    const { value } = readText(Buffer.from(`{"x":1,"deep":${'['.repeat(9000)}"]"${']'.repeat(9000)},"y":[2]}`), 'It');
    expect(value).toMatchObject({ x: 1, y: [2] });
  });

  it('refuses brackets without end as what is no JSON', () => {
    expect(() => parseStrict(Buffer.from('['.repeat(100_000)), 'It')).toThrow('It is not valid JSON.');
  });
});

describe('members that are null', () => {
  it('are absent everywhere but in metadata', () => {
    const text = '{"a":null,"b":{"c":null,"d":[null,{"e":null}]},"metadata":{"f":null,"g":{"h":null}},"i":"null"}';
    expect(parseStrict(Buffer.from(text), 'It')).toEqual({
      b: { d: [null, {}] },
      metadata: { f: null, g: { h: null } },
      i: 'null',
    });
    expect(parseStrict(Buffer.from('{"metadata":null,"x":1}'), 'It')).toEqual({ x: 1 });
    expect(parseStrict(Buffer.from('null'), 'It')).toBeNull();
  });
});

describe('members that are given twice', () => {
  const read = (text: string): unknown => parseStrict(Buffer.from(text), 'It');
  const many = (count: number, more = ''): string =>
    `{${Array.from({ length: count }, (_, i) => `"n${i}":${i}`).join(',')}${more}}`;

  it.each([
    ['{"to":"a","to":"b"}', '/to'],
    ['{"to":"a","to":"a"}', '/to'],
    ['{ "to" : 1 , "x" : {"to":2} , "to" : null }', '/to'],
    ['{"a":[1,{"b":{"c":1,"d":[],"c":2}}]}', '/a/1/b/c'],
    ['[{"a":1},{"a":1,"a":2}]', '/1/a'],
    [String.raw`{"to":1,"t\u006f":2}`, '/to'],
    [String.raw`{"t\u006F":1,"\u0074o":2}`, '/to'],
    ['{"한":1,"b":2,"한":3}', '/한'],
    ['{"":1,"":2}', '/'],
    ['{"metadata":{"a":{"b":1,"b":2}}}', '/metadata/a/b'],
    [many(17, ',"n3":0'), '/n3'],
    [many(5000, ',"n4999":0'), '/n4999'],
    [many(20, String.raw`,"\u006e3":0`), '/n3'],
  ])('are malformed: %s', (text, pointer) => {
    expect(() => read(text)).toThrow(`It gives the member ${pointer} more than once.`);
  });

  it.each([
    '{"a":{"to":1},"b":{"to":2},"to":3}',
    '[{"to":1},{"to":2}]',
    '{"to":"to","a":["to","to",{"to":"to"}]}',
    String.raw`{"a\\":1,"a":2,"a\"":3,"\"":4}`,
    many(5000),
  ])('are not seen in %s', (text) => {
    expect(read(text)).toEqual(JSON.parse(text));
  });

  it('are found wherever they are, and only there', () => {
    const name = fc.constantFrom('a', 'b', 'aa', 'C', String.raw`\u0061`, String.raw`\"`, '{', ',');
    const value: fc.Memo<string> = fc.memo((depth) =>
      depth <= 1
        ? fc.constantFrom('1', '"a"', String.raw`"\":{"`, 'true', '[]', '{}')
        : fc.oneof(
            fc.array(value(depth - 1), { maxLength: 3 }).map((all) => `[${all.join(',')}]`),
            fc
              .array(fc.tuple(name, value(depth - 1)), { maxLength: 4 })
              .map((all) => `{${all.map(([key, each]) => `"${key}" :${each}`).join(', ')}}`),
          ),
    );
    const isLossless = (text: string): boolean => {
      const written = text.match(/"(?:[^"\\]|\\.)*" :/g)?.length ?? 0;
      const counted = (each: unknown): number =>
        typeof each !== 'object' || each === null
          ? 0
          : Object.values(each).reduce<number>(
              (sum, inner) => sum + counted(inner),
              Array.isArray(each) ? 0 : Object.keys(each).length,
            );
      return written === counted(JSON.parse(text));
    };
    fc.assert(
      fc.property(value(4), (text) => {
        const read = readText.bind(undefined, Buffer.from(text), 'It');
        if (isLossless(text)) expect(read().faults.count).toBe(0);
        else expect(read).toThrow(/more than once/);
        // The cheap look may be wrong in one direction only.
        if (!isLossless(text)) expect(hasEveryMember(text, [JSON.parse(text)])).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('names that change an object', () => {
  it.each(['__proto__', '\\u005f\\u005fproto__', '__\\u0070roto__', '__prot\\u006F__'])('refuses %s', (name) => {
    expect(places(`{"attributes":{"${name}":1}}`)).toEqual(['/attributes/__proto__']);
  });

  it('takes the harmless ones as data', () => {
    const value = parseStrict(Buffer.from('{"constructor":1,"prototype":2,"toString":"\\u005f"}'), 'It');
    expect(Object.entries(value as object)).toEqual([
      ['constructor', 1],
      ['prototype', 2],
      ['toString', '_'],
    ]);
  });
});

describe('entries of a list that are refused one by one', () => {
  const read = async (entries: readonly string[], pad = 0): Promise<readonly unknown[]> => {
    const body = `{"messages":[${entries.join(',')}],"pad":"${'x'.repeat(pad)}"}`;
    const { messages } = (await readJson(Buffer.from(body), { entries: ['messages'] })) as { messages: unknown[] };
    return messages;
  };

  it.each([1, 2000])('keep their faults apart, %i times over', async (times) => {
    const many = Array.from({ length: 150 }, () => '1e999').join(',');
    const wrong = [`{"a":[${many}]}`, '{"b":1}', '{"c":"\\u0000"}', `{"d":${'['.repeat(8000)}${']'.repeat(8000)}}`];
    const entries = await read(
      times === 1 ? wrong : [...wrong, ...Array.from({ length: times }, () => `{"x":"${'x'.repeat(90)}"}`)],
    );
    const counts = entries.slice(0, 5).map((entry) => faultsIn(entry)?.count ?? 0);
    expect(counts).toEqual(times === 1 ? [150, 0, 1, 1] : [150, 0, 1, 1, 0]);
    expect(faultsIn(entries[0])?.all[0]).toMatchObject({ pointer: '/a/0' });
    expect(faultsIn(entries[2])?.all).toMatchObject([{ pointer: '/c' }]);
    expect(entries[1]).toEqual({ b: 1 });
  });

  it('let what is wrong outside of them be refused', async () => {
    const refusal = readJson(Buffer.from('{"messages":[{}],"n":1e999}'), { entries: ['messages'] });
    await expect(refusal).rejects.toMatchObject({ fieldErrors: [{ pointer: '/n' }] });
  });
});
