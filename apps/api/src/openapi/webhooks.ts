import { eventMeanings, eventTypes } from '@gateway/core';
import { z } from 'zod';
import { eventBody, exampleBody } from '../webhooks/event-types/event-catalog.js';
import { instant } from './common.js';
import type { SchemaComponents } from './json-schema.js';

const HEADERS = {
  'webhook-id': 'The id of the event, or of the slice; the same at every attempt',
  'webhook-timestamp': 'When this attempt was signed, in seconds since 1970',
  'webhook-signature': '`v1,` (HMAC-SHA256) or `v1a,` (ed25519), one for each secret that is valid',
};

const BATCH = 'events.batch';

/** The `webhooks` part of the OpenAPI document: every request that an endpoint can get. */
export function describeWebhooks(components: SchemaComponents): Record<string, object> {
  const single = eventTypes.map((type) => {
    const schema = components.add(eventBody(type), 'output');
    return [type, describe(type, eventMeanings[type], { schema, example: exampleBody(type) })] as const;
  });
  const example = exampleBody('message.completed');
  const batch = describe(BATCH, 'Several events, to an endpoint with `batch`.', {
    schema: components.add(batchBody, 'output'),
    example: { type: BATCH, timestamp: example.timestamp, data: { events: [example.data] } },
  });
  return Object.fromEntries([...single, [BATCH, batch]]);
}

const batchBody = z.object({
  type: z.literal(BATCH),
  timestamp: instant,
  data: z.object({
    events: z
      .array(z.looseObject({ id: z.string(), at: instant, type: z.enum(eventTypes) }))
      .meta({ description: 'Entries of `GET /v1/events`' }),
  }),
});

const describe = (type: string, description: string, content: { schema: object; example: unknown }): object => ({
  post: {
    operationId: `on_${type.replaceAll('.', '_')}`,
    summary: type,
    description,
    tags: ['Webhooks'],
    parameters: Object.entries(HEADERS).map(([name, words]) => ({
      name,
      in: 'header',
      required: true,
      description: words,
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: { 'application/json': content } },
    responses: {
      '2XX': { description: 'The event was taken' },
      '410': { description: 'The endpoint is gone: it is paused' },
      default: { description: 'The event is sent again later' },
    },
  },
});
