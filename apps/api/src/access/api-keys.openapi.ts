import { z } from 'zod';
import { createKey, listKeys } from './api-keys.schema.js';
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
    createdAt: instant,
    revokedAt: instant.nullable(),
    createdBy: keyId.meta({ description: 'The key that created it; null: it came from the environment' }),
    revokedBy: keyId.meta({ description: 'The key that revoked it; null: a new key in the environment replaced it' }),
  })
  .meta({ id: 'ApiKey' });

const newApiKey = apiKey
  .extend({ key: z.string().meta({ description: 'The key itself; only its hash is stored' }) })
  .meta({ id: 'NewApiKey' });

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
  createdAt: '2026-11-20T09:00:00.000Z',
  revokedAt: null,
  createdBy: EXAMPLE_IDS.apiKey,
  revokedBy: null,
};

export const createApiKey: OperationDoc = {
  id: 'createApiKey',
  summary: 'Create a key',
  description: 'This answer is the only place that shows the key. A new client name creates a client.',
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
  description: 'Keys of all clients, newest first, including revoked ones. The keys themselves are not stored.',
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
    'The last usable key with the scope `admin` cannot be revoked (`422`, `not_allowed`), because no one could ' +
    'create keys any more.',
  path: { id: pathIdOf('apiKey', EXAMPLE_IDS.apiKey, 'Id of the key') },
  answers: [{ status: 204, description: 'Revoked' }],
  problems: ['validation_failed'],
};
