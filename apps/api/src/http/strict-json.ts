import { FieldErrors, GatewayProblem, pointerSegment } from '@gateway/core';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const utf8WithMark = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * What could hide in valid JSON and can't be stored, or changes an object's prototype: escaped NUL characters and
 * halves of surrogate pairs, and the member `__proto__`. Looked for in the text first, so that ordinary bodies are not
 * walked through.
 */
const SUSPICIOUS = /\\u0000|\\u[dD][89a-fA-F]|__proto__/;

/**
 * Parses JSON in UTF-8.
 * @param what begins the sentence of an error, e.g. `The body`. @param line for bodies of many lines, counted from 1.
 * @throws GatewayProblem `malformed_json`, or `validation_failed` with pointers to text that can't be stored.
 */
export function parseStrict(bytes: Buffer, what: string, line?: number): unknown {
  const text = decode(bytes, what);
  const value = parse(text, what);
  if (SUSPICIOUS.test(text)) {
    const errors = new FieldErrors();
    findUnstorable(value, { pointer: '', line }, errors);
    errors.throwIfAny();
  }
  return value;
}

/**
 * Several JSON texts of which each may be parsed as it is. @returns nothing where one of them is for `parseStrict`:
 * there may be something suspicious, a byte order mark, or bytes that are not UTF-8.
 */
export function plainText(bytes: Buffer): string | undefined {
  try {
    const text = utf8WithMark.decode(bytes);
    return SUSPICIOUS.test(text) || text.includes('\uFEFF') ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * Parses what stands between the brackets of a list, or a part of it.
 * @param at the list's pointer, and the number of the first element. @throws as `parseStrict`
 */
export function parseElements(
  bytes: Buffer,
  what: string,
  at: { readonly pointer: string; readonly first: number },
): readonly unknown[] {
  const text = decode(bytes, what);
  const elements = parse(`[${text}]`, what) as readonly unknown[];
  if (SUSPICIOUS.test(text)) {
    const errors = new FieldErrors();
    elements.forEach((element, i) => {
      findUnstorable(element, { pointer: `${at.pointer}/${at.first + i}`, line: undefined }, errors);
    });
    errors.throwIfAny();
  }
  return elements;
}

function decode(bytes: Buffer, what: string): string {
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

interface Found {
  readonly value: unknown;
  readonly pointer: string;
}

/** Without recursion: a body may be nested as deeply as it is long. */
function findUnstorable(root: unknown, at: { pointer: string; line: number | undefined }, errors: FieldErrors): void {
  const open: Found[] = [{ value: root, pointer: at.pointer }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer } = next;
    if (typeof value === 'string' && !isStorable(value)) {
      errors.add(pointer, 'control_character', 'holds a NUL character or half a surrogate pair', at.line);
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) {
      const below = `${pointer}/${pointerSegment(key)}`;
      if (key === '__proto__') errors.add(below, 'unknown_field', 'is not a name that can be used', at.line);
      else if (!isStorable(key)) errors.add(below, 'control_character', 'is a name with a NUL character', at.line);
      open.push({ value: (value as Record<string, unknown>)[key], pointer: below });
    }
  }
}

/** Can PostgreSQL keep this text as it is? */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();
