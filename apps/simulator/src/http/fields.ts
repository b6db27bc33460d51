/** JSON types as vendors' tables name them; `int` also wants a whole number. */
export type FieldType = 'string' | 'boolean' | 'int' | 'array' | 'object' | 'int-or-digits';

export type FieldSpec = Readonly<Record<string, FieldType>>;

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const FITS: Readonly<Record<FieldType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  int: (value) => Number.isSafeInteger(value),
  array: Array.isArray,
  object: isObject,
  'int-or-digits': (value) => Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,15}$/.test(value)),
};

/** A fault of an object's field, by name. */
export interface FieldFault {
  readonly kind: 'unknown' | 'type';
  readonly field: string;
  readonly expected: FieldType | undefined;
}

/** The first member that is unknown or of a wrong type; null counts as absent, as both vendors take it. */
export function findFieldFault(object: JsonObject, spec: FieldSpec, allowUnknown: boolean): FieldFault | undefined {
  for (const field of Object.keys(object)) {
    const value = object[field];
    const expected = Object.hasOwn(spec, field) ? spec[field] : undefined;
    if (expected === undefined) {
      if (allowUnknown) continue;
      return { kind: 'unknown', field, expected };
    }
    if (value !== null && !FITS[expected](value)) return { kind: 'type', field, expected };
  }
  return undefined;
}

/** A JSON value as text: strings as they are, everything else as JSON. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The string at a member, null when absent, null or of another type. */
export const stringOf = (object: JsonObject, field: string): string | null => {
  const value = object[field];
  return typeof value === 'string' ? value : null;
};
