import { FieldErrors, isVariableName, pointerSegment, type Variables } from '@gateway/core';
import { isObject, type Place } from './mailbox.js';

/** More than any template uses; a bound for what one recipient can cost. */
const MAX_VARIABLES = 500;

/**
 * Reads `{name: string | number | boolean}`; values become text as JavaScript writes them.
 * @param field what the pointer has after the place's own. A pointer is only made for what is wrong: a hundred thousand
 * recipients have nothing to tell.
 * @returns `undefined` when there are none, or after telling `errors` what is wrong.
 */
export function readVariables(value: unknown, place: Place, errors: FieldErrors, field = ''): Variables | undefined {
  if (value === undefined) return undefined;
  const tell = (below: string, code: 'not_allowed' | 'invalid_type' | 'too_many', detail: string): void =>
    errors.add(`${place.pointer}${field}${below}`, code, detail, place.line);
  if (!isObject(value)) return void tell('', 'invalid_type', 'must be an object of strings, numbers or booleans');
  const names = Object.keys(value);
  if (names.length > MAX_VARIABLES) {
    return void tell('', 'too_many', `has ${names.length} variables, at most ${MAX_VARIABLES} are taken`);
  }
  // Most of the time all are texts with good names: then there is nothing to copy.
  if (names.every((name) => typeof value[name] === 'string' && isVariableName(name))) return value as Variables;
  const variables: Record<string, string> = {};
  for (const name of names) {
    const text = textOf(value[name]);
    const below = `/${pointerSegment(name)}`;
    if (!isVariableName(name)) tell(below, 'not_allowed', 'is not a usable variable name');
    else if (text === undefined) tell(below, 'invalid_type', 'must be a string, number or boolean');
    else variables[name] = text;
  }
  return variables;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'boolean' ? String(value) : undefined;
}
