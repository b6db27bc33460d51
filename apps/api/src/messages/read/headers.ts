import { FieldErrors, pointerSegment } from '@gateway/core';
import { hasControlCharacter, isObject } from '../../http/fields/mailbox.js';

/** A bound of the gateway's own; the length of a value is the accounts' concern. */
const MAX_HEADERS = 50;
const NAME = /^[A-Za-z0-9-]{1,50}$/;

/** Reads custom headers. @returns `undefined` when there are none, or after telling `errors` what is wrong. */
export function readHeaders(value: unknown, errors: FieldErrors): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) return void errors.add('', 'invalid_type', 'must be an object of strings');
  const names = Object.keys(value);
  if (names.length > MAX_HEADERS) {
    return void errors.add('', 'too_many', `has ${names.length} headers, at most ${MAX_HEADERS} are taken`);
  }
  const headers: Record<string, string> = {};
  const seen = new Set<string>();
  for (const name of names) {
    const fault = seen.has(name.toLowerCase()) ? TWICE : faultOf(name, value[name]);
    seen.add(name.toLowerCase());
    if (fault !== undefined) errors.add(`/${pointerSegment(name)}`, ...fault);
    else headers[name] = String(value[name]);
  }
  return headers;
}

type Fault = readonly [code: Parameters<FieldErrors['add']>[1], detail: string];

const TWICE: Fault = ['not_allowed', 'is given twice; header names ignore case'];

function faultOf(name: string, value: unknown): Fault | undefined {
  if (typeof value !== 'string') return ['invalid_type', 'must be a string'];
  if (hasControlCharacter(name) || hasControlCharacter(value)) {
    return ['control_character', 'must not contain control characters or line breaks'];
  }
  if (!NAME.test(name)) return ['not_allowed', 'a header name has 1 to 50 letters, digits or hyphens'];
  if (value === '') return ['required', 'a header value must not be empty'];
  return undefined;
}
