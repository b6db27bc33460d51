import { isBlank, readRawLines, type RawLine } from './ndjson.js';
import { isStorable } from '../json/unstorable.js';

/** One record of a CSV body, at the line where it begins; broken ones have no cells. */
export type CsvRecord =
  { readonly line: number; readonly cells: readonly string[] } | { readonly line: number; readonly problem: string };

const QUOTE = 0x22;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** A record of several lines is at most this long: beyond it, its quote was never meant to be open. */
const LONGEST_RECORD_BYTES = 64 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads CSV (RFC 4180: quoted cells with doubled quotes and line breaks, CRLF or LF, a byte order mark) a page at a
 * time. The first record says how many cells a record has. A broken record costs no other: where a quote stays open,
 * only its own line is lost, and reading continues with the next.
 */
export async function* readCsv(body: AsyncIterable<Buffer>): AsyncGenerator<readonly CsvRecord[]> {
  const joiner = new RecordJoiner();
  for await (const page of readRawLines(body, LONGEST_RECORD_BYTES)) {
    const records = page.flatMap((line) => joiner.add(line));
    if (records.length > 0) yield records;
  }
  const last = joiner.finish();
  if (last.length > 0) yield last;
}

/** Joins lines to records by their quotes. */
class RecordJoiner {
  private open: RawLine[] = [];
  private openBytes = 0;
  private quotes = 0;
  private columns: number | undefined;

  add(line: RawLine): CsvRecord[] {
    const records: CsvRecord[] = [];
    this.feed([line.number === 1 ? withoutMark(line) : line], records);
    return records;
  }

  /** A record that is still open is broken: its first line is lost, and the other lines are read on their own. */
  finish(): CsvRecord[] {
    const records: CsvRecord[] = [];
    while (this.open.length > 0) this.feed(this.giveUpFirst(records), records);
    return records;
  }

  private feed(lines: RawLine[], records: CsvRecord[]): void {
    for (let next = lines.shift(); next !== undefined; next = lines.shift()) {
      if (this.open.length === 0 && isBlank(next.bytes)) continue;
      this.open.push(next);
      this.openBytes += next.bytes.length + 1;
      this.quotes += countQuotes(next.bytes);
      const balanced = this.quotes % 2 === 0;
      if (!balanced && this.openBytes <= LONGEST_RECORD_BYTES) continue;
      const cells = balanced ? this.cells() : undefined;
      if (cells === undefined) {
        lines.unshift(...this.giveUpFirst(records));
        continue;
      }
      records.push({ line: this.open[0]?.number ?? 0, cells });
      this.reset();
    }
  }

  private giveUpFirst(records: CsvRecord[]): RawLine[] {
    const [first, ...others] = this.open;
    if (first !== undefined) records.push({ line: first.number, problem: this.problemOf(first) });
    this.reset();
    return others;
  }

  private cells(): readonly string[] | undefined {
    const cells = cellsOf(textOf(this.open));
    if (cells === undefined) return undefined;
    this.columns ??= cells.length;
    return cells.length === this.columns ? cells : undefined;
  }

  private problemOf(line: RawLine): string {
    const text = textOf([line]);
    if (text === undefined) return 'is not valid UTF-8';
    const cells = cellsOf(text);
    if (cells === undefined) return 'has a quote that is not closed, or stands inside of a cell';
    return `has ${cells.length} cells instead of ${this.columns}`;
  }

  private reset(): void {
    this.open = [];
    this.openBytes = 0;
    this.quotes = 0;
  }
}

const withoutMark = ({ number, bytes }: RawLine): RawLine => ({
  number,
  bytes: bytes.subarray(0, MARK.length).equals(MARK) ? bytes.subarray(MARK.length) : bytes,
});

function countQuotes(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) count += 1;
  return count;
}

function textOf(lines: readonly RawLine[]): string | undefined {
  try {
    const text = lines.map(({ bytes }) => utf8.decode(bytes)).join('\n');
    return isStorable(text) ? text.replace(/\r$/, '') : undefined;
  } catch {
    return undefined;
  }
}

/** The cells of one record; nothing for a quote in the wrong place. */
function cellsOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    if (cell === undefined) return undefined;
    cells.push(cell.value);
    if (cell.end === text.length) return cells;
    at = cell.end + 1;
  }
}

interface Cell {
  readonly value: string;
  /** Where the comma after it stands, or the end of the text. */
  readonly end: number;
}

function plainCell(text: string, from: number): Cell | undefined {
  const comma = text.indexOf(',', from);
  const end = comma < 0 ? text.length : comma;
  const value = text.slice(from, end);
  return value.includes('"') ? undefined : { value, end };
}

function quotedCell(text: string, from: number): Cell | undefined {
  let close = text.indexOf('"', from + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  const end = close + 1;
  if (close < 0 || (end < text.length && text[end] !== ',')) return undefined;
  return { value: text.slice(from + 1, close).replaceAll('""', '"'), end };
}
