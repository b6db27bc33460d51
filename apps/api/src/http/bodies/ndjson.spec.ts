import { describe, expect, it } from '@jest/globals';
import { readLines, type Line } from './ndjson.js';

const LONGEST = 1000;

async function* inPieces(body: Buffer, bytes: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < body.length; from += bytes) yield body.subarray(from, from + bytes);
}

async function read(body: string | Buffer, bytes: number, longest = LONGEST): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const page of readLines(inPieces(Buffer.from(body), bytes), longest)) lines.push(...page);
  return lines;
}

describe('a body of lines', () => {
  const PIECES = [1, 2, 7, 64, 100_000];
  const BODY = '{"a":"김"}\n\n  \r\n{"a":"b"}\r\n["c"]\n{"d":"\\ud55c"}';

  it.each(PIECES)('is the same lines, whatever pieces of %i bytes it comes in', async (bytes) => {
    expect(await read(BODY, bytes)).toEqual([
      { number: 1, value: { a: '김' } },
      { number: 4, value: { a: 'b' } },
      { number: 5, value: ['c'] },
      { number: 6, value: { d: '한' } },
    ]);
  });

  it.each(PIECES)('may begin with a byte order mark, in pieces of %i bytes', async (bytes) => {
    expect(await read('\uFEFF{"a":1}\n{"b":2}\n', bytes)).toEqual([
      { number: 1, value: { a: 1 } },
      { number: 2, value: { b: 2 } },
    ]);
  });

  it.each(PIECES)('reports the line of a member that is given twice, in pieces of %i bytes', async (bytes) => {
    const detail = 'Line 3 gives the member /b/c more than once.';
    const lines = '{"a":"is \\":\\" text"}\n{"a":":"}\n{"b":{"c":1,"c":2}}\n';
    await expect(read(lines, bytes)).rejects.toMatchObject({
      code: 'malformed_json',
      detail,
      fieldErrors: [{ line: 3 }],
    });
    expect(await read(lines.split('\n').slice(0, 2).join('\n'), bytes)).toHaveLength(2);
  });

  it.each(PIECES)('reports the line of invalid JSON, in pieces of %i bytes', async (bytes) => {
    const detail = 'Line 3 is not valid JSON.';
    // Put together they would be one list of objects.
    await expect(read('{"a":1}\n\n{"b":[{}\n{}]}\n', bytes)).rejects.toMatchObject({ code: 'malformed_json', detail });
  });

  it.each(PIECES)('reports the line of invalid UTF-8, in pieces of %i bytes', async (bytes) => {
    const body = Buffer.concat([Buffer.from('{"a":1}\n{"b":"'), Buffer.from([0xff]), Buffer.from('"}\n{}')]);
    await expect(read(body, bytes)).rejects.toMatchObject({ detail: 'Line 2 is not valid UTF-8.' });
  });

  it.each(PIECES)('reports line and pointer of text that cannot be stored, in pieces of %i bytes', async (bytes) => {
    const faultsOf = async (body: string) => (await read(body, bytes)).flatMap(({ faults }) => faults?.all ?? []);
    const unstorable = { pointer: '/b', line: 2, code: 'control_character' };
    expect(await faultsOf('{"a":1}\n{"b":"\\u0000"}\n')).toMatchObject([unstorable]);
    const prototype = { line: 2, code: 'unknown_field', pointer: '/__proto__' };
    expect(await faultsOf('{}\n{"__proto__":{"c":1}}')).toMatchObject([prototype]);
    expect(await faultsOf('{}\n{"\\u005f_proto__":{"c":1}}\n')).toMatchObject([prototype]);
    const inexact = { line: 3, code: 'not_allowed', pointer: '/v/n' };
    expect(await faultsOf('{}\n{"v":{"n":12}}\n{"v":{"n":9007199254740993}}\n')).toMatchObject([inexact]);
  });

  it.each(PIECES)('has no members that are null, in pieces of %i bytes', async (bytes) => {
    const lines = await read('{"a":null}\n{"b":null,"c":[null],"d":{"e":null}}\n{"f":"null"}', bytes);
    expect(lines.map(({ value }) => value)).toEqual([{}, { c: [null], d: {} }, { f: 'null' }]);
  });

  it('is refused where a line has no end', async () => {
    const endless = `{"a":1}\n{"b":2}\n"${'x'.repeat(2 * LONGEST)}`;
    await expect(read(endless, 100)).rejects.toMatchObject({
      code: 'body_too_large',
      detail: `Line 3 is longer than ${LONGEST} bytes.`,
    });
  });
});
