import { isAddress } from '../../../http/address.js';
import { findFieldFault, isObject, stringOf, type FieldSpec, type JsonObject } from '../../../http/fields.js';
import type { MailContent } from '../../../state/accepted-request.js';
import type { NhnTemplate } from '../templates/template-store.js';
import type { NhnSettings } from '../settings.js';
import { readCustomHeaders } from './custom-headers.js';
import { NhnError } from '../envelope.js';
import { isAdvertising, LENGTHS, type SendKind } from './fields.js';

const AD_PHRASES = ['(광고)', '(AD)', '(広告)'];

/** Throws -9995 for unknown members (strict mode) and -9997 for wrong types, as a JSON binder would. */
export function checkFields(object: JsonObject, spec: FieldSpec, settings: NhnSettings, path: string): void {
  const fault = findFieldFault(object, spec, settings.unknownFields === 'ignore');
  if (fault?.kind === 'unknown') throw new NhnError(-9995, `Invalid request. ${path}${fault.field} is unknown`);
  if (fault) throw new NhnError(-9997, `Message is not readable. ${path}${fault.field} must be ${fault.expected}`);
}

/** Finds what a body refers to; throws when it is not there. */
export interface LookUp {
  template(templateId: string): NhnTemplate;
  /** Whether a template may stand in for senderAddress. */
  readonly senderFromTemplate: boolean;
  files(ids: unknown, template: NhnTemplate | undefined): MailContent['files'];
}

/** Everything of the request that all receivers share, checked in the order of nhn.md §4.1. */
export function readContent(body: JsonObject, kind: SendKind, lookUp: LookUp): MailContent {
  const template = templateOf(body, kind, lookUp);
  const texts = readTexts(body, kind, lookUp, template);
  return {
    ...texts,
    senderName: stringOf(body, 'senderName'),
    advertising: isAdvertising(kind),
    parameters: isObject(body['templateParameter']) ? body['templateParameter'] : {},
    marker: stringOf(body, 'senderGroupingKey'),
    ...templatePart(body, template),
    files: lookUp.files(body['attachFileIdList'], template),
    customHeaders: readCustomHeaders(body['customHeaders'], texts.senderAddress),
    unsubscribeMessage: null,
  };
}

/** Fields of the body take precedence over its template (nhn.md §2.8). */
function readTexts(body: JsonObject, kind: SendKind, lookUp: LookUp, template: NhnTemplate | undefined) {
  const senderAddress = senderOf(body, lookUp.senderFromTemplate ? template : undefined);
  const title = titleOf(stringOf(body, 'title') || template?.title || '', isAdvertising(kind));
  const text = stringOf(body, 'body') || template?.body || '';
  if (text === '') throw new NhnError(-2016, 'body is required.');
  return { senderAddress, title, body: text };
}

const templatePart = (body: JsonObject, template: NhnTemplate | undefined) => ({
  templateId: template?.templateId ?? null,
  templateName: template?.templateName ?? null,
  templateType: templateTypeOf(body) ?? template?.templateType ?? ('DEFAULT' as const),
});

function senderOf(body: JsonObject, template: NhnTemplate | undefined): string {
  const senderAddress = stringOf(body, 'senderAddress') || template?.sendMailAddress || '';
  if (senderAddress === '') throw new NhnError(-2002, 'senderAddress is required.');
  checkLengths(body);
  if (!isAddress(senderAddress)) throw new NhnError(-2010, `Sender email is malformed. ${senderAddress}`);
  return senderAddress;
}

/** The title must begin with the ad phrase; whether white space may precede it is unknown (nhn.md §2.7). */
function titleOf(title: string, advertising: boolean): string {
  if (title === '') throw new NhnError(-2015, 'title is required.');
  if (advertising && !AD_PHRASES.some((phrase) => title.startsWith(phrase))) {
    throw new NhnError(-2023, `The title of an ad mail must start with ${AD_PHRASES.join(', ')}`);
  }
  return title;
}

/** Throws -2107, -2115 for one that is disabled and -2111 for an auth mail with files. */
function templateOf(body: JsonObject, kind: SendKind, lookUp: LookUp): NhnTemplate | undefined {
  const templateId = stringOf(body, 'templateId');
  if (templateId === null || templateId === '') return undefined;
  if (templateId.length > 50) throw new NhnError(-2036, 'templateId is over 50 characters.');
  const template = lookUp.template(templateId);
  if (template.useYn === 'N') throw new NhnError(-2115, `Template is disabled. ${templateId}`);
  if (kind === 'auth-mail' && template.files.length > 0) {
    throw new NhnError(-2111, 'A template with attachments cannot be used for an auth mail.');
  }
  return template;
}

function checkLengths(body: JsonObject): void {
  for (const [field, limit, code] of LENGTHS) {
    if ((stringOf(body, field) ?? '').length > limit) throw new NhnError(code, `${field} is over ${limit} characters.`);
  }
}

function templateTypeOf(body: JsonObject): MailContent['templateType'] | undefined {
  const type = stringOf(body, 'templateType') ?? undefined;
  if (type === undefined || type === 'DEFAULT' || type === 'FREEMARKER') return type;
  throw new NhnError(-2005, `Invalid templateType. ${type}`);
}
