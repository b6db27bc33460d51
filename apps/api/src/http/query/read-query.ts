import { FieldErrors } from '@gateway/core';
import { isStorable } from '../json/unstorable.js';

const faults = new WeakMap<object, FieldErrors>();

/** The faults in the text of a query, before its meaning is checked. */
export const faultsOfQuery = (query: unknown): FieldErrors | undefined =>
  typeof query === 'object' && query !== null ? faults.get(query) : undefined;

/**
 * Reads the text after the `?` as strictly as a body is read: UTF-8 in percent-encoding, each name once. It must not
 * throw, since no error could be answered then; users of the result call `faultsOfQuery` first.
 */
export function readQuery(text: string): Record<string, string> {
  const query = Object.create(null) as Record<string, string>;
  const errors = new FieldErrors();
  for (const part of text.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? '' : decoded(part.slice(equals + 1));
    if (name === undefined) errors.add('', 'invalid_type', 'has a name that is not UTF-8 in percent-encoding');
    else if (value === undefined) errors.addAt([name], 'invalid_type', 'is not UTF-8 in percent-encoding');
    else if (!isStorable(name + value)) errors.addAt([name], 'control_character', 'holds a NUL character');
    else if (Object.hasOwn(query, name)) errors.addAt([name], 'not_allowed', 'is given more than once');
    else query[name] = value;
  }
  if (errors.count > 0) faults.set(query, errors);
  return query;
}

/** Forms write a blank as `+`. Bytes that are not escaped come as characters up to U+00FF. */
function decoded(text: string): string | undefined {
  const escaped = text
    .replaceAll('+', ' ')
    .replaceAll(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
}
