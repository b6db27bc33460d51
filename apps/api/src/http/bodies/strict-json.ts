import { FieldErrors, GatewayProblem } from '@gateway/core';
import { JsonFaults } from '../json/json-faults.js';
import { JsonScan } from '../json/json-scan.js';
import { dropNulls } from '../json/nulls.js';
import { mayBeInexact } from '../json/exact-number.js';
import { findUnstorable, mayBeUnstorable } from '../json/unstorable.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const utf8WithMark = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A JSON text that was read, with what is wrong with it. */
export interface ReadText {
  readonly value: unknown;
  readonly faults: FieldErrors;
}

/**
 * Parses JSON in UTF-8, without the members that are `null`. Changes the bytes where they are nested too deeply.
 * @param what begins the sentence of an error, e.g. `The body`. @param line for bodies of many lines, counted from 1.
 * @returns with pointers to text that cannot be stored, numbers that cannot be kept, values that are nested too deeply.
 * @throws GatewayProblem `malformed_json`
 */
export function readText(bytes: Buffer, what: string, line?: number): ReadText {
  const faults = new JsonFaults(what, [], line);
  const scan = new JsonScan(bytes, faults);
  scan.look(0, bytes.length);
  scan.blank(what);
  if (faults.whole.isMalformed) faults.whole.throwIfAny();
  const value = parseScanned(bytes, what, { faults, hasNull: scan.hasNull });
  return { value, faults: faults.whole };
}

/** The same. @throws GatewayProblem for all of it: `validation_failed` with what `readText` returns. */
export function parseStrict(bytes: Buffer, what: string, line?: number): unknown {
  const { value, faults } = readText(bytes, what, line);
  faults.throwIfAny();
  return value;
}

/** Facts about a text, found while its bytes were scanned. */
export interface Scanned {
  readonly faults: JsonFaults;
  readonly hasNull: boolean;
}

/** Parses a text whose bytes were looked through. @throws GatewayProblem `malformed_json` */
export function parseScanned(bytes: Buffer, what: string, { faults, hasNull }: Scanned): unknown {
  const text = decode(bytes, what);
  const value = parse(text, what);
  if (mayBeUnstorable(text)) findUnstorable(value, faults);
  if (hasNull) dropNulls(value);
  return value;
}

/**
 * Several JSON texts, one a line, of which each may be parsed as it is. @returns nothing where one of them is for
 * `readText`: there may be something suspicious, a byte order mark, or bytes that are not UTF-8.
 */
export function plainText(bytes: Buffer): string | undefined {
  try {
    const text = utf8WithMark.decode(bytes);
    return mayBeUnstorable(text) || mayBeInexact(text) || text.includes('\uFEFF') ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * Parses the elements of a list, or some of them: the text between its brackets, which was scanned before.
 * @param at position for error pointers: the list's name, and the number of the first element. @throws as `parseScanned`
 */
export function parseElements(
  bytes: Buffer,
  what: string,
  at: { readonly name: string; readonly first: number },
  { faults, hasNull }: Scanned,
): readonly unknown[] {
  const text = decode(bytes, what);
  const elements = parse(`[${text}]`, what) as readonly unknown[];
  if (elements.length === 0) throw new GatewayProblem('malformed_json', `${what} is not valid JSON.`);
  if (mayBeUnstorable(text)) elements.forEach((each, i) => findUnstorable(each, faults, [at.name, at.first + i]));
  if (hasNull) dropNulls(elements);
  return elements;
}

export function decode(bytes: Buffer, what: string): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new GatewayProblem('malformed_json', `${what} is not valid UTF-8.`, { cause: error });
  }
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new GatewayProblem('malformed_json', `${what} is not valid JSON.`, { cause: error });
  }
}
