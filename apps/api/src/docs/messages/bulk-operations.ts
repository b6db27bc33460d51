import { z } from 'zod';
import { messageBatch, redrive } from '../../messages/bulk.schema.js';
import { pathIdOf } from '../common.js';
import { EXAMPLE_IDS } from '../example-ids.js';
import { json, type OperationDoc } from '../operation.js';
import { problemSchema } from '../problem-answers.js';
import { acceptedMessage } from './answer-examples.js';
import { message } from './message-schemas.js';

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
    'Takes them in one transaction. One that is refused does not keep the others: look at each entry of `results`.',
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
      description: 'An entry for each message, in the same order',
      headers: ['Idempotent-Replayed'],
      content: json(results, { results: [{ index: 0, id: EXAMPLE_IDS.message }] }),
    },
  ],
};

export const redriveMessage: OperationDoc = {
  id: 'redriveMessage',
  summary: 'Send a message once more',
  description:
    'Makes a new message (`redriveOf`) for the recipients that are failed, rejected, expired or bounced softly, or in ' +
    'the given states. With `dryRun` it only counts them. A message that was erased has nothing left to send: `409`.',
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
  problems: ['unsupported_by_provider'],
};
