import { z } from 'zod';
import { pause } from '../providers/providers.schema.js';
import { instant } from './common.js';
import { json, type OperationDoc } from './operation.js';

const account = z
  .object({
    name: z.string(),
    kind: z.string(),
    version: z.string(),
    sandbox: z.boolean().meta({ description: 'True: a simulator stands in for the provider, no mail leaves' }),
    capabilities: z
      .object({
        customHeaders: z.boolean(),
        unsubscribeUrl: z.boolean(),
        openTracking: z.boolean(),
        deliveryReceipts: z.boolean(),
        findByMarker: z.boolean(),
        forbiddenHeaders: z.array(z.string()),
        audience: z
          .object({
            state: z.enum(['available', 'retired', 'unsupported']),
            endOfSupport: z.string().nullable().optional().meta({ description: 'The day that the vendor announced' }),
            checkedAt: instant.nullable().optional().meta({ description: 'When the account itself showed it' }),
            groupsPerMessage: z.int().optional(),
            groups: z.int().nullable().optional(),
            groupsPerContact: z.int().nullable().optional(),
          })
          .meta({ description: "Lists of the provider's own; `retired`: name the gateway's groups in an audience" }),
      })
      .meta({ description: 'What the account can do' }),
    limits: z.record(z.string(), z.number()).meta({ description: 'What the account takes; sizes in bytes' }),
    quota: z.object({
      recipientsPerMonth: z.int().nullable(),
      usedThisMonth: z.int(),
      leftThisMonth: z.int().nullable(),
    }),
    health: z.object({
      status: z.enum(['unknown', 'ok', 'failing', 'paused']),
      paused: z.boolean(),
      pausedBy: z.enum(['operator', 'gateway']).nullable().meta({
        description: 'The gateway pauses an account whose credentials are refused, and tries one batch now and then',
      }),
      pauseReason: z.string().nullable(),
      lastSuccessAt: instant.nullable(),
      lastFailureAt: instant.nullable(),
      lastFailure: z.string().nullable(),
      breaker: z
        .object({
          state: z.enum(['closed', 'open', 'half_open']),
          reason: z.enum(['credentials', 'unavailable', 'throttled']).nullable(),
          until: instant.nullable(),
          failures: z.int(),
        })
        .meta({ description: 'Open: nothing is tried until then. Half open: one batch tries' }),
    }),
  })
  .meta({ id: 'ProviderAccount' });

const providerList = z.object({ data: z.array(account), nextCursor: z.null() }).meta({ id: 'ProviderAccountList' });

const example: z.input<typeof account> = {
  name: 'nhn',
  kind: 'nhn',
  version: 'v1.5',
  sandbox: true,
  capabilities: {
    customHeaders: true,
    unsubscribeUrl: true,
    openTracking: true,
    deliveryReceipts: true,
    findByMarker: false,
    forbiddenHeaders: ['from', 'to', 'reply-to'],
    audience: {
      state: 'retired',
      endOfSupport: '2026-03-24',
      checkedAt: null,
      groupsPerMessage: 4,
      groups: 2048,
      groupsPerContact: 16,
    },
  },
  limits: { recipientsPerRequest: 1000, recipientsPerSharedMail: 1000, subjectBytes: 500, bodyBytes: 500_000 },
  quota: { recipientsPerMonth: null, usedThisMonth: 1200, leftThisMonth: null },
  health: {
    status: 'ok',
    paused: false,
    pausedBy: null,
    pauseReason: null,
    lastSuccessAt: '2026-11-20T09:00:00.000Z',
    lastFailureAt: null,
    lastFailure: null,
    breaker: { state: 'closed', reason: null, until: null, failures: 0 },
  },
};

export const listProviders: OperationDoc = {
  id: 'listProviders',
  summary: 'List provider accounts',
  description: 'In the order of preference, with capabilities, quota and health.',
  answers: [
    {
      status: 200,
      description: 'Accounts in the order of preference',
      content: json(providerList, { data: [example], nextCursor: null }),
    },
  ],
};

const name = { name: { description: 'Name of the account', schema: { type: 'string' }, example: 'nhn' } };

export const pauseProvider: OperationDoc = {
  id: 'pauseProvider',
  summary: 'Pause an account',
  description: 'Nothing is posted through it any more; its batches wait. New messages prefer other accounts.',
  path: name,
  bodies: [
    {
      description: 'Why',
      schema: pause,
      examples: () => ({ maintenance: { summary: 'maintenance', value: { reason: 'maintenance at the vendor' } } }),
    },
  ],
  answers: [{ status: 200, description: 'The account', content: json(account, example) }],
  problems: ['not_found'],
};

export const resumeProvider: OperationDoc = {
  id: 'resumeProvider',
  summary: 'Resume an account',
  description: 'What waited for it is due at once.',
  path: name,
  answers: [{ status: 200, description: 'The account', content: json(account, example) }],
  problems: ['not_found'],
};
