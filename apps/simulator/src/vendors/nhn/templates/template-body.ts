import { isAddress } from '../../../http/address.js';
import type { FieldSpec, JsonObject } from '../../../http/fields.js';
import { NhnError } from '../envelope.js';
import { limited, readYesNo } from '../read-body.js';

/** Body of a template update; a registration has templateId and categoryId too (nhn.md §5.6). */
export const TEMPLATE_FIELDS: FieldSpec = {
  templateName: 'string',
  templateDesc: 'string',
  useYn: 'string',
  sendMailAddress: 'string',
  title: 'string',
  templateType: 'string',
  body: 'string',
  attachFileIdList: 'array',
  userId: 'string',
};

// Lengths without a code of their own are answered as an invalid request.
const INVALID = -9995;

/** The members that a body has, checked; absent ones are undefined. */
export function readTemplate(body: JsonObject) {
  return {
    templateName: filled(body, 'templateName', 200, -2102),
    templateDesc: limited(body, 'templateDesc', 4_000, INVALID) ?? undefined,
    useYn: readYesNo(body, 'useYn', -2106),
    sendMailAddress: addressOf(body),
    title: filled(body, 'title', 500, -2112),
    templateType: typeOf(body),
    body: filled(body, 'body', Number.POSITIVE_INFINITY, -2105),
  };
}

/** Throws for what a registration cannot do without. */
export function checkComplete(given: ReturnType<typeof readTemplate>) {
  const { templateName, sendMailAddress, title, body } = given;
  if (templateName === undefined) throw new NhnError(-2102, 'templateName is required.');
  if (sendMailAddress === undefined) throw new NhnError(-2103, 'sendMailAddress is required.');
  if (title === undefined) throw new NhnError(-2112, 'title is required.');
  if (body === undefined) throw new NhnError(-2105, 'body is required.');
  return { templateName, sendMailAddress, title, body };
}

/** Present means not empty. */
function filled(body: JsonObject, field: string, limit: number, code: number): string | undefined {
  const text = limited(body, field, limit, INVALID);
  if (text === '') throw new NhnError(code, `${field} is required.`);
  return text ?? undefined;
}

function addressOf(body: JsonObject): string | undefined {
  const address = filled(body, 'sendMailAddress', 300, -2103);
  if (address !== undefined && !isAddress(address)) throw new NhnError(-2051, `Invalid email. ${address}`);
  return address;
}

function typeOf(body: JsonObject): 'DEFAULT' | 'FREEMARKER' | undefined {
  const type = limited(body, 'templateType', 10, INVALID) ?? undefined;
  if (type === undefined || type === 'DEFAULT' || type === 'FREEMARKER') return type;
  throw new NhnError(-2005, `Invalid templateType. ${type}`);
}

/** Id of a new template: at most 50 characters and none of the reserved ones (nhn.md §2.1). */
export function checkTemplateId(id: string | null): string {
  if (id === null || id === '') throw new NhnError(-2100, 'templateId is required.');
  if (id.length > 50) throw new NhnError(-2110, 'templateId is over 50 characters.');
  if (/[/?:<>%&"']/.test(id)) throw new NhnError(-2114, `templateId has a reserved character. ${id}`);
  return id;
}
