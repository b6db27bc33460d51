import type { FastifyRequest } from 'fastify';
import { isObject, stringOf, type FieldSpec, type JsonObject } from '../../http/fields.js';
import { lastOf, type Query } from '../../http/query.js';
import type { YesNo } from './templates/template-store.js';
import type { NhnSettings } from './settings.js';
import { NhnError } from './envelope.js';
import { checkFields } from './send/content.js';

/** The JSON object of a call with its fields checked; throws -9997, -9995. */
export function readBody(call: FastifyRequest, spec: FieldSpec, settings: NhnSettings): JsonObject {
  if (!isObject(call.body)) throw new NhnError(-9997, 'Message is not readable.');
  checkFields(call.body, spec, settings, '');
  return call.body;
}

/** A flag of a body, undefined when absent; throws `code` for anything but Y and N. */
export function readYesNo(body: JsonObject, field: string, code = -2046): YesNo | undefined {
  const text = stringOf(body, field);
  if (text === null) return undefined;
  if (text !== 'Y' && text !== 'N') throw new NhnError(code, `${field} may hold only Y or N.`);
  return text;
}

/** The same in a query. */
export function yesNoInQuery(query: Query, field: string): YesNo | undefined {
  const text = lastOf(query, field);
  return text === undefined ? undefined : readYesNo({ [field]: text }, field);
}

/** Throws `code` for a text that is longer; null when absent. */
export function limited(body: JsonObject, field: string, limit: number, code: number): string | null {
  const text = stringOf(body, field);
  if ((text ?? '').length > limit) throw new NhnError(code, `${field} is over ${limit} characters.`);
  return text;
}

/** A whole number in a path or query, undefined when absent; throws -9993. */
export function wholeNumber(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new NhnError(-9993, `Request binding failed. ${field}: ${text}`);
  return Number(text);
}
