import { z } from 'zod';
import { NDJSON } from '../http/bodies/body-parsers.js';
import { messageListQuery, messageQuery } from './follow/message-list.schema.js';
import { messageSchema } from './read/message.schema.js';
import { pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type BodyDoc, type OperationDoc } from '../openapi/operation.js';
import {
  acceptedMessage,
  completedMessage,
  detailedMessage,
  previewedMessage,
  releasedMessage,
} from './answer-examples.openapi.js';
import { cancellation, message, messageDetail, messagePage, preview, release } from './message-schemas.openapi.js';
import { messageExamples, messageStream } from './request-examples.openapi.js';

export const messageId = { id: pathIdOf('message', EXAMPLE_IDS.message, 'Id of the message') };

const newMessage: BodyDoc = {
  description: 'The message. `template`, `html` or `text` is required, and `recipients`, `to` or `audience`.',
  schema: messageSchema.meta({ id: 'NewMessage' }),
  examples: messageExamples,
};

const newMessageStream: BodyDoc = {
  mediaType: NDJSON,
  description:
    'For more than 100,000 recipients, up to 5,000,000: the first line is the message without recipients, then ' +
    'one recipient per line. The message is accepted as a whole or not at all.',
  schema: z.string().meta({ contentMediaType: NDJSON, description: 'Lines of JSON' }),
  examples: () => ({ stream: { summary: 'The message, then its recipients', value: messageStream } }),
};

const wouldHappen = { status: 200, content: json(preview, previewedMessage) };

export const sendMessage: OperationDoc = {
  id: 'sendMessage',
  summary: 'Send a message',
  description:
    'The message is in PostgreSQL before the answer; after `202` it is sent, whatever happens to the gateway. ' +
    'With `dryRun` nothing is stored or sent.',
  idempotent: true,
  bodies: [newMessage, newMessageStream],
  answers: [
    {
      status: 202,
      description: 'Accepted and stored',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(message, acceptedMessage),
    },
    { ...wouldHappen, description: 'With `dryRun`: what would happen' },
  ],
  problems: ['unsupported_by_provider', 'sender_not_allowed'],
};

export const previewMessage: OperationDoc = {
  id: 'previewMessage',
  summary: 'Preview a message',
  description: 'Plans and renders like sending; nothing is stored or sent.',
  bodies: [newMessage],
  idempotent: 'checked',
  answers: [{ ...wouldHappen, description: 'What would happen' }],
  problems: ['unsupported_by_provider', 'sender_not_allowed'],
};

export const listMessages: OperationDoc = {
  id: 'listMessages',
  summary: 'List messages',
  description:
    'Newest first. A page looks at 50,000 messages at most (10,000 with `to` or `subject`), so a page with filters may be ' +
    'empty and still have a `nextCursor`: older messages are left to look at.',
  query: messageListQuery,
  moreQuery: {
    metadata: {
      description: 'Values of metadata, as `metadata[orderSystem]=web`',
      style: 'deepObject',
      schema: { type: 'object', additionalProperties: { type: 'string' }, examples: [{ orderSystem: 'web' }] },
      example: {},
    },
  },
  answers: [
    {
      status: 200,
      description: 'Messages, newest first',
      content: json(messagePage, { data: [completedMessage], nextCursor: null }),
    },
  ],
};

export const getMessage: OperationDoc = {
  id: 'getMessage',
  summary: 'Get a message',
  description:
    'With `waitFor=final` the answer waits until every recipient is settled, or for `timeout` seconds. After a ' +
    'message was erased (`erasedAt`), its subject and texts are null; status, counts, routing and provider ' +
    'requests stay.',
  path: messageId,
  query: messageQuery,
  answers: [{ status: 200, description: 'The message', content: json(messageDetail, detailedMessage) }],
};

export const releaseMessage: OperationDoc = {
  id: 'releaseMessage',
  summary: 'Release a held message',
  description:
    'Sends a `held` message now, or at its `sendAt` if that is still ahead. A message that is not held (any more) is ' +
    '`409 version_conflict`. A message of a key with `needsRelease` is released by another key; the key that sent it ' +
    'gets `403 forbidden`. A message that is not released within `EXPIRE_MS` of its due time (`sendAt`, otherwise ' +
    '`createdAt`) is `expired`.',
  path: { id: pathIdOf('message', EXAMPLE_IDS.held, 'Id of the message') },
  idempotent: true,
  answers: [
    {
      status: 200,
      description: 'The message is released',
      content: json(release, releasedMessage),
    },
  ],
  problems: ['version_conflict'],
};

export const cancelMessage: OperationDoc = {
  id: 'cancelMessage',
  summary: 'Cancel a message',
  description: 'Cancels recipients that no provider has accepted yet.',
  path: { id: pathIdOf('message', EXAMPLE_IDS.scheduled, 'Id of the message') },
  idempotent: true,
  answers: [
    {
      status: 200,
      description: 'Cancelled completely or in part',
      content: json(cancellation, { cancelled: 2, tooLate: 0 }),
    },
  ],
  problems: ['nothing_to_cancel'],
};
