import { FieldErrors, isVariableName, pointerSegment, type Variables } from '@gateway/core';
import { isObject, type Place } from './mailbox.js';

/** More than any template uses; a bound for what one recipient can cost. */
const MAX_VARIABLES = 500;

/**
 * Reads `{name: string | number | boolean}`; values become text as JavaScript writes them.
 * @returns `undefined` when there are none, or after telling `errors` what is wrong.
 */
export function readVariables(value: unknown, place: Place, errors: FieldErrors): Variables | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) {
    errors.add(place.pointer, 'invalid_type', 'must be an object of strings, numbers or booleans', place.line);
    return undefined;
  }
  const names = Object.keys(value);
  if (names.length > MAX_VARIABLES) {
    errors.add(
      place.pointer,
      'too_many',
      `has ${names.length} variables, at most ${MAX_VARIABLES} are taken`,
      place.line,
    );
    return undefined;
  }
  const variables: Record<string, string> = {};
  // The pointer is only made for what is wrong: a hundred thousand recipients have nothing to tell.
  const tell = (name: string, code: 'not_allowed' | 'invalid_type', detail: string): void =>
    errors.add(`${place.pointer}/${pointerSegment(name)}`, code, detail, place.line);
  for (const name of names) {
    const text = textOf(value[name]);
    if (!isVariableName(name)) tell(name, 'not_allowed', 'is not a usable variable name');
    else if (text === undefined) tell(name, 'invalid_type', 'must be a string, number or boolean');
    else variables[name] = text;
  }
  return variables;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'boolean' ? String(value) : undefined;
}
