import { describe, expect, test } from '@jest/globals';
import { MalformedMultipartError, parseMultipart } from './multipart.js';

const TYPE = 'multipart/form-data; boundary=b-1';
const body = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));
const part = (disposition: string, content: string): string =>
  `--b-1\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: text/plain\r\n\r\n${content}`;

describe('parseMultipart', () => {
  test('cuts fields and files, whatever bytes they hold', () => {
    const file = '\r\n--b-\r\n\r\nx\r\n';
    const parts = parseMultipart(
      body('preamble', part('name="note"', 'hi'), part('name="fileList"; filename="가 b.txt"', file), '--b-1--', ''),
      TYPE,
    );
    expect(parts.map(({ name, fileName, bytes }) => [name, fileName, bytes.toString()])).toEqual([
      ['note', undefined, 'hi'],
      ['fileList', '가 b.txt', file],
    ]);
  });

  test('an empty file, a quoted boundary and escaped names', () => {
    const text = body(part('name="f"; filename="a%22b\\".txt"', ''), '--b-1--');
    expect(parseMultipart(text, 'multipart/form-data; boundary="b-1"; charset=utf-8')).toMatchObject([
      { name: 'f', fileName: 'a"b".txt', bytes: Buffer.alloc(0) },
    ]);
    const extended = body(part(`name=f; filename="x"; filename*=UTF-8''%EA%B0%80.txt`, 'a'), '--b-1--');
    expect(parseMultipart(extended, TYPE)[0]?.fileName).toBe('가.txt');
  });

  test.each<[string, Buffer, string]>([
    ['no boundary', body('--b-1--'), 'multipart/form-data'],
    ['a body that breaks off', body(part('name="f"', 'abc')), TYPE],
    ['a part without a name', body(part('filename="f"', 'abc'), '--b-1--'), TYPE],
    ['a part without an end of headers', body('--b-1', 'Content-Disposition: form-data; name="f"', '--b-1--'), TYPE],
    ['nothing', Buffer.alloc(0), TYPE],
  ])('refuses %s', (_, bytes, type) => {
    expect(() => parseMultipart(bytes, type)).toThrow(MalformedMultipartError);
  });
});
