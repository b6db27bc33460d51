import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { DocumentedCall } from '../document.js';
import { hostileText } from './hostile-values.js';
import { jsonMutation, mutated, type JsonMutation } from './json-mutations.js';
import { loose, textOf } from './json-text.js';
import { valueOf } from './schema-values.js';

export interface Body {
  readonly mediaType: string | undefined;
  readonly bytes: Buffer;
}

const JSON_TYPE = 'application/json';
const FORM = 'multipart/form-data';
/** Many requests are in memory at once, here and there. */
const LARGEST_BODY = 2_000_000;

/** Bodies of a call: a documented example or a value by its schema, then changed as a value, as text and as bytes. */
export function bodyFor(call: DocumentedCall, schemas: Readonly<Record<string, unknown>>): fc.Arbitrary<Body> {
  const intact = fc.oneof(
    ...(call.bodies.length === 0 ? [unexpected] : call.bodies.map((body) => ofKind(body, schemas))),
  );
  const changes = fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(byteChange, { minLength: 1, maxLength: 2 }) },
  );
  return fc.tuple(intact, changes).map(([body, list]) => ({ ...body, bytes: list.reduce(changeBytes, body.bytes) }));
}

/** Most calls without a body are sent none. */
const unexpected: fc.Arbitrary<Body> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ mediaType: undefined, bytes: Buffer.alloc(0) }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{}', '[]', 'null', '', '{', '\u0000').map((text) => bodyOf(JSON_TYPE, text)),
  },
);

const bodyOf = (mediaType: string, text: string): Body => ({ mediaType, bytes: Buffer.from(text) });

function ofKind(
  { mediaType, value, schema }: DocumentedCall['bodies'][number],
  schemas: Readonly<Record<string, unknown>>,
): fc.Arbitrary<Body> {
  if (mediaType === FORM) return form;
  if (mediaType !== JSON_TYPE) return lines(mediaType, String(value));
  const example = fc.constant(value);
  const base = fc.oneof({ weight: 3, arbitrary: example }, { weight: 2, arbitrary: valueOf(schema, schemas) });
  return fc.tuple(base, mutations).map(([start, list]) => bodyOf(JSON_TYPE, textOf(mutated(loose(start), list))));
}

const mutations: fc.Arbitrary<readonly JsonMutation[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 5, arbitrary: fc.array(jsonMutation, { minLength: 1, maxLength: 3 }) },
);

/** NDJSON and CSV: some lines are changed, others are added, left out or joined. */
function lines(mediaType: string, text: string): fc.Arbitrary<Body> {
  const known = text.split('\n').filter((line) => line !== '');
  const line = mediaType.includes('json')
    ? fc
        .tuple(fc.constantFrom(...known), mutations)
        .map(([start, list]) => textOf(mutated(loose(JSON.parse(start)), list)))
    : fc.oneof(
        fc.constantFrom(...known),
        fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(',')),
        hostileText,
      );
  const first = fc.oneof({ weight: 4, arbitrary: fc.constant(known[0] ?? '') }, { weight: 1, arbitrary: line });
  const end = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r', '\n\n');
  const times = fc.constantFrom(1, 1, 1, 1, 1, 40, 2000);
  return fc.tuple(first, fc.array(line, { maxLength: 4 }), end, times).map(([head, rest, separator, count]) => {
    const copies = rest.join('').length * count > LARGEST_BODY ? 1 : count;
    return bodyOf(mediaType, [head, ...Array.from({ length: copies }, () => rest).flat(), ''].join(separator));
  });
}

const cell = fc.oneof(
  fc.constantFrom(
    'b-1',
    '"',
    '""',
    '"a""b"',
    '"a\nb"',
    'kim@example.com',
    'vip;news',
    '"a@example.com;b@example.com"',
    '',
  ),
  hostileText,
);

const BOUNDARY = 'fuzz';
const DISPOSITIONS = [
  'form-data; name="file"; filename="a.txt"',
  'form-data; name="file"; filename="회의 10:30.pdf"',
  'form-data; name="file"; filename="a%22b?.pdf"',
  'form-data; name="file"; filename*=UTF-8\'\'%EA%B0%80.pdf',
  'form-data; name="file"; filename*=EUC-KR\'\'%B0%DF',
  'form-data; name="file"; filename=""',
  'form-data; name="file"; filename="../../x\u0000.exe"',
  'form-data; name="file"',
  'form-data; name="other"; filename="a"',
  'form-data; name="__proto__"; filename="a"',
  'attachment; filename="a"',
  'form-data',
  '',
] as const;

const part = fc.record({
  disposition: fc.oneof(
    fc.constantFrom(DISPOSITIONS[0], DISPOSITIONS[0], ...DISPOSITIONS),
    hostileText.map((name) => `form-data; name="file"; filename="${name}"`),
  ),
  type: fc.constantFrom(
    'text/plain',
    'text/plain; charset=euc-kr',
    'application/pdf',
    'multipart/mixed; boundary=x',
    'x',
    '',
  ),
  more: fc.constantFrom(
    '',
    '',
    '',
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: binary',
    'X: \u0000',
    'no colon',
  ),
  content: hostileText,
});

const form: fc.Arbitrary<Body> = fc
  .record({
    parts: fc.array(part, { minLength: 1, maxLength: 3 }),
    end: fc.constantFrom('--fuzz--\r\n', '--fuzz--\r\n', '--fuzz--\r\n', '', '--fuzz', '--other--\r\n'),
    type: fc.constantFrom(
      'boundary=fuzz',
      'boundary=fuzz',
      'boundary=fuzz',
      'boundary="fuzz"',
      '',
      'boundary=',
      `boundary=${'b'.repeat(300)}`,
    ),
  })
  .map(({ parts, end, type }) => ({
    mediaType: `${FORM}; ${type}`,
    bytes: Buffer.from(`${parts.map(partText).join('')}${end}`),
  }));

const partText = ({ disposition, type, more, content }: Readonly<Record<string, string>>): string =>
  [
    `--${BOUNDARY}`,
    `Content-Disposition: ${disposition}`,
    `Content-Type: ${type}`,
    ...(more === '' ? [] : [more]),
    '',
    content,
    '',
  ].join('\r\n');

type ByteChange =
  | { readonly does: 'insert'; readonly where: number; readonly bytes: string }
  | { readonly does: 'cut'; readonly where: number }
  | { readonly does: 'gzip' | 'utf16' | 'bom' | 'twice' | 'nothing' };

/** Not UTF-8, or not what a text should have in it. */
const BYTES = [
  'ff',
  'c080',
  'eda080',
  'f4908080',
  'e382',
  'b0dfc0fb',
  '00',
  '0b',
  'efbbbf',
  'fffe',
  '7b7b7b7b',
  '0d0a0d0a',
  '1f8b08',
];

const where = fc.nat({ max: 1000 });
const byteChange: fc.Arbitrary<ByteChange> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('insert' as const), where, bytes: fc.constantFrom(...BYTES) }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('cut' as const), where }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constantFrom('gzip' as const, 'utf16' as const, 'bom' as const, 'twice' as const, 'nothing' as const),
    }),
  },
);

function changeBytes(bytes: Buffer, change: ByteChange): Buffer {
  switch (change.does) {
    case 'insert': {
      const place = placeIn(bytes, change.where);
      return Buffer.concat([bytes.subarray(0, place), Buffer.from(change.bytes, 'hex'), bytes.subarray(place)]);
    }
    case 'cut':
      return bytes.subarray(0, placeIn(bytes, change.where));
    case 'gzip':
      return gzipSync(bytes);
    case 'utf16':
      return Buffer.from(bytes.toString(), 'utf16le');
    case 'bom':
      return Buffer.concat([Buffer.from('efbbbf', 'hex'), bytes]);
    case 'twice':
      return Buffer.concat([bytes, bytes]);
    default:
      return Buffer.alloc(0);
  }
}

const placeIn = (bytes: Buffer, thousandths: number): number => Math.floor((bytes.length * thousandths) / 1000);
