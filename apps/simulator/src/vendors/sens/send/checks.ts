import { findFieldFault, isObject, stringOf, type FieldSpec, type JsonObject } from '../../../http/fields.js';
import type { Parameters } from '../../../state/parameters.js';
import { invalid } from '../errors.js';
import type { SensSettings } from '../settings.js';

export const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Throws for members that are unknown (strict mode) or of a wrong type. */
export function checkFields(object: JsonObject, spec: FieldSpec, settings: SensSettings, path: string): void {
  const fault = findFieldFault(object, spec, settings.unknownFields === 'ignore');
  if (!fault) return;
  throw invalid(`${path}${fault.field}`, fault.kind === 'unknown' ? 'is unknown' : `must be ${String(fault.expected)}`);
}

/** Substitution values are an object of strings. */
export function parametersOf(value: unknown, path: string): Parameters | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalid(path, 'must be object');
  for (const key in value) if (typeof value[key] !== 'string') throw invalid(`${path}.${key}`, 'must be string');
  return value;
}

export function required(text: string | null | undefined, field: string): string {
  if (text === null || text === undefined || text === '') throw invalid(field, 'is required');
  return text;
}

export function atMost(object: JsonObject, field: string, limit: number, path = ''): string | null {
  const text = stringOf(object, field);
  if (text !== null && bytes(text) > limit) throw invalid(`${path}${field}`, `is over ${limit} bytes`);
  return text;
}
