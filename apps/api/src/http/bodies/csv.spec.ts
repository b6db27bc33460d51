import { describe, expect, it } from '@jest/globals';
import { readCsv, type CsvRecord } from './csv.js';

async function* chunks(text: string | Buffer, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string | Buffer, size = 7): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const page of readCsv(chunks(text, size))) records.push(...page);
  return records;
}

const cells = (line: number, ...values: string[]): CsvRecord => ({ line, cells: values });
const broken = (line: number, problem: string | RegExp) => ({ line, problem: expect.stringMatching(problem) });

describe(readCsv, () => {
  it.each([1, 2, 3, 1000])(
    'reads quoted cells, line breaks and commas in them, whatever the chunks (%i)',
    async (size) => {
      const text = '\ufeffa,b\r\n"x, ""y""","1\r\n2"\r\n\r\n,""\nlast,one';
      expect(await read(text, size)).toEqual([
        cells(1, 'a', 'b'),
        cells(2, 'x, "y"', '1\r\n2'),
        cells(5, '', ''),
        cells(6, 'last', 'one'),
      ]);
    },
  );

  it('gives up only the line whose quote stays open', async () => {
    expect(await read('a,b\n"x,1\ny,2\nz,3\n')).toEqual([
      cells(1, 'a', 'b'),
      broken(2, 'quote'),
      cells(3, 'y', '2'),
      cells(4, 'z', '3'),
    ]);
  });

  it('finds its way back between two open quotes', async () => {
    expect(await read('a,b\n"x,1\ny,2\nz,"3\nw,4\n')).toEqual([
      cells(1, 'a', 'b'),
      broken(2, 'quote'),
      cells(3, 'y', '2'),
      broken(4, 'quote'),
      cells(5, 'w', '4'),
    ]);
  });

  it('gives up an open quote after 64 KB, not after the whole file', async () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => `r${n},${n}`);
    const records = await read(`a,b\n"x,1\n${lines.join('\n')}\n`, 4096);
    expect(records.length).toBe(20_002);
    expect(records[1]).toEqual(broken(2, 'quote'));
    expect(records.at(-1)).toEqual(cells(20_002, 'r19999', '19999'));
  });

  it.each([
    ['too few cells', 'x', '1 cells instead of 2'],
    ['too many cells', 'x,1,2', '3 cells instead of 2'],
    ['a quote inside of a cell', 'x"y",1', 'quote'],
    ['text after a quote', '"x"y,1', 'quote'],
  ])('tells %s', async (_, line, problem) => {
    expect(await read(`a,b\n${line}\nz,3`)).toEqual([cells(1, 'a', 'b'), broken(2, problem), cells(3, 'z', '3')]);
  });

  it('tells a line that is not UTF-8', async () => {
    const korean = Buffer.from([0xb1, 0xe8]);
    const body = Buffer.concat([Buffer.from('a,b\n'), korean, Buffer.from(',1\nz,3\n')]);
    expect(await read(body)).toEqual([cells(1, 'a', 'b'), broken(2, 'UTF-8'), cells(3, 'z', '3')]);
  });
});
