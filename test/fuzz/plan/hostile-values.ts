import fc from 'fast-check';
import { loose, Raw, type Loose } from './json-text.js';

/** Numbers that JSON can write and a double cannot keep, or that no field takes. */
export const IMPRECISE = [
  '9007199254740993',
  '4634343214213523454',
  '123456789012345678901234567890',
  '-9007199254740995',
];
const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1.5',
  '1e308',
  '1e999',
  '-1e999',
  '1e-400',
  '2147483648',
  '0.1000000000000000055511151231257827',
  '1E+2',
  ...IMPRECISE,
];
/** Texts that no parser may accept as JSON. */
const BROKEN = [
  'NaN',
  'Infinity',
  '01',
  '+1',
  '.5',
  '1.',
  "'a'",
  'undefined',
  'tru',
  '"\\x41"',
  '"\\ud800',
  '"\t"',
  '[1,]',
  '{"a":1,}',
  '/**/1',
  '',
];

export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\r\nBcc: x@example.com',
  '\u0085',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\ufffe',
  '\ud800',
  'a\udc00b',
  '\u200b',
  '\ufffd',
  '가',
  '\u1100\u1161',
  'e\u0301',
  'ß',
  'İ',
  '😀',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'true',
  '[object Object]',
  "' OR 1=1 --",
  '$1',
  '%s%n',
  '{{',
  '{{a}}',
  '{{{a}}}',
  '{{unsubscribe}}',
  '${a}',
  '##a##',
  '#{a}',
  '<script>',
  '../../etc/passwd',
  'kim@example.com',
  'Kim <kim@example.com>, Lee <lee@example.com>',
  '"Kim, Lee" <kim@example.com>',
  'a@b@c',
  '@',
  'kim@',
  'kim@my_host.example.com',
  'kim+news@example.com',
  'kim@münchen.example',
  'kim@xn--',
  'kim@[127.0.0.1]',
  '\\',
  '"',
  'msg_01jgfjjz00e008000000001r51',
  'tpl_zzz',
  'msg_',
  '2026-11-20T00:00:00Z',
  '2026-11-20T00:00:00+09:00',
  '9999-12-31T23:59:59Z',
  '0000-00-00T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '1e3',
  '0x10',
  'auto',
  'ncp',
  'nhn',
  'bounce+unknown_user@example.com',
  'slow+1s@example.com',
  'text/html',
  'PT24H',
  '10.0.0.0/8',
  'http://127.0.0.1:1/',
] as const;

const REPEATED = [
  'a',
  '가',
  '\u0300',
  '\u0300\u0323',
  '\u0000',
  '(',
  '[',
  '{{a}}',
  '<',
  'a@example.com,',
  '\ud800',
  '\u1100',
  '\\',
  '.',
  '9',
] as const;
const TIMES = [3, 60, 300, 1100, 20_000, 130_000] as const;

/** Strings that have broken some program before. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...REPEATED), fc.nat({ max: 99 }))
      .map(([text, luck]) => text.repeat(timesBy(luck))),
  },
);

/** Mostly short: a run of 100,000 requests has to end. */
function timesBy(luck: number): number {
  if (luck < 40) return TIMES[0];
  if (luck < 65) return TIMES[1];
  if (luck < 85) return TIMES[2];
  if (luck < 94) return TIMES[3];
  return luck < 98 ? TIMES[4] : TIMES[5];
}

const deep = fc
  .record({
    depth: fc.constantFrom(3, 9, 33, 200, 3000, 60_000),
    kind: fc.constantFrom('[', '{"a":', '{"not":', '{"all":['),
  })
  .map(({ depth, kind }) => {
    const close = [...kind]
      .reverse()
      .map((letter) => ({ '[': ']', '{': '}' })[letter] ?? '')
      .join('');
    return new Raw(`${kind.repeat(depth)}1${close.repeat(depth)}`);
  });

const many = fc
  .record({
    count: fc.constantFrom(2, 11, 101, 1001, 20_000),
    value: fc.constantFrom<Loose>(null, 1, '', '\u0000', 'a@example.com'),
  })
  .map(({ count, value }): Loose => Array.from({ length: count }, () => value));

const names = fc
  .record({ count: fc.constantFrom(5, 101, 2000, 20_000), text: fc.constantFrom('n', '\u0300', '__proto__') })
  .map(({ count, text }): Loose =>
    loose(Object.fromEntries(Array.from({ length: count }, (_, n) => [`${text}${n}`, n]))),
  );

/** A JSON value that a field most likely does not take. */
export const hostileValue: fc.Arbitrary<Loose> = fc.oneof(
  { weight: 8, arbitrary: hostileText },
  { weight: 5, arbitrary: fc.constantFrom<Loose>(null, true, false, [], loose({}), [null], loose({ a: null })) },
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS).map((text): Loose => new Raw(text)) },
  { weight: 1, arbitrary: fc.constantFrom(...BROKEN).map((text): Loose => new Raw(text)) },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: many },
  { weight: 1, arbitrary: names },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map(loose) },
);
