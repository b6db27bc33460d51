import { GatewayProblem } from '@gateway/core';
import { parseStrict, plainText } from './strict-json.js';

const NEWLINE = 0x0a;

/** One line of a body, counted from 1. */
export interface Line {
  readonly number: number;
  readonly value: unknown;
}

/** One line of a body as it came, without its line break. */
export interface RawLine {
  readonly number: number;
  readonly bytes: Buffer;
}

/**
 * Cuts a body into lines of JSON, a page for each piece that comes in; blank lines are passed over. Holds at most one
 * piece and one line at a time.
 * @param longestLine in bytes. @throws GatewayProblem for a line that is too long or no JSON.
 */
export async function* readLines(body: AsyncIterable<Buffer>, longestLine: number): AsyncGenerator<readonly Line[]> {
  let first = 1;
  for await (const bytes of wholeLines(body, { longestLine, nextLine: () => first })) {
    const { lines, count } = readPlain(bytes, first) ?? readCarefully(bytes, first);
    first += count;
    if (lines.length > 0) yield lines;
  }
}

/** The same lines, whatever stands in them; blank ones too. @throws GatewayProblem for a line that is too long. */
export async function* readRawLines(
  body: AsyncIterable<Buffer>,
  longestLine: number,
): AsyncGenerator<readonly RawLine[]> {
  let first = 1;
  for await (const bytes of wholeLines(body, { longestLine, nextLine: () => first })) {
    const lines = cutLines(bytes, first);
    first += lines.length;
    yield lines;
  }
}

/** What has come of a body up to its last line break, without that one; in the end what is left. */
async function* wholeLines(
  body: AsyncIterable<Buffer>,
  { longestLine, nextLine }: { readonly longestLine: number; readonly nextLine: () => number },
): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of body) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end >= 0) {
      const whole = chunk.subarray(0, end);
      yield rest.length === 0 ? whole : Buffer.concat([...rest, whole]);
      rest = [];
      restBytes = 0;
    }
    if (end + 1 < chunk.length) rest.push(chunk.subarray(end + 1));
    restBytes += chunk.length - end - 1;
    if (restBytes > longestLine) throw tooLong(nextLine(), longestLine);
  }
  if (restBytes > 0) yield Buffer.concat(rest);
}

interface ReadLines {
  readonly lines: readonly Line[];
  /** Blank lines, too. */
  readonly count: number;
}

/** Decoding many lines at once takes half as long. @returns nothing where one of them needs a closer look. */
function readPlain(bytes: Buffer, first: number): ReadLines | undefined {
  const texts = plainText(bytes)?.split('\n');
  if (texts === undefined) return undefined;
  try {
    return {
      lines: texts.map((text, i) => ({ number: first + i, value: JSON.parse(text) as unknown })),
      count: texts.length,
    };
  } catch {
    return undefined;
  }
}

function readCarefully(bytes: Buffer, first: number): ReadLines {
  const all = cutLines(bytes, first);
  const lines = all.filter((line) => !isBlank(line.bytes)).map(parseLine);
  return { lines, count: all.length };
}

const parseLine = ({ number, bytes }: RawLine): Line => ({
  number,
  value: parseStrict(bytes, `Line ${number}`, number),
});

function cutLines(bytes: Buffer, first: number): readonly RawLine[] {
  const lines: RawLine[] = [];
  for (let from = 0; from <= bytes.length;) {
    const found = bytes.indexOf(NEWLINE, from);
    const end = found < 0 ? bytes.length : found;
    lines.push({ number: first + lines.length, bytes: bytes.subarray(from, end) });
    from = end + 1;
  }
  return lines;
}

/** Nothing but spaces, tabs and a carriage return. */
export const isBlank = (bytes: Buffer): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

const tooLong = (number: number, longest: number): GatewayProblem =>
  new GatewayProblem('body_too_large', `Line ${number} is longer than ${longest} bytes.`);
