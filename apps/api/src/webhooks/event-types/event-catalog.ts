import { eventMeanings, eventTypes, type EventType } from '@gateway/core';
import type { LogEvent } from '@gateway/delivery';
import { z } from 'zod';
import { idOf, instant } from '../../openapi/common.js';
import { EXAMPLE_IDS } from '../../openapi/example-ids.js';

const AT = '2026-11-20T09:00:00.000Z';
const EXAMPLE_ENDPOINT = EXAMPLE_IDS.webhookEndpoint;

type Data = Readonly<Record<string, unknown>>;

const FAILED: Data = { reason: 'unknown_user', provider: { code: '550', message: 'user unknown' } };

const DATA: Partial<Record<EventType, Data>> = {
  'message.completed': { status: 'completed' },
  'recipient.bounced': FAILED,
  'recipient.failed': FAILED,
  'recipient.rejected': { reason: 'sender_not_verified' },
  'recipient.cancelled': { reason: 'cancelled_by_caller' },
  'recipient.expired': { reason: 'expired' },
  'webhook_endpoint.failing': {
    endpointId: EXAMPLE_ENDPOINT,
    url: 'https://hooks.example.com/email',
    error: { at: AT, code: 'E_CONNECT', detail: 'the connection failed: ECONNREFUSED', httpStatus: null },
  },
  'webhook_endpoint.recovered': { endpointId: EXAMPLE_ENDPOINT, url: 'https://hooks.example.com/email' },
  'webhook_endpoint.paused': {
    endpointId: EXAMPLE_ENDPOINT,
    url: 'https://hooks.example.com/email',
    reason: 'gone',
  },
  'route.halted': {
    route: { id: EXAMPLE_IDS.route, name: 'newsletters', version: 8 },
    account: 'marketing',
    failures: 11,
    over: 100,
    failureRate: 0.1,
    last: false,
  },
  'webhook_endpoint.resumed': { endpointId: EXAMPLE_ENDPOINT, url: 'https://hooks.example.com/email' },
};

const isOfMessage = (of: string | undefined): boolean => of !== 'webhook_endpoint' && of !== 'route';

/** An event of a type, as `GET /v1/events` lists it. */
export function exampleEvent(type: EventType): LogEvent {
  const [of] = type.split('.');
  const data = DATA[type] ?? {};
  const isOfBatch = of === 'batch' || of === 'provider' || of === 'recipient';
  return {
    id: of === 'recipient' ? `${EXAMPLE_IDS.event}_0` : EXAMPLE_IDS.event,
    at: new Date(AT),
    type,
    ...(isOfMessage(of) && { messageId: EXAMPLE_IDS.message }),
    ...(isOfBatch && { batchId: EXAMPLE_IDS.batch }),
    ...(of === 'recipient' && { position: 0, address: 'kim@example.com' }),
    data,
  };
}

/** The body of a request with an event of this type. */
export function eventBody(type: EventType) {
  const [of] = type.split('.');
  return z.object({
    type: z.literal(type),
    timestamp: instant.meta({ description: 'When it happened' }),
    data: z
      .object({
        id: z.string().meta({ description: 'The same as the header `webhook-id`' }),
        at: instant,
        type: z.literal(type),
        ...(isOfMessage(of) && { messageId: idOf('message') }),
        ...((of === 'batch' || of === 'provider') && { batchId: idOf('batch') }),
        ...(of === 'recipient' && {
          batchId: idOf('batch').optional(),
          position: z.int().meta({ description: 'Position of the recipient in the message' }),
          address: z.string(),
        }),
        data: z.record(z.string(), z.unknown()),
      })
      .meta({ description: 'Exactly an entry of `GET /v1/events`' }),
  });
}

export function exampleBody(type: EventType) {
  const event = exampleEvent(type);
  return { type, timestamp: AT, data: { ...event, at: AT } };
}

/** Every type with its meaning, JSON Schema and an example. */
export const eventCatalog = () =>
  eventTypes.map((type) => ({
    type,
    description: eventMeanings[type],
    schema: z.toJSONSchema(eventBody(type), { unrepresentable: 'any' }),
    example: exampleBody(type),
  }));
