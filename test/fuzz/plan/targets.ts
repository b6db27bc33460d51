import fc from 'fast-check';
import type { DocumentedCall } from '../document.js';
import { hostileText } from './hostile-values.js';

export interface Target {
  /** latin1, as on the request line. */
  readonly text: string;
  /** Is the path still that of the call? */
  readonly own: boolean;
}

const IDS = [
  'msg_01jgfjjz00e008000000001r51',
  'tpl_01jgfjjz00e008000000001r51',
  'msg_',
  'msg_zzzzzzzzzzzzzzzzzzzzzzzzzz',
  'MSG_01JGFJJZ00E008000000001R51',
  'msg_01jgfjjz00e008000000001r5%31',
  '%00',
  '%zz',
  '%ff',
  '%2e%2e',
  '..',
  '.',
  '%2f',
  '%252f',
  '__proto__',
  'constructor',
  '1',
  '-1',
  '*',
  '~',
  'kim@example.com',
  'kim%40example.com',
  'kim+news@example.com',
  '%EA%B0%80',
  'null',
  'ncp',
  'nhn',
  'x'.repeat(3000),
] as const;

const VALUES = [
  '',
  '0',
  '1',
  '50',
  '1000',
  '1001',
  '-1',
  '1.5',
  '1e2',
  '0x10',
  '9007199254740993',
  'NaN',
  'null',
  'true',
  '%00',
  '%ff',
  '%zz',
  '%',
  '+',
  '%2B',
  'a+b@example.com',
  'a%2Bb@example.com',
  'nonsense',
  'kim@m%C3%BCnchen.example',
  '%EA%B0%80',
  '2026-11-20T00:00:00Z',
  '2026-11-20T00:00:00+09:00',
  '2026-11-20T00:00:00%2B09:00',
  '0000-00-00',
  '9999-12-31T23:59:59.999Z',
  'final',
  'failed',
  'domain',
  'ncp',
  '[]',
  '{}',
  "'",
  '%ED%A0%80',
] as const;

/** Forged contents of a cursor, which is base64 of JSON. */
const CURSORS = [
  '{"address":"\\u0000","scope":"all"}',
  '{"address":"a","scope":"nonsense"}',
  '"\\u0000"',
  '"01941f29-7c00-7000-8000-00000000e0a1"',
  'null',
  '[]',
  '{}',
  '[null]',
  '1e999',
  '{"id":1}',
  '{"id":"x","createdAt":"y"}',
  '"\\ud800"',
  '{"__proto__":1}',
  '[1,2,3]',
  '{"position":-1}',
  '{"position":1e308}',
  'x',
  '["9999-99-99T00:00:00Z","01941f29-7c00-7000-8000-00000000e0a1"]',
  '{"name":"\\u0000","id":"01941f29-7c00-7000-8000-00000000e0a1"}',
  '[[[[[[]]]]]]',
] as const;

const cursor = fc.oneof(
  fc.constantFrom(...CURSORS).map((text) => Buffer.from(text).toString('base64url')),
  fc.constantFrom(...CURSORS).map((text) => encodeURIComponent(Buffer.from(text).toString('base64'))),
  hostileText.map((text) => Buffer.from(JSON.stringify(text)).toString('base64url')),
  fc.constantFrom(...VALUES),
);

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: hostileText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 6000)) },
);

const UNKNOWN = [
  'nonsense',
  '__proto__',
  'limit[]',
  'metadata[a]',
  'metadata[__proto__]',
  'metadata[a][b]',
  'constructor',
  '',
  '%00',
  'cursor',
];

/** Fills in the path of a call and its query; then, rarely, spells it in another way. */
export function targetFor(call: DocumentedCall): fc.Arbitrary<Target> {
  const { parameters } = call.operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const ids = fc.tuple(
    ...inPath.map(({ example }) =>
      fc.oneof(
        { weight: 7, arbitrary: fc.constant(String(example)) },
        { weight: 2, arbitrary: fc.constantFrom(...IDS) },
        { weight: 1, arbitrary: hostileText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 6000)) },
      ),
    ),
  );
  const path = ids.map((given) =>
    given.reduce((filled, id, n) => filled.replace(`{${inPath[n]?.name}}`, () => id), call.path),
  );
  return fc
    .tuple(path, queryFor(inQuery, call.path.endsWith('/stream')), spelling)
    .map(([filled, query, { own, spell }]) => ({
      text: spell(query === '' ? filled : `${filled}?${query}`),
      own,
    }));
}

type Parameters = DocumentedCall['operation']['parameters'];

function queryFor(parameters: Parameters, isEndless: boolean): fc.Arbitrary<string> {
  const known = parameters.map(({ name, required, example, schema }) => {
    const shown: unknown = example ?? schema.examples?.[0] ?? '';
    const usual = typeof shown === 'string' ? shown : JSON.stringify(shown);
    const given = fc
      .oneof(
        { weight: 3, arbitrary: fc.constant(encodeURIComponent(name === 'timeout' ? '1' : usual)) },
        { weight: 3, arbitrary: name === 'cursor' ? cursor : value },
      )
      .map((text) => `${name === 'metadata' ? 'metadata[a]' : name}=${text}`);
    return required === true
      ? fc.oneof({ weight: 9, arbitrary: given }, { weight: 1, arbitrary: fc.constant('') })
      : fc.oneof({ weight: 5, arbitrary: fc.constant('') }, { weight: 2, arbitrary: given });
  });
  const more = fc.oneof(
    { weight: 12, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...UNKNOWN), value).map(([name, text]) => `${name}=${text}`) },
    { weight: 1, arbitrary: fc.constantFrom('limit=1&limit=2', 'cursor=a&cursor=b', '&&&=', '?', 'a', '%zz=%zz') },
  );
  // Without its time-out, waiting takes half a minute, and a stream never ends.
  return fc
    .tuple(...known, more)
    .map((pairs) => pairs.filter((pair) => pair !== ''))
    .map((pairs) =>
      isEndless || pairs.some((pair) => pair.startsWith('waitFor='))
        ? [...pairs.filter((pair) => !pair.startsWith('timeout=')), 'timeout=1']
        : pairs,
    )
    .map((pairs) => pairs.join('&'));
}

interface Spelling {
  readonly own: boolean;
  readonly spell: (target: string) => string;
}

const SPELLINGS: readonly ((target: string) => string)[] = [
  (target) => target.replace('/v1', '/%76%31'),
  (target) => target.replace('/v1', '//v1'),
  (target) => target.replace('/v1/', '/v1//'),
  (target) => target.replace('/v1', '/./v1'),
  (target) => target.replace('/v1', '/x/../v1'),
  (target) => target.replace('/v1', '/V1'),
  (target) => target.replace('/v1', '/%2576%2531'),
  (target) => `http://gateway.example${target}`,
  (target) => `HTTP://user:pass@gateway.example:80${target}`,
  (target) => `gateway.example${target}`,
  (target) => target.replace(/(\?|$)/, '/$1'),
  (target) => target.replace(/(\?|$)/, ';a=b$1'),
  (target) => target.replace(/(\?|$)/, '%00$1'),
  (target) => target.replace(/(\?|$)/, '%20$1'),
  (target) => `${target}#fragment`,
  (target) => target.replaceAll('/', '%2f'),
  (target) => target.replaceAll('/', '\\'),
  (target) => `${target}\u00e4\u00ff`,
  (target) => `${target}?${'a=1&'.repeat(2000)}`,
  () => `/${'a/'.repeat(3000)}`,
  () => '*',
  () => '/',
  () => '//',
  () => 'http://',
  () => '?',
];

const spelling: fc.Arbitrary<Spelling> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ own: true, spell: (target: string) => target }) },
  { weight: 1, arbitrary: fc.constantFrom(...SPELLINGS).map((spell) => ({ own: false, spell })) },
);
