import {
  addSuppressions,
  listSuppressions as listQuery,
  suppressionPage,
  suppressionsAdded,
  suppressionsSynced,
  syncSuppressions,
} from '../suppressions/suppressions.schema.js';
import { json, type OperationDoc } from './operation.js';

/** Of nobody to whom the other examples send. */
export const SUPPRESSED_ADDRESS = 'opted-out@example.com';

export const addToSuppressions: OperationDoc = {
  id: 'addSuppressions',
  summary: 'Suppress addresses',
  description: 'From now on they get no mail of the scope, whichever client sends it.',
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
      description: 'How many were added, and how many were on the list already',
      content: json(suppressionsAdded, { added: 1, ignored: 0 }),
    },
  ],
};

export const listSuppressed: OperationDoc = {
  id: 'listSuppressions',
  summary: 'List suppressed addresses',
  description: 'In the order of addresses.',
  query: listQuery,
  answers: [
    {
      status: 200,
      description: 'Addresses that get no mail',
      content: json(suppressionPage, {
        data: [
          {
            address: SUPPRESSED_ADDRESS,
            scope: 'marketing',
            reason: 'asked by phone',
            source: 'api',
            createdAt: '2026-11-20T09:00:00.000Z',
            expiresAt: null,
          },
        ],
        nextCursor: null,
      }),
    },
  ],
};

export const removeSuppression: OperationDoc = {
  id: 'removeSuppression',
  summary: 'Take an address off the list',
  description: 'In every scope. Only with the consent of its owner.',
  path: { address: { description: 'The address', schema: { type: 'string' }, example: SUPPRESSED_ADDRESS } },
  answers: [{ status: 204, description: 'It gets mail again' }],
  problems: ['not_found'],
};

export const compareSuppressions: OperationDoc = {
  id: 'syncSuppressions',
  summary: 'Compare with the lists of the providers',
  description:
    'Opt-outs from advertisements that only the gateway or only an account has are brought to the other, and so are ' +
    'removals; if both changed an address, the later change counts, and in doubt the one who opted out is right. The ' +
    'gateway does this by itself every `SUPPRESSION_SYNC_INTERVAL_MS`. What is suppressed for all mail and what bounced ' +
    'stays with the gateway.',
  bodies: [
    {
      description: 'Which account; a request without body means all',
      schema: syncSuppressions.meta({ id: 'SuppressionSync' }),
      examples: () => ({
        all: { summary: 'all accounts', value: {} },
        one: { summary: 'one account', value: { provider: 'nhn' } },
      }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'What changed on both sides',
      content: json(suppressionsSynced, {
        results: [
          {
            provider: 'nhn',
            status: 'completed',
            gateway: { added: 2, removed: 0 },
            account: { added: 1, removed: 1, ignored: 0 },
            startedAt: '2026-11-20T09:00:00.000Z',
          },
        ],
      }),
    },
  ],
};
