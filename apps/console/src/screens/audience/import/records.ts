/** One entry of a file, with the line where it begins, counted from 1. */
export interface FileRecord {
  readonly line: number;
  readonly text: string;
}

/**
 * The entries of a file as they are read. In CSV a quoted cell may hold line breaks, so a record ends where the quotes are
 * even. Empty lines are left out. Only a piece of the file is in memory.
 *
 * @throws TypeError for bytes that are not UTF-8
 */
export async function* recordsOf(
  pieces: AsyncIterable<Uint8Array>,
  isCsv: boolean,
): AsyncGenerator<FileRecord, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = new LineReader(isCsv);
  for await (const piece of pieces) yield* reader.push(decoder.decode(piece, { stream: true }));
  yield* reader.end(decoder.decode());
}

class LineReader {
  readonly #isCsv: boolean;
  #rest = '';
  #line = 1;
  #begun: FileRecord | undefined;

  constructor(isCsv: boolean) {
    this.#isCsv = isCsv;
  }

  *push(text: string): Generator<FileRecord> {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const each of lines) yield* this.#take(each);
  }

  *end(text: string): Generator<FileRecord> {
    yield* this.push(`${text}\n`);
    // A quote that is never closed: the gateway says so.
    if (this.#begun !== undefined) yield { ...this.#begun, text: this.#begun.text.trimEnd() };
  }

  *#take(text: string): Generator<FileRecord> {
    const before = this.#begun;
    const record = before === undefined ? { line: this.#line, text } : { ...before, text: `${before.text}\n${text}` };
    this.#line += 1;
    this.#begun = this.#isCsv && hasOpenQuote(record.text) ? record : undefined;
    const trimmed = record.text.replace(/\r$/, '');
    if (this.#begun === undefined && trimmed.trim() !== '') yield { ...record, text: trimmed };
  }
}

const hasOpenQuote = (text: string): boolean => (text.split('"').length - 1) % 2 === 1;
