import { z } from 'zod';
import { createKey, listKeys, rotateKey, updateKey } from './api-keys.schema.js';
import { scopes } from '../http/scopes.js';
import { idOf, instant, keyId, listing, pageOf, pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';

const apiKey = z
  .object({
    id: idOf('apiKey'),
    client: z.string().meta({ description: 'Clients do not see the messages of each other' }),
    name: z.string(),
    scopes: z.array(z.enum(scopes)),
    expiresAt: instant.nullable().meta({ description: 'From then on the key is refused; null: it has no end' }),
    allowedIps: z.array(z.string()).meta({ description: 'Networks that it may be used from; empty: any' }),
    allowedFrom: z.array(z.string()).meta({ description: 'Senders that its messages may have; empty: any' }),
    allowedAccounts: z.array(z.string()).meta({ description: 'Accounts that its messages may use; empty: any' }),
    needsRelease: z.boolean().meta({ description: 'Its messages are held until another key releases them' }),
    rateLimit: z
      .object({ requestsPerSecond: z.int().optional(), recipientsPerSecond: z.int().optional() })
      .nullable()
      .meta({ description: 'Limits over all api processes' }),
    createdAt: instant,
    lastUsedAt: instant.nullable().meta({ description: 'Its last request, give or take some seconds' }),
    revokedAt: instant.nullable(),
    createdBy: keyId.meta({ description: 'The key that created it; null: it came from the environment' }),
    revokedBy: keyId.meta({ description: 'The key that revoked it; null: a new key in the environment replaced it' }),
  })
  .meta({ id: 'ApiKey' });

const newApiKey = apiKey
  .extend({ key: z.string().meta({ description: 'The key itself; only its hash is stored' }) })
  .meta({ id: 'NewApiKey' });

const rotatedKey = newApiKey
  .extend({ previousValidUntil: instant.meta({ description: 'Until then the replaced key works, too' }) })
  .meta({ id: 'RotatedApiKey' });

const apiKeyPage = pageOf('ApiKeyPage', apiKey);

const request: z.input<typeof createKey> = {
  client: 'billing',
  name: 'receipts of the billing service',
  scopes: ['messages:write', 'messages:read'],
};

const example: z.input<typeof apiKey> = {
  id: EXAMPLE_IDS.apiKey,
  client: 'billing',
  name: 'receipts of the billing service',
  scopes: ['messages:write', 'messages:read'],
  expiresAt: '2027-11-20T09:00:00.000Z',
  allowedIps: ['203.0.113.0/24'],
  allowedFrom: ['receipts@example.com'],
  allowedAccounts: [],
  needsRelease: false,
  rateLimit: { requestsPerSecond: 50 },
  createdAt: '2026-11-20T09:00:00.000Z',
  lastUsedAt: '2026-11-21T02:14:00.000Z',
  revokedAt: null,
  createdBy: EXAMPLE_IDS.apiKey,
  revokedBy: null,
};

export const createApiKey: OperationDoc = {
  id: 'createApiKey',
  summary: 'Create a key',
  description:
    'This answer is the only place that shows the key. A new client name creates a client. An `admin` key of client ' +
    '`default` makes keys for every client; one of another client makes keys for that client only, with scopes that it ' +
    'has itself.',
  idempotent: true,
  bodies: [
    {
      description: 'Client, name and scopes',
      schema: createKey.meta({ id: 'CreateApiKey' }),
      examples: () => ({
        service: { summary: 'For another service, with its own messages', value: request },
        colleague: {
          summary: 'For your own client, read-only',
          value: { name: 'dashboard', scopes: ['messages:read', 'statistics'] },
        },
        limited: {
          summary: 'With an end, and limited to networks, senders and a rate',
          value: {
            client: 'billing',
            name: 'receipts',
            scopes: ['messages:write'],
            expiresAt: '2099-12-31T00:00:00Z',
            allowedIps: ['203.0.113.0/24', '2001:db8::/32'],
            allowedFrom: ['receipts@example.com'],
            rateLimit: { requestsPerSecond: 50, recipientsPerSecond: 500 },
          },
        },
      }),
    },
  ],
  answers: [
    {
      status: 201,
      description: 'The key, shown only once',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(newApiKey, { ...example, key: 'gk_4pZ0nZr3x7VbQmT1cH6yWkLdS8eUaJfG' }),
    },
  ],
};

export const listApiKeys = listing({
  id: 'listApiKeys',
  summary: 'List keys',
  description:
    'Keys of all clients, newest first, including revoked ones; for an administrator of one client, its keys. The keys ' +
    'themselves are not stored.',
  query: listKeys,
  page: apiKeyPage,
  holds: 'Keys, newest first',
  example: example,
});

export const revokeApiKey: OperationDoc = {
  id: 'revokeApiKey',
  summary: 'Revoke a key',
  description:
    'The key stops working at once, and within a second at other api processes. Revoking it again has no effect. ' +
    'The last key of client `default` with the scope `admin` and without an end cannot be revoked (`422`, ' +
    '`not_allowed`), because no one could create keys any more.',
  path: { id: pathIdOf('apiKey', EXAMPLE_IDS.apiKey, 'Id of the key') },
  answers: [{ status: 204, description: 'Revoked' }],
  problems: ['validation_failed'],
};

export const updateApiKey: OperationDoc = {
  id: 'updateApiKey',
  summary: 'Change a key',
  description:
    'Absent members stay; an empty list, `{}` or an empty `expiresAt` removes a limit. The change counts at once, and ' +
    'within a second at other api processes. A revoked key is `404`.',
  path: { id: pathIdOf('apiKey', EXAMPLE_IDS.apiKey, 'Id of the key') },
  bodies: [
    {
      description: 'What changes',
      schema: updateKey.meta({ id: 'UpdateApiKey' }),
      examples: () => ({ limit: { summary: 'Limit the senders', value: { allowedFrom: ['example.com'] } } }),
    },
  ],
  answers: [{ status: 200, description: 'The key', content: json(apiKey, example) }],
  problems: ['validation_failed'],
};

export const rotateApiKey: OperationDoc = {
  id: 'rotateApiKey',
  summary: 'Rotate a key',
  description:
    'Gives the key a new secret, which only this answer shows; id, scopes and limits stay. The replaced one works for ' +
    'the overlap (`PT0S`: it ends at once), and earlier ones no longer than that.',
  path: { id: pathIdOf('apiKey', EXAMPLE_IDS.apiKey, 'Id of the key') },
  idempotent: true,
  bodyOptional: true,
  bodies: [
    {
      description: 'How long both work',
      schema: rotateKey.meta({ id: 'RotateApiKey' }),
      examples: () => ({ day: { summary: 'One day', value: { overlap: 'PT24H' } } }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'The key with its new secret, shown only once',
      headers: ['Idempotent-Replayed'],
      content: json(rotatedKey, {
        ...example,
        key: 'gk_9kQ2mXw7TbLr4vNcE1yHsJdU6fPzAoVi',
        previousValidUntil: '2026-11-22T09:00:00.000Z',
      }),
    },
  ],
  problems: ['validation_failed'],
};
