import fc from 'fast-check';
import { hostileText } from './hostile-values.js';

type Header = readonly [name: string, value: string];

/** A value may have bytes above 0x7f; an end of line in it would start another request. */
const oneLine = (text: string): string =>
  Buffer.from(text.replace(/[\r\n\u0000]/g, ''), 'utf8')
    .toString('latin1')
    .slice(0, 9000);

const MEDIA_TYPES = [
  'text/plain',
  'application/json; charset=euc-kr',
  'application/json; charset=utf-8',
  'application/json;charset="UTF-16"',
  'application/json; charset=',
  'application/x-ndjson',
  'application/x-ndjson; charset=euc-kr',
  'text/csv; charset=euc-kr',
  'text/csv',
  'APPLICATION/JSON',
  'application/json,text/csv',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  '',
  ';',
  'json',
  '*/*',
  'application/jsonx',
] as const;

/** Replaces the media type, or adds one. */
export const mediaType: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 14, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constantFrom(...MEDIA_TYPES) },
  { weight: 1, arbitrary: hostileText.map(oneLine) },
);

const ODD: readonly Header[] = [
  ['Content-Encoding', 'gzip'],
  ['Content-Encoding', 'identity'],
  ['Content-Encoding', 'br, gzip'],
  ['Content-Encoding', ''],
  ['Expect', '100-continue'],
  ['Expect', '100-continue'],
  ['Expect', 'miracles'],
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Upgrade', 'h2c'],
  ['Connection', 'close'],
  ['Connection', 'keep-alive, \u00ff'],
  ['Idempotency-Key', 'one'],
  ['Idempotency-Key', 'one'],
  ['Idempotency-Key', 'two'],
  ['Idempotency-Key', ''],
  ['Idempotency-Key', ' '],
  ['Idempotency-Key', 'k'.repeat(255)],
  ['Idempotency-Key', 'k'.repeat(256)],
  ['Idempotency-Key', '\u00e4'],
  ['X-Request-Id', 'mine'],
  ['X-Request-Id', 'x'.repeat(5000)],
  ['X-Request-Id', '<script>'],
  ['X-Request-Id', '\u00ff'],
  ['X-Request-Id', ''],
  ['Accept', 'text/html'],
  ['Accept', 'nonsense'],
  ['Accept-Encoding', 'gzip, br, *;q=0'],
  ['Range', 'bytes=0-0,5-'],
  ['If-Match', '*'],
  ['If-None-Match', '*'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Forwarded-For', '127.0.0.1'],
  ['X-Forwarded-Host', 'evil.example'],
  ['Forwarded', 'for=x;host=y'],
  ['Transfer-Encoding', 'gzip, chunked'],
  ['Transfer-Encoding', 'identity'],
  ['Content-Length', '5'],
  ['Content-Length', '-1'],
  ['Content-Length', '1e3'],
  ['Content-Length', '99999999999999999999'],
  ['Host', 'evil.example'],
  ['Host', ''],
  ['Cookie', `a=${'b'.repeat(3000)}`],
  ['Origin', 'null'],
  ['TE', 'trailers'],
  ['Trailer', 'Authorization'],
  ['Te xt', 'x'],
  ['', 'x'],
  ['X-\u00e4', 'x'],
  ['X-Long', 'x'.repeat(20_000)],
  ['Authorization', 'Bearer second'],
  ['Access-Control-Request-Method', 'POST'],
  ['Content-Type', 'text/csv'],
  ['Proxy-Connection', 'x'],
  ['Max-Forwards', '0'],
];

const many = fc
  .constantFrom(50, 300, 3000)
  .map((count): readonly Header[] => Array.from({ length: count }, (_, n) => [`X-${n}`, 'x'] as const));

export const oddHeaders: fc.Arbitrary<readonly Header[]> = fc.oneof(
  { weight: 50, arbitrary: fc.constant([]) },
  { weight: 15, arbitrary: fc.array(fc.constantFrom(...ODD), { minLength: 1, maxLength: 2 }) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom('Idempotency-Key', 'X-Request-Id', 'Accept', 'X-Odd'), hostileText)
      .map(([name, text]) => [[name, oneLine(text)] as const]),
  },
  { weight: 1, arbitrary: many },
);

const METHODS = [
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'PATCH',
  'DELETE',
  'POST',
  'GET',
  'PROPFIND',
  'QUERY',
  'get',
  'FOO',
  'CONNECT',
  'M-SEARCH',
  '',
];

/** Another method than the call's. */
export const otherMethod: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 16, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
);

export const version: fc.Arbitrary<string> = fc.oneof(
  { weight: 40, arbitrary: fc.constant('HTTP/1.1') },
  { weight: 1, arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/0.9', '', 'http/1.1', 'HTTP/11') },
);

/** Credentials that were never issued. */
export const wrongAuthorization: fc.Arbitrary<string> = fc.constantFrom(
  'Bearer gk_wrong',
  'Bearer',
  'Bearer ',
  'bearer x y',
  'Basic Z2s6eA==',
  'Digest x',
  'gk_wrong',
  `Bearer ${'k'.repeat(7000)}`,
  'Bearer \u00e4',
  'Bearer null',
);
