import { MAX_ATTACHMENT_BYTES } from '@gateway/core';
import type { FastifyInstance } from 'fastify';
import { requireStreamTaken, setRequestHash } from './body-parsers.js';
import { requireUtf8 } from './encodings.js';
import { MultipartBody } from './multipart-body.js';

export const MULTIPART = 'multipart/form-data';
export const FILE_FIELD = 'file';
/** Room for the parts of the form around the file: boundaries, headers. */
const FORM_BYTES = 64 * 1024;

/** Hands a form with a file on as it comes, where files are taken. */
export function installUploadParser(fastify: FastifyInstance): void {
  const rules = {
    field: FILE_FIELD,
    maxFileBytes: MAX_ATTACHMENT_BYTES,
    maxBodyBytes: MAX_ATTACHMENT_BYTES + FORM_BYTES,
  };
  fastify.addContentTypeParser(MULTIPART, (request, payload, done) => {
    requireStreamTaken(request);
    try {
      requireUtf8(request.headers['content-type']);
    } catch (error) {
      return done(error as Error, undefined);
    }
    const body = new MultipartBody(payload, request.headers['content-type'] ?? '', rules);
    setRequestHash(request, (hash) => body.digest().then((file) => hash.update(file).digest()));
    return done(null, body);
  });
}
