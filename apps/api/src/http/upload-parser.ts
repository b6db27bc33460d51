import { MAX_ATTACHMENT_BYTES, GatewayProblem } from '@gateway/core';
import type { FastifyInstance } from 'fastify';
import { setRequestHash } from './body-parsers.js';
import { MultipartBody } from './multipart-body.js';

export const MULTIPART = 'multipart/form-data';
export const FILE_FIELD = 'file';
const UPLOAD_ROUTE = '/v1/attachments';
/** What stands around the file: boundaries, headers of parts. */
const FORM_BYTES = 64 * 1024;

/** Hands a form with a file on as it comes, where files are taken. */
export function installUploadParser(fastify: FastifyInstance): void {
  const rules = {
    field: FILE_FIELD,
    maxFileBytes: MAX_ATTACHMENT_BYTES,
    maxBodyBytes: MAX_ATTACHMENT_BYTES + FORM_BYTES,
  };
  fastify.addContentTypeParser(MULTIPART, (request, payload, done) => {
    if (request.routeOptions.url !== UPLOAD_ROUTE) {
      return done(new GatewayProblem('unsupported_media_type', `Only POST ${UPLOAD_ROUTE} takes a file.`), undefined);
    }
    const body = new MultipartBody(payload, request.headers['content-type'] ?? '', rules);
    setRequestHash(request, (hash) => body.digest().then((file) => hash.update(file).digest()));
    return done(null, body);
  });
}
