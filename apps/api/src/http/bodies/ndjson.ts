import { GatewayProblem, type FieldErrors } from '@gateway/core';
import { hasEveryMember } from '../json/member-names.js';
import { dropNulls } from '../json/nulls.js';
import { plainText, readText } from './strict-json.js';

const NEWLINE = 0x0a;
/** Lines that come in together are parsed as they are up to this length; a piece of a body has some 64 KiB. */
const LONGEST_PLAIN_BYTES = 128 * 1024;

/** One line of a body, counted from 1. */
export interface Line {
  readonly number: number;
  readonly value: unknown;
  /** The parts of it that cannot be stored unchanged. */
  readonly faults?: FieldErrors;
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
    // The first line is the message, with data that may be nested; a recipient has no use for what is nested.
    const { lines, count } = (first === 1 ? undefined : readPlain(bytes, first)) ?? readCarefully(bytes, first);
    first += count;
    if (lines.length > 0) yield lines;
  }
}

/** The same lines with any content, blank ones too. @throws GatewayProblem for a line that is too long. */
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

/** The body so far up to its last line break, without the break; at the end the rest. */
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
  // A long line may be nested so deeply that parsing it takes seconds.
  const text = bytes.length > LONGEST_PLAIN_BYTES ? undefined : plainText(bytes);
  if (text === undefined) return undefined;
  try {
    const lines = text.split('\n').map((line, i) => ({ number: first + i, value: JSON.parse(line) as unknown }));
    if (
      !hasEveryMember(
        text,
        lines.map(({ value }) => value),
      )
    ) {
      return undefined;
    }
    if (text.includes('null')) lines.forEach(({ value }) => dropNulls(value));
    return { lines, count: lines.length };
  } catch {
    return undefined;
  }
}

function readCarefully(bytes: Buffer, first: number): ReadLines {
  const all = cutLines(bytes, first);
  const lines = all.filter((line) => !isBlank(line.bytes)).map(parseLine);
  return { lines, count: all.length };
}

function parseLine({ number, bytes }: RawLine): Line {
  const { value, faults } = readText(bytes, `Line ${number}`, number);
  return faults.count === 0 ? { number, value } : { number, value, faults };
}

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
