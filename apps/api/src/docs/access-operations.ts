import { z } from 'zod';
import { createKey, listKeys } from '../access/api-keys.schema.js';
import { scopes } from '../access/scopes.js';
import { idOf, instant, pageOf, pathIdOf } from './common.js';
import { EXAMPLE_IDS } from './example-ids.js';
import { json, type OperationDoc } from './operation.js';

const apiKey = z
  .object({
    id: idOf('apiKey'),
    client: z.string().meta({ description: 'Messages of one client are not seen by another' }),
    name: z.string(),
    scopes: z.array(z.enum(scopes)),
    createdAt: instant,
    revokedAt: instant.nullable(),
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
};

export const createApiKey: OperationDoc = {
  id: 'createApiKey',
  summary: 'Make a key',
  description: 'The key is in this answer and nowhere else. A new client name makes a client.',
  idempotent: true,
  bodies: [
    {
      description: 'Whose key it is, and what it may do',
      schema: createKey.meta({ id: 'CreateApiKey' }),
      examples: () => ({
        service: { summary: 'For another service, with messages of its own', value: request },
        colleague: {
          summary: 'For your own client: may only look',
          value: { name: 'dashboard', scopes: ['messages:read', 'statistics'] },
        },
      }),
    },
  ],
  answers: [
    {
      status: 201,
      description: 'The key, shown this once',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(newApiKey, { ...example, key: 'gk_4pZ0nZr3x7VbQmT1cH6yWkLdS8eUaJfG' }),
    },
  ],
};

export const listApiKeys: OperationDoc = {
  id: 'listApiKeys',
  summary: 'List keys',
  description: 'Of all clients, newest first, revoked ones too. The keys themselves are not stored.',
  query: listKeys,
  answers: [
    {
      status: 200,
      description: 'Keys, newest first',
      content: json(apiKeyPage, { data: [example], nextCursor: null }),
    },
  ],
};

export const revokeApiKey: OperationDoc = {
  id: 'revokeApiKey',
  summary: 'Revoke a key',
  description: 'It stops working at once; at other api processes, within a second. To revoke it again does no harm.',
  path: { id: pathIdOf('apiKey', EXAMPLE_IDS.apiKey, 'Id of the key') },
  answers: [{ status: 204, description: 'Revoked' }],
};
