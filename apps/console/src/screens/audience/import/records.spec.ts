import { describe, expect, it } from '@jest/globals';
import { recordsOf } from './records';

async function read(text: string, isCsv: boolean, size = 3): Promise<readonly (readonly [number, string])[]> {
  const bytes = new TextEncoder().encode(text);
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const found: (readonly [number, string])[] = [];
  for await (const { line, text: each } of recordsOf(pieces(), isCsv)) found.push([line, each]);
  return found;
}

describe('recordsOf', () => {
  it('keeps a quoted line break in its record, and counts the lines of the file', async () => {
    const csv = 'name,address\r\n"김\n철수",kim@example.com\r\n\r\nlee,lee@example.com';
    expect(await read(csv, true)).toEqual([
      [1, 'name,address'],
      [2, '"김\n철수",kim@example.com'],
      [5, 'lee,lee@example.com'],
    ]);
  });

  it('takes every line of NDJSON, whatever quotes are in it', async () => {
    expect(await read('{"name":"a\\""}\n{"name":"b"}\n', false)).toEqual([
      [1, '{"name":"a\\""}'],
      [2, '{"name":"b"}'],
    ]);
  });

  it('hands on what a quote without an end leaves open', async () => {
    expect(await read('a\n"b\nc', true)).toEqual([
      [1, 'a'],
      [2, '"b\nc'],
    ]);
  });

  it('refuses bytes that are not UTF-8 instead of replacing them', async () => {
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array([0x61, 0xff, 0x0a]);
    };
    await expect(recordsOf(pieces(), true).next()).rejects.toThrow('not valid for encoding utf-8');
  });
});
