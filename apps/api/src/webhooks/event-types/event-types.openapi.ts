import { eventMeanings, eventTypes } from '@gateway/core';
import { z } from 'zod';
import { pageOf } from '../../openapi/common.js';
import { json, type OperationDoc } from '../../openapi/operation.js';
import { eventBody, exampleBody } from './event-catalog.js';

const eventType = z
  .object({
    type: z.enum(eventTypes),
    description: z.string(),
    schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of the body of a request' }),
    example: z.record(z.string(), z.unknown()).meta({ description: 'A body' }),
  })
  .meta({ id: 'WebhookEventType' });

export const listWebhookEventTypes: OperationDoc = {
  id: 'listWebhookEventTypes',
  summary: 'List types of events',
  description: 'Every type of event with its meaning, the JSON Schema of its request and an example. All on one page.',
  answers: [
    {
      status: 200,
      description: 'Types of events',
      content: json(pageOf('WebhookEventTypePage', eventType), {
        data: [
          {
            type: 'message.completed',
            description: eventMeanings['message.completed'],
            schema: z.toJSONSchema(eventBody('message.completed'), { unrepresentable: 'any' }),
            example: exampleBody('message.completed'),
          },
        ],
        nextCursor: null,
      }),
    },
  ],
};
