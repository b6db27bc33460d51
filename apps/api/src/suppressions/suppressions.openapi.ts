import { listing } from '../openapi/common.js';
import {
  addSuppressions,
  listSuppressions as listQuery,
  suppressionPage,
  suppressionsAdded,
  suppressionsSynced,
  syncSuppressions,
} from './suppressions.schema.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';

/** Not a recipient of the other examples. */
export const SUPPRESSED_ADDRESS = 'opted-out@example.com';

export const addToSuppressions: OperationDoc = {
  id: 'addSuppressions',
  summary: 'Suppress addresses',
  description: 'The addresses get no more mail of the scope, from any client.',
  idempotent: true,
  bodies: [
    {
      description: 'The addresses',
      schema: addSuppressions,
      examples: () => ({
        optOut: {
          summary: 'an opt-out',
          value: { addresses: [SUPPRESSED_ADDRESS], scope: 'marketing', reason: 'asked by phone' },
        },
      }),
    },
  ],
  answers: [
    {
      status: 201,
      description: 'Number of new and of existing entries',
      content: json(suppressionsAdded, { added: 1, ignored: 0 }),
    },
  ],
};

export const listSuppressed = listing({
  id: 'listSuppressions',
  summary: 'List suppressed addresses',
  description: 'Ordered by address.',
  query: listQuery,
  page: suppressionPage,
  holds: 'Addresses that get no mail',
  example: {
    address: SUPPRESSED_ADDRESS,
    scope: 'marketing',
    reason: 'asked by phone',
    source: 'api',
    createdAt: '2026-11-20T09:00:00.000Z',
    createdBy: EXAMPLE_IDS.apiKey,
    expiresAt: null,
  },
});

export const removeSuppression: OperationDoc = {
  id: 'removeSuppression',
  summary: 'Remove an address',
  description: 'Removes the address in every scope. Do this only with the consent of its owner.',
  path: { address: { description: 'The address', schema: { type: 'string' }, example: SUPPRESSED_ADDRESS } },
  answers: [{ status: 204, description: 'The address gets mail again' }],
  problems: ['not_found'],
};

export const compareSuppressions: OperationDoc = {
  id: 'syncSuppressions',
  summary: 'Synchronise with the providers',
  description:
    'Copies opt-outs from advertisements, and removals, between the gateway and the accounts. If both sides ' +
    'changed an address, the later change wins; if that is unknown, the opt-out wins. The gateway does the same ' +
    'every `SUPPRESSION_SYNC_INTERVAL_MS`. Suppressions for all mail and bounces stay in the gateway.',
  bodies: [
    {
      description: 'The account; a request without body means all',
      schema: syncSuppressions.meta({ id: 'SuppressionSync' }),
      examples: () => ({
        all: { summary: 'all accounts', value: {} },
        one: { summary: 'one account', value: { provider: 'nhn' } },
      }),
    },
  ],
  idempotent: true,
  answers: [
    {
      status: 200,
      description: 'Changes on both sides',
      content: json(suppressionsSynced, {
        results: [
          {
            provider: 'nhn',
            status: 'completed',
            gateway: { added: 2, removed: 0, unreadable: 0 },
            account: { added: 1, removed: 1, ignored: 0 },
            startedAt: '2026-11-20T09:00:00.000Z',
          },
        ],
      }),
    },
  ],
};
