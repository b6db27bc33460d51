import {
  ProviderUnavailableError,
  type OutboundFile,
  type ProviderAttachments,
  type UploadOutcome,
} from '@gateway/core';
import { ask } from '../shared/exchange.js';
import { base64Length, base64Of, framed } from '../shared/streams.js';
import type { NhnApi } from './nhn.api.js';
import { OK } from './nhn.codes.js';
import { envelopeWords, readEnvelope, refusalOf } from './nhn.errors.js';
import { uploadedSchema } from './nhn.wire.js';

const UPLOAD = 'binaryUpload';

/** binaryUpload (nhn.md §4.7): bytes as Base64 in JSON. There is no call to ask for a file or to remove it: it expires. */
export const createNhnFiles = (api: NhnApi): ProviderAttachments => ({
  upload: (file, signal) => upload(api, file, signal),
});

async function upload(api: NhnApi, file: OutboundFile, signal: AbortSignal): Promise<UploadOutcome> {
  const path = api.pathOf(`attachfile/${UPLOAD}`);
  const { headers } = api;
  const answer = await ask(api.http, { method: 'POST', path, headers, body: bodyOf(file), signal }, api.account);
  const envelope = readEnvelope(answer);
  const taken = envelope?.header.isSuccessful === true && envelope.header.resultCode === OK;
  const fileId = taken ? uploadedSchema.safeParse(envelope.body).data?.data.fileId : undefined;
  if (fileId !== undefined) return { outcome: 'uploaded', file: { fileId } };
  const refused = refusalOf({ answer, operation: UPLOAD, by: api });
  if (refused !== undefined) return refused;
  const words = envelopeWords(answer, envelope, api);
  throw new ProviderUnavailableError(`the answer (HTTP ${answer.status}) is no verdict`, words);
}

function bodyOf({ name, size, content }: OutboundFile) {
  const head = `{"fileName":${JSON.stringify(name)},"fileBody":"`;
  return framed(Buffer.from(head), { size: base64Length(size), chunks: base64Of(content) }, Buffer.from('"}'));
}
