import { isAddress } from '../http/address.js';
import { findFieldFault, isObject, stringOf, type FieldSpec, type JsonObject } from '../http/fields.js';
import type { MailContent } from '../state/accepted-request.js';
import type { NhnSettings } from '../state/settings.js';
import { readCustomHeaders } from './custom-headers.js';
import { NhnError } from './envelope.js';
import { isAdvertising, LENGTHS, type SendKind } from './send.fields.js';

const AD_PHRASES = ['(광고)', '(AD)', '(広告)'];

/** Throws -9995 for unknown members (strict mode) and -9997 for wrong types, as a JSON binder would. */
export function checkFields(object: JsonObject, spec: FieldSpec, settings: NhnSettings, path: string): void {
  const fault = findFieldFault(object, spec, settings.unknownFields === 'ignore');
  if (fault?.kind === 'unknown') throw new NhnError(-9995, `Invalid request. ${path}${fault.field} is unknown`);
  if (fault) throw new NhnError(-9997, `Message is not readable. ${path}${fault.field} must be ${fault.expected}`);
}

/** Finds what a body refers to; throws when it is not there. */
export interface LookUp {
  files(ids: unknown): MailContent['files'];
}

/** Everything of the request that all receivers share, checked in the order of nhn.md §4.1. */
export function readContent(body: JsonObject, kind: SendKind, lookUp: LookUp): MailContent {
  checkTemplate(body);
  const senderAddress = senderOf(body);
  const title = titleOf(body, isAdvertising(kind));
  const text = stringOf(body, 'body') ?? '';
  if (text === '') throw new NhnError(-2016, 'body is required.');
  return {
    senderAddress,
    senderName: stringOf(body, 'senderName'),
    title,
    body: text,
    advertising: isAdvertising(kind),
    parameters: isObject(body['templateParameter']) ? body['templateParameter'] : {},
    marker: stringOf(body, 'senderGroupingKey'),
    templateId: null,
    templateName: null,
    files: lookUp.files(body['attachFileIdList']),
    customHeaders: readCustomHeaders(body['customHeaders'], senderAddress),
    unsubscribeMessage: null,
    templateType: templateTypeOf(body),
  };
}

function senderOf(body: JsonObject): string {
  const senderAddress = stringOf(body, 'senderAddress') ?? '';
  if (senderAddress === '') throw new NhnError(-2002, 'senderAddress is required.');
  checkLengths(body);
  if (!isAddress(senderAddress)) throw new NhnError(-2010, `Sender email is malformed. ${senderAddress}`);
  return senderAddress;
}

/** The ad phrase stands at the very head; whether white space may precede it is unknown (nhn.md §2.7). */
function titleOf(body: JsonObject, advertising: boolean): string {
  const title = stringOf(body, 'title') ?? '';
  if (title === '') throw new NhnError(-2015, 'title is required.');
  if (advertising && !AD_PHRASES.some((phrase) => title.startsWith(phrase))) {
    throw new NhnError(-2023, `The title of an ad mail must start with ${AD_PHRASES.join(', ')}`);
  }
  return title;
}

/** No template exists until the template operations are there. */
function checkTemplate(body: JsonObject): void {
  const templateId = stringOf(body, 'templateId');
  if (templateId === null || templateId === '') return;
  if (templateId.length > 50) throw new NhnError(-2036, 'templateId is over 50 characters.');
  throw new NhnError(-2107, `Not found the template. templateId: ${templateId}`);
}

function checkLengths(body: JsonObject): void {
  for (const [field, limit, code] of LENGTHS) {
    if ((stringOf(body, field) ?? '').length > limit) throw new NhnError(code, `${field} is over ${limit} characters.`);
  }
}

function templateTypeOf(body: JsonObject): MailContent['templateType'] {
  const type = stringOf(body, 'templateType') ?? 'DEFAULT';
  if (type !== 'DEFAULT' && type !== 'FREEMARKER') throw new NhnError(-2005, `Invalid templateType. ${type}`);
  return type;
}
