import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { WITHOUT_TIME_LIMIT } from './database.sql.js';

type Cell = string | number | null | undefined;

const CHUNK_CHARACTERS = 64 * 1024;
const SPECIAL = /[\\\b\f\n\r\t\v]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** One field in the text format of COPY. */
export function copyCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '\\N';
  if (typeof cell === 'number') return String(cell);
  return SPECIAL.test(cell) ? cell.replaceAll(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character] ?? '') : cell;
}

/** Rows as they arrive, in pages, because a step of an asynchronous iteration costs more than a row. */
export type Pages<T> = AsyncIterable<readonly T[]> | Iterable<readonly T[]>;

export interface CopySource<T> {
  readonly pages: Pages<T>;
  /** A row in the text format of COPY, without its line break: fields by `copyCell`, tabs between them. */
  readonly line: (row: T) => string;
}

export const copyLine = (cells: readonly Cell[]): string => cells.map(copyCell).join('\t');

/**
 * Streams rows into a table with `COPY … FROM STDIN`, in the transaction of `client`, with back-pressure: memory does
 * not grow with the number of rows.
 * @param sql the COPY statement, text format. @returns the number of rows.
 */
export async function copyRows<T>(client: PoolClient, sql: string, source: CopySource<T>): Promise<number> {
  // COPY lasts as long as the uploader takes, which the api bounds. The work of the transaction on the rows takes
  // longer than everyday statements, too.
  await client.query(WITHOUT_TIME_LIMIT);
  const target = client.query(copyFrom(sql));
  const rows = new QuietRows(chunks(source));
  try {
    await pipeline(Readable.from(rows, { objectMode: true, highWaterMark: 2 }), target);
  } catch (error) {
    throw rows.failed ? rows.reason : error;
  }
  return target.rowCount;
}

/**
 * Whatever ends the rows early is sent to PostgreSQL, which writes it into its log. It may quote the caller's data, so
 * the server gets fixed words and the caller of `copyRows` the reason.
 */
class QuietRows implements AsyncIterable<string> {
  failed = false;
  reason: unknown;

  constructor(private readonly rows: AsyncIterable<string>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    try {
      yield* this.rows;
    } catch (error) {
      this.failed = true;
      this.reason = error;
      throw new Error('the rows ended early');
    }
  }
}

async function* chunks<T>({ pages, line }: CopySource<T>): AsyncGenerator<string> {
  let chunk = '';
  for await (const page of pages) {
    for (const row of page) {
      chunk += `${line(row)}\n`;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
