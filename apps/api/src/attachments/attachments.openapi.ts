import { MAX_ATTACHMENT_BYTES, forbiddenExtensions } from '@gateway/core';
import { z } from 'zod';
import { attachmentListQuery } from './attachments.schema.js';
import { FILE_FIELD, MULTIPART } from '../http/bodies/upload-parser.js';
import { idOf, instant, listing, pageOf, pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';

const bytes = z.string().meta({ format: 'binary' });

const form = z
  .strictObject({ [FILE_FIELD]: bytes.meta({ description: 'The file, with its name and media type' }) })
  .meta({ id: 'AttachmentForm' });

const attachment = z
  .object({
    id: idOf('attachment'),
    name: z.string(),
    size: z.int().meta({ description: 'In bytes' }),
    contentType: z.string().meta({ description: 'Found in the content, otherwise as the uploader said' }),
    createdAt: instant,
  })
  .meta({ id: 'Attachment' });

const attachmentPage = pageOf('AttachmentPage', attachment);

/** The example that a sandbox gateway has. */
export const EXAMPLE_FILE = { name: 'terms.txt', contentType: 'text/plain', text: 'Returns within 14 days.\n' };

const example: z.input<typeof attachment> = {
  id: EXAMPLE_IDS.attachment,
  name: EXAMPLE_FILE.name,
  size: EXAMPLE_FILE.text.length,
  contentType: EXAMPLE_FILE.contentType,
  createdAt: '2026-11-20T09:00:00.000Z',
};

const attachmentId = { id: pathIdOf('attachment', EXAMPLE_IDS.attachment, 'Id of the attachment') };

export const uploadAttachment: OperationDoc = {
  id: 'uploadAttachment',
  summary: 'Upload a file',
  description:
    `At most ${MAX_ATTACHMENT_BYTES / 1024 ** 2} MiB. Executable files are refused: ${forbiddenExtensions.join(', ')}. ` +
    'Messages name its id in `attachments`, any number of times.',
  idempotent: true,
  bodies: [
    {
      mediaType: MULTIPART,
      description: 'A form with one file',
      schema: form,
      examples: () => ({ file: { summary: 'A file', value: { [FILE_FIELD]: EXAMPLE_FILE.text } } }),
    },
  ],
  answers: [
    {
      status: 201,
      description: 'The file is stored',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(attachment, example),
    },
  ],
};

export const listAttachments = listing({
  id: 'listAttachments',
  summary: 'List files',
  description: 'Newest first.',
  query: attachmentListQuery,
  page: attachmentPage,
  holds: 'Files, newest first',
  example: example,
});

export const getAttachment: OperationDoc = {
  id: 'getAttachment',
  summary: 'Get a file',
  description: 'Name, size and media type; the bytes are at `/content`.',
  path: attachmentId,
  answers: [{ status: 200, description: 'The file', content: json(attachment, example) }],
};

export const getAttachmentContent: OperationDoc = {
  id: 'getAttachmentContent',
  summary: 'Download a file',
  description: 'The bytes with their media type, as a download.',
  path: attachmentId,
  answers: [
    {
      status: 200,
      description: 'The content of the file',
      content: { mediaType: '*/*', schema: bytes, example: EXAMPLE_FILE.text },
    },
  ],
};

export const deleteAttachment: OperationDoc = {
  id: 'deleteAttachment',
  summary: 'Delete a file',
  description:
    'It can no longer be seen or used. Accepted messages still carry it; after the last of ' +
    'them its content is removed, here and at the providers.',
  path: { id: pathIdOf('attachment', EXAMPLE_IDS.removableAttachment, 'Id of the attachment') },
  answers: [{ status: 204, description: 'Deleted' }],
};
