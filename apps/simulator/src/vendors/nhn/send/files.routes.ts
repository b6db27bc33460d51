import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isObject, stringOf } from '../../../http/fields.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { StoredFile } from '../../../state/file-store.js';
import { NhnError, success } from '../envelope.js';
import { checkFields } from './content.js';
import { appKeyOf } from '../version.js';
import { settingsOf } from '../state.js';

/** The two uploads differ in who they are for and in the name of the caller's label (nhn.md §4.7, §5.6). */
const UPLOADS = [
  { url: '/attachfile/binaryUpload', kind: 'MAIL', userField: 'createUser', userCode: -2042 },
  { url: '/templates/attachfile/binaryUpload', kind: 'TEMPLATE', userField: 'userId', userCode: -2035 },
] as const;

const FORBIDDEN_EXTENSION = /\.(js|exe|bat|cmd|com|cpl|scr|vbs|wsf)$/i;
const NAME_LENGTH = 100;
const USER_LENGTH = 50;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** POST attachfile/binaryUpload for mails and for templates: bytes inside JSON. */
export function fileRoutes(app: FastifyInstance, context: VendorContext): void {
  for (const upload of UPLOADS) {
    vendorRoute(app, context, { method: 'POST', url: upload.url, operation: 'other' }, (call) => {
      const { fileId, fileName } = create(context, call, upload);
      return success({ data: { fileId: Number(fileId), fileName } });
    });
  }
}

function create({ simulator }: VendorContext, call: FastifyRequest, upload: (typeof UPLOADS)[number]): StoredFile {
  const settings = settingsOf(simulator);
  if (!isObject(call.body)) throw new NhnError(-9997, 'Message is not readable.');
  const { fileBody, ...rest } = call.body;
  checkFields(rest, { fileName: 'string', [upload.userField]: 'string' }, settings, '');
  if ((stringOf(rest, upload.userField) ?? '').length > USER_LENGTH) {
    throw new NhnError(upload.userCode, `${upload.userField} is over ${USER_LENGTH} characters.`);
  }
  const fileName = readName(stringOf(rest, 'fileName') ?? '');
  const bytes = readBytes(fileBody);
  if (bytes.length > settings.fileLimitBytes)
    throw new NhnError(-2013, `File is over ${settings.fileLimitBytes} bytes.`);
  return simulator.files.add({
    provider: 'nhn',
    scope: appKeyOf(call),
    fileId: String(simulator.serial.next()),
    uploadId: null,
    kind: upload.kind,
    fileName,
    bytes,
    uploadedAt: simulator.now(),
    lifetimeMs: settings.fileLifetimeMs,
  });
}

function readName(name: string): string {
  if (name.trim() === '') throw new NhnError(-2044, 'fileName is required.');
  if (name.length > NAME_LENGTH) throw new NhnError(-2041, `fileName is over ${NAME_LENGTH} characters.`);
  // Which characters a name may not hold is not documented; these are what no file system takes.
  if (/[/\\:*?"<>|\p{Cc}]/u.test(name)) throw new NhnError(-2003, `Invalid file name. ${name}`);
  if (FORBIDDEN_EXTENSION.test(name)) throw new NhnError(-2024, `Extension is not allowed. ${name}`);
  return name;
}

/** A Base64 string or a list of byte values, signed (Java) or not; the Email guide does not say which. */
function readBytes(value: unknown): Buffer {
  const bytes = typeof value === 'string' ? fromBase64(value) : fromList(value);
  if (bytes.length === 0) throw new NhnError(-2045, 'fileBody is required.');
  return bytes;
}

function fromBase64(text: string): Buffer {
  if (text.length % 4 !== 0 || !BASE64.test(text)) throw new NhnError(-9997, 'Message is not readable. fileBody');
  return Buffer.from(text, 'base64');
}

function fromList(value: unknown): Buffer {
  if (value === undefined || value === null) return Buffer.alloc(0);
  const list: readonly unknown[] = Array.isArray(value) ? value : [null];
  const isByte = (entry: unknown): boolean => Number.isInteger(entry) && Number(entry) >= -128 && Number(entry) <= 255;
  if (!list.every(isByte)) throw new NhnError(-9997, 'Message is not readable. fileBody');
  return Buffer.from(list as number[]);
}
