import { z } from 'zod';
import { messageBatch, redrive } from './bulk.schema.js';
import { pathIdOf } from '../../openapi/common.js';
import { EXAMPLE_IDS } from '../../openapi/example-ids.js';
import { json, type OperationDoc } from '../../openapi/operation.js';
import { problemSchema } from '../../openapi/problem-answers.js';
import { acceptedMessage } from '../answer-examples.openapi.js';
import { message } from '../message-schemas.openapi.js';

const results = z.object({
  results: z.array(
    z.object({ index: z.int(), id: z.string().optional(), problem: problemSchema.optional() }).meta({
      description: 'The id of the message, or why it was refused',
    }),
  ),
});

export const sendMessages: OperationDoc = {
  id: 'sendMessages',
  summary: 'Send many different messages',
  description:
    'Accepts the messages in one transaction. A refused message does not affect the others; see each entry of ' +
    '`results`.',
  idempotent: true,
  bodies: [
    {
      description: 'The messages',
      schema: messageBatch,
      examples: () => ({
        two: {
          summary: 'two messages',
          value: {
            messages: [
              { from: 'no-reply@example.com', to: 'kim@example.com', subject: 'Hi Kim', text: 'Hello!' },
              { from: 'no-reply@example.com', to: 'lee@example.com', subject: 'Hi Lee', text: 'Hello!' },
            ],
          },
        },
      }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'One entry per message, in the same order',
      headers: ['Idempotent-Replayed'],
      content: json(results, { results: [{ index: 0, id: EXAMPLE_IDS.message }] }),
    },
  ],
};

export const redriveMessage: OperationDoc = {
  id: 'redriveMessage',
  summary: 'Redrive a message',
  description:
    'Creates a new message (`redriveOf`) for the recipients that failed, were rejected, expired or bounced ' +
    'softly, or for those with the given statuses. With `dryRun` it only counts them. A recipient is redriven ' +
    'once: it does not count while a redrive of it is in progress or after one has succeeded, but counts again ' +
    'after one has failed. If no recipient is left, the answer is `409 nothing_to_redrive`. An erased message is ' +
    '`404`, because its content no longer exists.',
  path: { id: pathIdOf('message', EXAMPLE_IDS.message, 'Id of the message') },
  idempotent: true,
  bodies: [
    {
      description: 'Which recipients',
      schema: redrive,
      examples: () => ({ count: { summary: 'only count', value: { dryRun: true } } }),
    },
  ],
  answers: [
    {
      status: 202,
      description: 'The new message',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(message, acceptedMessage),
    },
    {
      status: 200,
      description: 'With `dryRun`: how many recipients it would be for',
      content: json(z.object({ recipientCount: z.int() }), { recipientCount: 3 }),
    },
  ],
  problems: ['unsupported_by_provider', 'nothing_to_redrive', 'message_erased', 'sender_not_allowed'],
};
