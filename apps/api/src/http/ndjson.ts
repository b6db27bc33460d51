import { GatewayProblem } from '@gateway/core';
import { parseStrict } from './strict-json.js';

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
 * line at a time.
 * @param longestLine in bytes. @throws GatewayProblem for a line that is too long or no JSON.
 */
export async function* readLines(body: AsyncIterable<Buffer>, longestLine: number): AsyncGenerator<readonly Line[]> {
  for await (const page of readRawLines(body, longestLine)) {
    const lines = page.filter(({ bytes }) => !isBlank(bytes)).map(parseLine);
    if (lines.length > 0) yield lines;
  }
}

/** The same lines, whatever stands in them; blank ones too. @throws GatewayProblem for a line that is too long. */
export async function* readRawLines(
  body: AsyncIterable<Buffer>,
  longestLine: number,
): AsyncGenerator<readonly RawLine[]> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let number = 0;
  for await (const chunk of body) {
    const lines: RawLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const piece = chunk.subarray(from, end);
      number += 1;
      lines.push({ number, bytes: rest.length === 0 ? piece : Buffer.concat([...rest, piece]) });
      rest = [];
      restBytes = 0;
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
    restBytes += chunk.length - from;
    if (restBytes > longestLine) throw tooLong(number + 1, longestLine);
    if (lines.length > 0) yield lines;
  }
  if (restBytes > 0) yield [{ number: number + 1, bytes: Buffer.concat(rest) }];
}

const parseLine = ({ number, bytes }: RawLine): Line => ({
  number,
  value: parseStrict(bytes, `Line ${number}`, number),
});

/** Nothing but spaces, tabs and a carriage return. */
export const isBlank = (bytes: Buffer): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

const tooLong = (number: number, longest: number): GatewayProblem =>
  new GatewayProblem('body_too_large', `Line ${number} is longer than ${longest} bytes.`);
