import { pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import {
  endpoint,
  endpointPage,
  endpointWithHealth,
  EXAMPLE_SECRET,
  exampleEndpoint,
  newEndpoint,
} from './endpoint-schemas.openapi.js';
import { listEndpoints } from './lists.schema.js';
import { createEndpoint, updateEndpoint } from './endpoint.schema.js';

export const endpointPath = {
  id: pathIdOf('webhookEndpoint', EXAMPLE_IDS.webhookEndpoint, 'Id of the endpoint'),
};

export const createWebhookEndpoint: OperationDoc = {
  id: 'createWebhookEndpoint',
  summary: 'Create an endpoint',
  description:
    'Events of your client are sent to the URL, signed as Standard Webhooks says. This answer is the only place that ' +
    'shows the secret. The URL must be `https` on port 443 at a public address, unless an operator allows more.',
  idempotent: true,
  bodies: [
    {
      description: 'The URL and what is sent to it',
      schema: createEndpoint.meta({ id: 'CreateWebhookEndpoint' }),
      examples: () => ({
        simple: { summary: 'All events, one in each request', value: { url: 'https://hooks.example.com/email' } },
        batched: {
          summary: 'What became of recipients of marketing mail, up to 500 events in each request',
          value: {
            url: 'https://hooks.example.com/email',
            events: ['recipient.*', 'message.completed'],
            filter: { categories: ['marketing'] },
            batch: { maxEvents: 500, maxWaitMs: 2000 },
            signing: 'ed25519',
          },
        },
      }),
    },
  ],
  answers: [
    {
      status: 201,
      description: 'The endpoint, with its secret or its public key',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(newEndpoint, { ...exampleEndpoint, secret: EXAMPLE_SECRET }),
    },
  ],
  problems: ['target_forbidden', 'webhooks_not_configured'],
};

export const listWebhookEndpoints: OperationDoc = {
  id: 'listWebhookEndpoints',
  summary: 'List endpoints',
  description: 'Newest first.',
  query: listEndpoints,
  answers: [
    {
      status: 200,
      description: 'Endpoints',
      content: json(endpointPage, { data: [exampleEndpoint], nextCursor: null }),
    },
  ],
  problems: ['webhooks_not_configured'],
};

export const getWebhookEndpoint: OperationDoc = {
  id: 'getWebhookEndpoint',
  summary: 'Get an endpoint',
  description: 'With its health: how far it is behind, when it last took a request, and its last error.',
  path: endpointPath,
  answers: [
    {
      status: 200,
      description: 'The endpoint',
      content: json(endpointWithHealth, {
        ...exampleEndpoint,
        health: {
          state: 'healthy',
          failingSince: null,
          lag: { events: 0, seconds: 0 },
          lastSuccessAt: '2026-11-20T09:00:00.000Z',
          lastError: null,
        },
      }),
    },
  ],
  problems: ['webhooks_not_configured'],
};

export const updateWebhookEndpoint: OperationDoc = {
  id: 'updateWebhookEndpoint',
  summary: 'Change an endpoint',
  description:
    'Absent members stay. An empty `description`, `filter`, `headers` or `batch` and `maxPerSecond` 0 clear what was ' +
    'there; an empty `events` means all. The secret stays the same.',
  path: endpointPath,
  bodies: [
    {
      description: 'What changes',
      schema: updateEndpoint.meta({ id: 'UpdateWebhookEndpoint' }),
      examples: () => ({ events: { summary: 'Other events', value: { events: ['message.completed'] } } }),
    },
  ],
  answers: [{ status: 200, description: 'The endpoint', content: json(endpoint, exampleEndpoint) }],
  problems: ['target_forbidden', 'webhooks_not_configured'],
};

export const deleteWebhookEndpoint: OperationDoc = {
  id: 'deleteWebhookEndpoint',
  summary: 'Delete an endpoint',
  description: 'Nothing more is sent to it. Its requests are deleted as well.',
  path: endpointPath,
  answers: [{ status: 204, description: 'Deleted' }],
  problems: ['webhooks_not_configured'],
};
