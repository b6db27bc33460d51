import type { FastifyRequest } from 'fastify';
import { isObject, stringOf, type FieldSpec, type JsonObject } from '../../http/fields.js';
import type { NcpSettings } from './settings.js';
import { badRequest } from './errors.js';
import { checkFields } from './send/content.js';

/** The JSON object of a call with its fields checked; throws 77102. */
export function readBody(call: FastifyRequest, spec: FieldSpec, settings: NcpSettings): JsonObject {
  if (!isObject(call.body)) throw badRequest('the body is not an object');
  checkFields(call.body, spec, settings, '');
  return call.body;
}

// Letters of no other script, no white space (ncp.md §5, §6).
const NAME = /^[\p{Script=Hangul}A-Za-z0-9._-]{1,100}$/u;
const NAME_WITH_SPACES = /^[\p{Script=Hangul}A-Za-z0-9._ -]{1,100}$/u;

/** Name of a template, category or recipient group; an example in the documents has a space in it. */
export function checkName(name: string | null, field: string, settings: NcpSettings): string {
  if (name === null || name === '') throw badRequest(`${field} is required`);
  const allowed = settings.namesWithSpaces ? NAME_WITH_SPACES : NAME;
  if (!allowed.test(name)) throw badRequest(`${field} is not 1 to 100 Hangul, Latin letters, digits, . _ -`);
  return name;
}

export const readName = (body: JsonObject, field: string, settings: NcpSettings): string =>
  checkName(stringOf(body, field), field, settings);

/** A sid in a path; throws 77102 for anything but digits. */
export function sidInPath(call: FastifyRequest, name: string): number {
  const text = (call.params as Record<string, string>)[name] ?? '';
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`${name} is not a number`);
  return Number(text);
}
