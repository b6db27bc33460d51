import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { acceptMultipartOnly, type Part } from '../../../http/multipart.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { StoredFile } from '../../../state/file-store.js';
import type { NcpSettings } from '../settings.js';
import { badRequest, gatewayError } from '../errors.js';
import { missingFile } from './attachments.js';
import { scopeOf } from '../scope.js';
import { settingsOf } from '../state.js';

/** createFile, getFile, deleteFile (ncp.md §4): by tempRequestId only; mails refer to fileId. */
export function fileRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  void app.register(async (scope) => {
    acceptMultipartOnly(scope);
    vendorRoute(scope, context, { method: 'POST', url: '/files', operation: 'other' }, (call, reply) => {
      reply.code(201);
      return uploadBody(create(context, call));
    });
  });

  const one = { url: '/files/:tempRequestId', operation: 'other' } as const;
  vendorRoute(app, context, { ...one, method: 'GET' }, (call) => uploadBody(filesOf(context, call)));
  vendorRoute(app, context, { ...one, method: 'DELETE' }, (call) => {
    const files = filesOf(context, call);
    simulator.files.remove(files);
    return uploadBody(files);
  });
}

/** The body of all three: the upload and its files. */
const uploadBody = (files: readonly StoredFile[]) => ({
  tempRequestId: files[0]?.uploadId,
  files: files.map(({ fileName, fileSize, fileId }) => ({ fileName, fileSize, fileId })),
});

function create({ simulator }: VendorContext, call: FastifyRequest): StoredFile[] {
  const settings = settingsOf(simulator);
  const parts = readParts(call, 'fileList', settings);
  for (const part of parts) checkFile(part, settings);
  const uploadId = newId();
  return parts.map(({ fileName = '', bytes }) =>
    simulator.files.add({
      provider: 'ncp',
      scope: scopeOf(call),
      fileId: newId(),
      uploadId,
      kind: 'MAIL',
      fileName,
      bytes,
      uploadedAt: simulator.now(),
      lifetimeMs: settings.fileLifetimeMs,
    }),
  );
}

/** A UUID with digits behind it, longer than a UUID column holds (ncp.md §4). */
const newId = (): string => `${randomUUID()}-99`;

/** The file parts of a call under one name; throws 77102 without one or for parts under other names (strict mode). */
export function readParts(call: FastifyRequest, name: string, settings: NcpSettings): Part[] {
  const parts: readonly Part[] = Array.isArray(call.body) ? (call.body as Part[]) : [];
  const stranger = parts.find((part) => part.name !== name);
  if (stranger && settings.unknownFields === 'reject') throw badRequest(`part ${stranger.name} is unknown`);
  const wanted = parts.filter((part) => part.name === name);
  if (wanted.length === 0) throw badRequest(`part ${name} is required`);
  return wanted;
}

function checkFile({ fileName, bytes }: Part, settings: NcpSettings): void {
  if (fileName === undefined || fileName === '') throw badRequest('fileList has a part without a file name');
  if (bytes.length === 0 && settings.emptyFiles === 'reject') throw badRequest(`${fileName} is empty`);
  if (bytes.length <= settings.fileLimitBytes) return;
  const reason = `${fileName} is over ${settings.fileLimitBytes} bytes`;
  if (settings.fileOverLimit === 'gateway') throw gatewayError(413, '430', 'Request Entity Too Large', reason);
  throw badRequest(reason);
}

function filesOf({ simulator }: VendorContext, call: FastifyRequest): StoredFile[] {
  const { tempRequestId } = call.params as { tempRequestId: string };
  const files = simulator.files.ofUpload(scopeOf(call), tempRequestId, simulator.now());
  if (files.length === 0) throw missingFile(`tempRequestId ${tempRequestId} does not exist`, settingsOf(simulator));
  return files;
}
