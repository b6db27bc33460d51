import { randomBytes } from 'node:crypto';
import {
  ProviderUnavailableError,
  type OutboundFile,
  type ProviderAttachments,
  type ProviderFile,
  type UploadOutcome,
} from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { readJson, wordsOf } from '../../shared/answer.js';
import { ask } from '../../shared/exchange.js';
import { framed } from '../../shared/streams.js';
import type { V1Api } from './api.js';
import { readError, refusalOf } from './errors.js';
import { fileDetailSchema, uploadSchema } from './wire.js';

/** ncp.md §4 says 10 MB and 20 MB without saying of which; these are the smaller readings. */
export const v1FileLimits = {
  attachmentCount: 10,
  attachmentBytes: 10_000_000,
  attachmentTotalBytes: 20_000_000,
} as const;

const FILES = '/files';
const UPLOAD = 'createFile';
/** 2026-11, ncp.md §4: which one an unknown upload answers is not documented, 77103 by analogy. */
const GONE: ReadonlySet<string | undefined> = new Set(['77102', '77103']);

/** createFile, getFile and deleteFile. Mails refer to `fileId`; the other two calls know `tempRequestId` only (§4). */
export const createV1Files = (api: V1Api): Required<ProviderAttachments> => ({
  upload: (file, signal) => upload(api, file, signal),
  isThere: async (file, signal) => {
    const answer = await ask(api.http, { ...api.signed('GET', pathOf(file)), signal }, api.account);
    const found = answer.status === 200 ? uploadSchema.safeParse(readJson(answer.body)).data : undefined;
    if (found !== undefined) return found.files.some(({ fileId }) => fileId === file.fileId);
    if (isGone(api, answer)) return false;
    throw unavailable(api, answer);
  },
  remove: async (file, signal) => {
    const answer = await ask(api.http, { ...api.signed('DELETE', pathOf(file)), signal }, api.account);
    if (answer.status !== 200 && !isGone(api, answer)) throw unavailable(api, answer);
  },
});

async function upload(api: V1Api, file: OutboundFile, signal: AbortSignal): Promise<UploadOutcome> {
  const { contentType, body } = formOf(file);
  const request = api.signed('POST', FILES);
  const headers = { ...request.headers, 'content-type': contentType };
  const answer = await ask(api.http, { ...request, headers, body, signal }, api.account);
  const created = isGood(answer) ? uploadSchema.safeParse(readJson(answer.body)).data : undefined;
  const [first] = created?.files ?? [];
  if (created !== undefined && first !== undefined) {
    const detail = { tempRequestId: created.tempRequestId };
    return { outcome: 'uploaded', file: { fileId: first.fileId, detail } };
  }
  const refused = refusalOf(UPLOAD, answer, api);
  if (refused === undefined) throw unavailable(api, answer);
  return refused;
}

const isGood = ({ status }: HttpResponse): boolean => status >= 200 && status < 300;

const isGone = (api: V1Api, answer: HttpResponse): boolean =>
  answer.status === 400 && GONE.has(readError(answer, api.redact).code);

function unavailable(api: V1Api, answer: HttpResponse): ProviderUnavailableError {
  const { code, message } = readError(answer, api.redact);
  const words = wordsOf(api.account, { code, message, httpStatus: answer.status });
  return new ProviderUnavailableError(`the answer (HTTP ${answer.status}) is no verdict`, words);
}

function pathOf({ detail }: ProviderFile): string {
  const { tempRequestId } = fileDetailSchema.parse(detail);
  return `${FILES}/${encodeURIComponent(tempRequestId)}`;
}

/** A form with one part, `fileList`; names in UTF-8, escaped as browsers do. */
function formOf({ name, size, contentType, content }: OutboundFile) {
  const boundary = `gateway-${randomBytes(16).toString('hex')}`;
  const escaped = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="fileList"; filename="${escaped}"`,
    `Content-Type: ${contentType}`,
    '',
    '',
  ].join('\r\n');
  const tail = `\r\n--${boundary}--\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: framed(Buffer.from(head), { size, chunks: content }, Buffer.from(tail)),
  };
}
