import { describe, expect, it } from '@jest/globals';
import { pieces } from './pieces.js';

async function* stream(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

const cut = async (size: number, ...texts: readonly string[]): Promise<string[]> => {
  const found: string[] = [];
  for await (const piece of pieces(stream(...texts), size)) found.push(piece.toString());
  return found;
};

describe(pieces.name, () => {
  it('cuts any chunks into pieces of one size', async () => {
    expect(await cut(3, 'a', 'bcdefgh', '', 'ij')).toEqual(['abc', 'def', 'ghi', 'j']);
    expect(await cut(3, 'abc', 'def')).toEqual(['abc', 'def']);
    expect(await cut(3, 'ab')).toEqual(['ab']);
    expect(await cut(3)).toEqual([]);
  });
});
