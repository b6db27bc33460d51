import { z } from 'zod';
import { instant } from '../openapi/common.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import { endpoint, EXAMPLE_SECRET, exampleEndpoint } from './endpoint-schemas.openapi.js';
import { endpointPath } from './endpoints.openapi.js';
import { replayEvents, resumeEndpoint, rotateSecret, testEndpoint } from './endpoint.schema.js';

const tested = z
  .object({
    delivered: z.boolean(),
    httpStatus: z.int().nullable(),
    durationMs: z.int(),
    address: z.string().nullable().meta({ description: 'The address that was contacted' }),
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    response: z.string().nullable().meta({ description: 'The answer, the first 16 KiB' }),
  })
  .meta({ id: 'WebhookTest' });

const rotated = z
  .object({
    secret: z.string().optional().meta({ description: 'With `hmac`' }),
    publicKey: z.string().optional().meta({ description: 'With `ed25519`' }),
    previousValidUntil: instant.meta({ description: 'Until then, the old secret signs as well' }),
  })
  .meta({ id: 'RotatedWebhookSecret' });

const replayed = z.object({ events: z.int(), requests: z.int() }).meta({ id: 'WebhookReplay' });

export const testWebhookEndpoint: OperationDoc = {
  id: 'testWebhookEndpoint',
  summary: 'Send an example event',
  description:
    'Sends one request now, signed and checked like any other, marked `webhook-test: true`, and answers what became ' +
    'of it. Works for a paused endpoint, too.',
  idempotent: true,
  path: endpointPath,
  bodyOptional: true,
  bodies: [
    {
      description: 'The type of the event',
      schema: testEndpoint.meta({ id: 'TestWebhookEndpoint' }),
      examples: () => ({ type: { summary: 'A recipient that got the mail', value: { type: 'recipient.delivered' } } }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'What became of the request',
      content: json(tested, {
        delivered: true,
        httpStatus: 204,
        durationMs: 31,
        address: '93.184.215.14',
        error: null,
        response: '',
      }),
    },
  ],
  problems: ['target_forbidden', 'webhooks_not_configured'],
};

export const pauseWebhookEndpoint: OperationDoc = {
  id: 'pauseWebhookEndpoint',
  summary: 'Pause an endpoint',
  description: 'Nothing is sent any more, and nothing is lost: events wait until it is resumed.',
  idempotent: true,
  path: endpointPath,
  answers: [{ status: 200, description: 'The endpoint', content: json(endpoint, exampleEndpoint) }],
  problems: ['webhooks_not_configured'],
};

export const resumeWebhookEndpoint: OperationDoc = {
  id: 'resumeWebhookEndpoint',
  summary: 'Resume an endpoint',
  description:
    'By default it gets everything that waited. With `from: "now"` it does not: requests that waited become `failed` ' +
    'and can be replayed.',
  idempotent: true,
  path: endpointPath,
  bodyOptional: true,
  bodies: [
    {
      description: 'Where to go on',
      schema: resumeEndpoint.meta({ id: 'ResumeWebhookEndpoint' }),
      examples: () => ({ held: { summary: 'From where it was paused', value: { from: 'held' } } }),
    },
  ],
  answers: [{ status: 200, description: 'The endpoint', content: json(endpoint, exampleEndpoint) }],
  problems: ['webhooks_not_configured'],
};

export const rotateWebhookSecret: OperationDoc = {
  id: 'rotateWebhookSecret',
  summary: 'Rotate the secret',
  description:
    'Makes a new secret, shown only here. Requests are signed with the old one as well until `previousValidUntil`. ' +
    'Up to five older secrets can be valid, each until its own end.',
  idempotent: true,
  path: endpointPath,
  bodyOptional: true,
  bodies: [
    {
      description: 'How long the old secret stays valid',
      schema: rotateSecret.meta({ id: 'RotateWebhookSecret' }),
      examples: () => ({ day: { summary: 'A day', value: { overlap: 'PT24H' } } }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'The new secret or public key',
      content: json(rotated, { secret: EXAMPLE_SECRET, previousValidUntil: '2026-11-21T09:00:00.000Z' }),
    },
  ],
  problems: ['webhooks_not_configured'],
};

export const replayWebhookEvents: OperationDoc = {
  id: 'replayWebhookEvents',
  summary: 'Send events again',
  description:
    'Sends events again, by id, by a range of the log (at most 10,000 events), or all requests that failed for good. ' +
    'Events keep their ids; requests are marked `webhook-replay: true`. A range has what the endpoint wants; events by ' +
    'id are sent in any case. Events of erased messages are left out.',
  idempotent: true,
  path: endpointPath,
  bodies: [
    {
      description: 'What to send again',
      schema: replayEvents.meta({ id: 'ReplayWebhookEvents' }),
      examples: () => ({
        range: {
          summary: 'Count the events of an hour',
          value: { from: '2026-11-20T00:00:00Z', to: '2026-11-20T01:00:00Z', dryRun: true },
        },
        failed: { summary: 'All that failed', value: { failed: true } },
      }),
    },
  ],
  answers: [
    {
      status: 202,
      description: 'What will be sent',
      content: json(replayed, { events: 120, requests: 2 }),
    },
    {
      status: 200,
      description: 'With `dryRun`: what would be sent',
      content: json(replayed, { events: 120, requests: 2 }),
    },
  ],
  problems: ['endpoint_paused', 'webhooks_not_configured'],
};
