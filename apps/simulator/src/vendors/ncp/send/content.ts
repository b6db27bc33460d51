import { domainOf, isAddress } from '../../../http/address.js';
import { findFieldFault, isObject, stringOf, type FieldSpec, type JsonObject } from '../../../http/fields.js';
import type { MailContent } from '../../../state/accepted-request.js';
import type { Parameters } from '../../../state/parameters.js';
import type { NcpSettings } from '../settings.js';
import { badRequest } from '../errors.js';
import type { TemplateContent, TemplateNode } from '../templates/template-tree.js';
import { LIMITS } from './fields.js';

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Throws 77102 for members that are unknown or of a wrong type; `path` goes into the reason. */
export function checkFields(object: JsonObject, spec: FieldSpec, settings: NcpSettings, path: string): void {
  const fault = findFieldFault(object, spec, settings.unknownFields === 'ignore');
  if (!fault) return;
  const what = fault.kind === 'unknown' ? 'is unknown' : `must be ${String(fault.expected)}`;
  throw badRequest(`${path}${fault.field} ${what}`);
}

/** Substitution values are an object of strings (ncp.md §3.1). */
export function parametersOf(value: unknown, path: string): Parameters | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw badRequest(`${path} must be object`);
  for (const key in value) {
    if (typeof value[key] !== 'string') throw badRequest(`${path}.${key} must be string`);
  }
  return value;
}

/** Files and template that the body refers to, already found. */
interface ContentParts {
  readonly files: MailContent['files'];
  readonly template: TemplateNode | undefined;
}

/** Everything of the request that all recipients share (ncp.md §3.1). */
export function readContent(body: JsonObject, settings: NcpSettings, parts: ContentParts): MailContent {
  const { template, files } = parts;
  const advertising = body['advertising'] === true;
  const content: MailContent = {
    ...readTexts(body, template?.content, settings),
    advertising,
    parameters: parametersOf(body['parameters'], 'parameters') ?? {},
    marker: referencesHeaderOf(body),
    templateId: template ? String(template.sid) : null,
    templateName: template ? template.name : settings.absentTemplateName,
    files,
    customHeaders: {},
    unsubscribeMessage: unsubscribeMessageOf(body),
    templateType: 'DEFAULT',
  };
  // For ad mails the unsubscribe text counts too (ncp.md §3.1).
  const farewell = advertising ? bytes(content.unsubscribeMessage ?? '') : 0;
  if (bytes(content.body) + farewell > settings.bodyLimitBytes) throw badRequest('body is over the size limit');
  return content;
}

/** Fields of the body take precedence over its template. */
function readTexts(body: JsonObject, template: TemplateContent | undefined, settings: NcpSettings) {
  const own = (field: 'senderAddress' | 'title' | 'body'): string =>
    required(stringOf(body, field) || template?.[field], field);
  atMost(body, 'title', LIMITS.titleBytes);
  return {
    senderAddress: checkSender(own('senderAddress'), settings),
    senderName: atMost(body, 'senderName', LIMITS.senderNameBytes) ?? template?.senderName ?? null,
    title: own('title'),
    body: own('body'),
  };
}

function checkSender(sender: string, settings: NcpSettings): string {
  if (!isAddress(sender) || sender.length > settings.addressMaxLength) {
    throw badRequest('senderAddress is not an e-mail address');
  }
  if (settings.forbiddenSenderDomains.includes(domainOf(sender))) {
    throw badRequest('senderAddress uses a portal domain');
  }
  return sender;
}

function referencesHeaderOf(body: JsonObject): string | null {
  const header = stringOf(body, 'referencesHeader');
  if (header === null) return null;
  if (header.length > LIMITS.referencesHeaderLength) throw badRequest('referencesHeader is too long');
  if (!/^<[^<>@\s]+@[^<>@\s]+>$/.test(header)) throw badRequest('referencesHeader is not <unique_id@domain>');
  return header;
}

function unsubscribeMessageOf(body: JsonObject): string | null {
  const own = stringOf(body, 'unsubscribeMessage');
  if (body['useBasicUnsubscribeMsg'] !== false) return null;
  return required(own, 'unsubscribeMessage');
}

function required(text: string | null | undefined, field: string): string {
  if (text === null || text === undefined || text === '') throw badRequest(`${field} is required`);
  return text;
}

function atMost(body: JsonObject, field: string, limit: number): string | null {
  const text = stringOf(body, field);
  if (text !== null && bytes(text) > limit) throw badRequest(`${field} is over ${limit} bytes`);
  return text;
}
