import { isAddress } from '../../../http/address.js';
import { stringOf, type FieldSpec, type JsonObject } from '../../../http/fields.js';
import type { NcpSettings } from '../settings.js';
import type { TemplateContent } from './template-tree.js';
import { badRequest } from '../errors.js';
import { readName } from '../read-body.js';
import { LIMITS } from '../send/fields.js';

/** Body of updateTemplate; createTemplate has `categorySid` too (ncp.md §5). */
export const TEMPLATE_FIELDS: FieldSpec = {
  templateName: 'string',
  description: 'string',
  title: 'string',
  body: 'string',
  senderAddress: 'string',
  senderName: 'string',
  isUse: 'boolean',
};

const DESCRIPTION_BYTES = 300;

/** Name and content of a template, checked against ncp.md §5; throws 77102. */
export function readTemplate(
  body: JsonObject,
  settings: NcpSettings,
): { readonly name: string; readonly content: TemplateContent } {
  const name = readName(body, 'templateName', settings);
  const senderAddress = required(body, 'senderAddress');
  if (!isAddress(senderAddress)) throw badRequest('senderAddress is not an e-mail address');
  const content = {
    description: limited(body, 'description', DESCRIPTION_BYTES),
    title: required(body, 'title'),
    body: required(body, 'body'),
    senderAddress,
    senderName: limited(body, 'senderName', LIMITS.senderNameBytes),
  };
  limited(body, 'title', LIMITS.titleBytes);
  return { name, content };
}

function required(body: JsonObject, field: string): string {
  const text = stringOf(body, field);
  if (text === null || text === '') throw badRequest(`${field} is required`);
  return text;
}

function limited(body: JsonObject, field: string, limit: number): string | null {
  const text = stringOf(body, field);
  if (text !== null && Buffer.byteLength(text, 'utf8') > limit) throw badRequest(`${field} is over ${limit} bytes`);
  return text;
}
