import {
  FieldErrors,
  MAX_ADDRESS_LENGTH,
  normaliseAddress,
  pointerSegment,
  splitMailbox,
  type Mailbox,
} from '@gateway/core';

export const MAX_NAME_BYTES = 256;
// C0, DEL and C1 control characters, and the two Unicode line separators.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

export const hasControlCharacter = (text: string): boolean => CONTROL.test(text);

/** Where an address stands in the body, for pointers. */
export interface Place {
  readonly pointer: string;
  readonly line?: number | undefined;
}

/**
 * Reads `"Kim <kim@example.com>"`, `"kim@example.com"` or the address and name of an object, normalised.
 * @returns `undefined` after telling `errors` what is wrong.
 */
export function readMailbox(value: unknown, place: Place, errors: FieldErrors): Mailbox | undefined {
  if (value === undefined || value === null) return fail(errors, place, 'required', 'an address is required');
  if (typeof value === 'string') return readParts(splitMailbox(value), place, errors, '');
  if (!isObject(value)) return fail(errors, place, 'invalid_type', 'must be an address or {address, name}');
  return readObject(value, place, errors);
}

function readObject(
  { address, name }: Record<string, unknown>,
  place: Place,
  errors: FieldErrors,
): Mailbox | undefined {
  const at = (field: string): Place => ({ ...place, pointer: `${place.pointer}/${field}` });
  if (address === undefined) return fail(errors, at('address'), 'required', 'an address is required');
  if (typeof address !== 'string') return fail(errors, at('address'), 'invalid_type', 'must be a string');
  if (name !== undefined && name !== null && typeof name !== 'string') {
    return fail(errors, at('name'), 'invalid_type', 'must be a string');
  }
  return readParts(typeof name === 'string' ? { address, name } : { address }, place, errors, '/address');
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tells each member that an object should not have. */
export function refuseUnknown(
  value: Record<string, unknown>,
  known: ReadonlySet<string>,
  place: Place,
  errors: FieldErrors,
): void {
  for (const field of Object.keys(value)) {
    if (known.has(field)) continue;
    errors.add(`${place.pointer}/${pointerSegment(field)}`, 'unknown_field', 'is not a field here', place.line);
  }
}

function readParts(
  { address, name }: Mailbox,
  place: Place,
  errors: FieldErrors,
  addressField: string,
): Mailbox | undefined {
  const at = (field: string): Place => ({ ...place, pointer: place.pointer + field });
  const normal = normaliseAddress(address);
  if (normal === undefined) {
    const long = address.trim().length > MAX_ADDRESS_LENGTH;
    if (long) return fail(errors, at(addressField), 'too_long', `has more than ${MAX_ADDRESS_LENGTH} characters`);
    return fail(errors, at(addressField), 'invalid_address', 'is not an e-mail address');
  }
  const nameField = addressField === '' ? '' : '/name';
  if (name !== undefined && hasControlCharacter(name)) {
    return fail(errors, at(nameField), 'control_character', 'a name must not hold control characters or line breaks');
  }
  if (name !== undefined && Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return fail(errors, at(nameField), 'too_long', `a name has at most ${MAX_NAME_BYTES} bytes`);
  }
  return name === undefined || name === '' ? { address: normal } : { address: normal, name };
}

function fail(errors: FieldErrors, place: Place, code: Parameters<FieldErrors['add']>[1], detail: string): undefined {
  errors.add(place.pointer, code, detail, place.line);
  return undefined;
}
