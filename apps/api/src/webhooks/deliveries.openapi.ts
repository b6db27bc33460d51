import { z } from 'zod';
import { idOf, instant, pageOf, pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import { endpointPath } from './endpoints.openapi.js';
import { deliveryStatuses, listDeliveries } from './lists.schema.js';

const attempt = z.object({
  at: instant,
  durationMs: z.int(),
  address: z.string().nullable(),
  httpStatus: z.int().nullable(),
  error: z
    .object({
      code: z.enum(['E_TARGET_FORBIDDEN', 'E_DNS', 'E_CONNECT', 'E_TLS', 'E_TIMEOUT', 'E_HTTP']),
      detail: z.string(),
    })
    .nullable(),
});

const headers = z.record(z.string(), z.string());

const summary = z
  .object({
    id: idOf('webhookDelivery'),
    endpointId: idOf('webhookEndpoint'),
    webhookId: z.string().meta({ description: 'The header `webhook-id`, the same at each attempt' }),
    type: z.string(),
    status: z.enum(deliveryStatuses).meta({
      description:
        '`pending`: it is sent as soon as possible. `failing`: it is sent again at `nextAttemptAt`. `failed`: it is not ' +
        'sent any more',
    }),
    replay: z.boolean(),
    events: z.array(z.string()).meta({ description: 'Ids of events' }),
    messages: z.array(idOf('message')),
    nextAttemptAt: instant.nullable(),
    createdAt: instant,
    finishedAt: instant.nullable(),
    attempts: z.array(attempt).meta({ description: 'The last twelve, oldest first' }),
  })
  .meta({ id: 'WebhookDeliverySummary' });

const delivery = summary
  .extend({
    attempts: z.array(
      attempt.extend({
        request: z.object({ headers, body: z.string().meta({ description: 'The first 16 KiB' }) }),
        response: z.object({ headers, body: z.string().meta({ description: 'The first 16 KiB' }) }).nullable(),
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });

const deliveryPage = pageOf('WebhookDeliveryPage', summary);

const exampleAttempt = {
  at: '2026-11-20T09:00:01.000Z',
  durationMs: 31,
  address: '93.184.215.14',
  httpStatus: 500,
  error: { code: 'E_HTTP' as const, detail: 'answered 500' },
};

const exampleSummary: z.input<typeof summary> = {
  id: EXAMPLE_IDS.webhookDelivery,
  endpointId: EXAMPLE_IDS.webhookEndpoint,
  webhookId: EXAMPLE_IDS.event,
  type: 'message.completed',
  status: 'failing',
  replay: false,
  events: [EXAMPLE_IDS.event],
  messages: [EXAMPLE_IDS.message],
  nextAttemptAt: '2026-11-20T09:00:06.000Z',
  createdAt: '2026-11-20T09:00:01.000Z',
  finishedAt: null,
  attempts: [exampleAttempt],
};

const exampleDelivery: z.input<typeof delivery> = {
  ...exampleSummary,
  attempts: [
    {
      ...exampleAttempt,
      request: { headers: { 'webhook-id': EXAMPLE_IDS.event }, body: '{"type":"message.completed"}' },
      response: { headers: { 'content-type': 'text/plain' }, body: 'out of order' },
    },
  ],
};

const deliveryPath = {
  ...endpointPath,
  deliveryId: pathIdOf('webhookDelivery', EXAMPLE_IDS.webhookDelivery, 'Id of the delivery'),
};

export const listWebhookDeliveries: OperationDoc = {
  id: 'listWebhookDeliveries',
  summary: 'List deliveries',
  description:
    'Requests to the endpoint, newest first. Delivered requests are kept for `WEBHOOK_LOG_HOURS`, failed ones for 30 days.',
  path: endpointPath,
  query: listDeliveries,
  answers: [
    {
      status: 200,
      description: 'Deliveries',
      content: json(deliveryPage, { data: [exampleSummary], nextCursor: null }),
    },
  ],
  problems: ['webhooks_not_configured'],
};

export const getWebhookDelivery: OperationDoc = {
  id: 'getWebhookDelivery',
  summary: 'Get a delivery',
  description: "With each attempt's request and response. Values of the endpoint's own headers are hidden.",
  path: deliveryPath,
  answers: [{ status: 200, description: 'The delivery', content: json(delivery, exampleDelivery) }],
  problems: ['webhooks_not_configured'],
};

export const retryWebhookDelivery: OperationDoc = {
  id: 'retryWebhookDelivery',
  summary: 'Send a delivery again',
  description: 'Sends the same request again as soon as possible, also if it was delivered. Its retries begin afresh.',
  idempotent: true,
  path: deliveryPath,
  answers: [{ status: 202, description: 'The delivery', content: json(delivery, exampleDelivery) }],
  problems: ['endpoint_paused', 'webhooks_not_configured'],
};
