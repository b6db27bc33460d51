import { z } from 'zod';
import { idOf, instant, pageOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';

const failure = z
  .object({
    at: instant,
    code: z.string().meta({ examples: ['E_CONNECT'] }),
    detail: z.string(),
    httpStatus: z.int().nullable(),
  })
  .nullable();

export const endpoint = z
  .object({
    id: idOf('webhookEndpoint'),
    url: z.string(),
    description: z.string().nullable(),
    events: z.array(z.string()),
    filter: z.record(z.string(), z.unknown()),
    batch: z.object({ maxEvents: z.int(), maxWaitMs: z.int() }).nullable(),
    ordered: z.boolean(),
    maxInFlight: z.int(),
    maxPerSecond: z.int().nullable(),
    headers: z.record(z.string(), z.string()).meta({ description: 'Values are hidden (`***`)' }),
    signing: z.enum(['hmac', 'ed25519']),
    publicKey: z.string().optional().meta({ description: 'With `ed25519`: the key to verify with, `whpk_…`' }),
    enabled: z.boolean(),
    pausedAt: instant.nullable(),
    pauseReason: z
      .enum(['caller', 'gone', 'failing'])
      .nullable()
      .meta({ description: '`caller`: by a call. `gone`: it answered 410. `failing`: five days without a success' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'WebhookEndpoint' });

export const endpointWithHealth = endpoint
  .extend({
    health: z.object({
      state: z.enum(['healthy', 'failing', 'paused']),
      failingSince: instant.nullable(),
      lag: z
        .object({ events: z.int(), seconds: z.number() })
        .meta({ description: 'What waits: events, of the log the first thousand, and the age of the oldest' }),
      lastSuccessAt: instant.nullable(),
      lastError: failure,
    }),
  })
  .meta({ id: 'WebhookEndpointWithHealth' });

export const newEndpoint = endpoint
  .extend({ secret: z.string().optional().meta({ description: 'With `hmac`: the secret, shown only once' }) })
  .meta({ id: 'NewWebhookEndpoint' });

export const endpointPage = pageOf('WebhookEndpointPage', endpoint);

export const exampleEndpoint: z.input<typeof endpoint> = {
  id: EXAMPLE_IDS.webhookEndpoint,
  url: 'https://hooks.example.com/email',
  description: 'billing',
  events: ['recipient.*', 'message.completed'],
  filter: {},
  batch: null,
  ordered: false,
  maxInFlight: 4,
  maxPerSecond: null,
  headers: { authorization: '***' },
  signing: 'hmac',
  enabled: true,
  pausedAt: null,
  pauseReason: null,
  createdAt: '2026-11-20T09:00:00.000Z',
  updatedAt: '2026-11-20T09:00:00.000Z',
};

export const EXAMPLE_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
