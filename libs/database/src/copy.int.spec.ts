import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDatabase } from '@gateway/testing';
import fc from 'fast-check';
import { copyLine, copyRows } from './copy.js';
import type { Database } from './database.js';

/** Characters that have a meaning in COPY's text format, mixed with all others. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('\\', '\t', '\n', '\r', '\\N', '\\.', '\\n', '\b', '\f', '\v', '"', "'", ',', '{', '\u2028', ''),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join('').replaceAll('\u0000', '').toWellFormed());

describe(copyRows.name, () => {
  let database: Database;
  beforeAll(async () => {
    database = await aDatabase(2);
    await database.pool.query('CREATE TABLE copied (n int, a text, b text)');
  });
  afterAll(() => database.close());

  it('writes every text unchanged, and null as null', async () => {
    const cell = fc.option(hostile);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), async (pairs) => {
        await database.transaction(async (tx) => {
          await tx.query('TRUNCATE copied');
          const rows = pairs.map(([a, b], n) => [n, a, b] as const);
          const source = { pages: [rows.slice(0, 7), [], rows.slice(7)], line: copyLine };
          expect(await copyRows(tx, 'COPY copied (n, a, b) FROM STDIN', source)).toBe(pairs.length);
          const { rows: read } = await tx.query<{ a: string | null; b: string | null }>(
            'SELECT a, b FROM copied ORDER BY n',
          );
          expect(read.map(({ a, b }) => [a, b])).toEqual(pairs);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('leaves nothing behind when the stream breaks off, and the connection usable', async () => {
    function* broken(): Generator<readonly number[]> {
      for (let n = 0; n < 20; n += 1) yield Array.from({ length: 1000 }, (_, i) => i);
      throw new Error('the caller went away');
    }
    await database.pool.query('TRUNCATE copied');
    const copying = database.transaction((tx) =>
      copyRows(tx, 'COPY copied (n, a, b) FROM STDIN', {
        pages: broken(),
        line: (n) => copyLine([n, 'a'.repeat(50), 'b']),
      }),
    );
    await expect(copying).rejects.toThrow('the caller went away');
    const { rows } = await database.pool.query('SELECT count(*)::int AS n FROM copied');
    expect(rows).toEqual([{ n: 0 }]);
  });
});
