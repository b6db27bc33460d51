import type { JsonFaults } from './json-faults.js';

/**
 * Finds text in valid JSON that cannot be stored, or changes an object's prototype: escaped NUL characters and
 * halves of surrogate pairs, and the member `__proto__`, also where its letters are written as escapes. Looked for in
 * the text first, so that ordinary bodies are not walked through.
 */
const SUSPICIOUS = /\\u0000|\\u[dD][89a-fA-F]|\\u00[5-7]|__proto__/;

export const mayBeUnstorable = (text: string): boolean => SUSPICIOUS.test(text);

/** Can PostgreSQL keep this text as it is? */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** A value and the way to it, from the inside out: a pointer for each would be as long as all names above it. */
interface Found {
  readonly value: unknown;
  readonly name: string | number;
  readonly above: Found | undefined;
}

/** Reports what cannot be kept of a value. @param at leads to the value */
export function findUnstorable(root: unknown, faults: JsonFaults, at: readonly (string | number)[] = []): void {
  const open: Found[] = [{ value: root, name: '', above: undefined }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value } = next;
    if (typeof value === 'string') {
      if (isStorable(value)) continue;
      faults.add(pathTo(next, at), 'control_character', 'holds a NUL character or half a surrogate pair');
    } else if (Array.isArray(value)) {
      // From the end: it is taken from there.
      for (let i = value.length - 1; i >= 0; i -= 1) open.push({ value: value[i] as unknown, name: i, above: next });
    } else if (typeof value === 'object' && value !== null) openMembers(value, next, { open, faults, at });
  }
}

function openMembers(
  value: object,
  above: Found,
  { open, faults, at }: { open: Found[]; faults: JsonFaults; at: readonly (string | number)[] },
): void {
  for (const name of Object.keys(value).reverse()) {
    const found = { value: (value as Record<string, unknown>)[name], name, above };
    if (name === '__proto__') faults.add(pathTo(found, at), 'unknown_field', 'is not a name that can be used');
    else if (!isStorable(name)) faults.add(pathTo(found, at), 'control_character', 'is a name with a NUL character');
    open.push(found);
  }
}

/** The path is written when it is asked for. */
const pathTo =
  (found: Found, at: readonly (string | number)[]) =>
  (depth = Infinity): readonly (string | number)[] => {
    const path: (string | number)[] = [];
    for (let each: Found | undefined = found; each?.above !== undefined; each = each.above) path.push(each.name);
    return [...at, ...path.reverse()].slice(0, depth);
  };
