import { z } from 'zod';
import type { AnswerDoc } from './answers.js';

const account = z.object({
  name: z.string(),
  kind: z.string(),
  version: z.string(),
  sandbox: z.boolean().meta({ description: 'True: a simulator stands in for the provider, no mail leaves' }),
  capabilities: z.record(z.string(), z.union([z.boolean(), z.array(z.string())])),
  limits: z.record(z.string(), z.number()),
  quota: z.object({
    recipientsPerMonth: z.int().nullable(),
    usedThisMonth: z.int(),
    leftThisMonth: z.int().nullable(),
  }),
  health: z.object({
    status: z.enum(['unknown', 'ok', 'failing', 'paused']),
    paused: z.boolean(),
    pauseReason: z.string().nullable(),
    lastSuccessAt: z.iso.datetime().nullable(),
    lastFailureAt: z.iso.datetime().nullable(),
    lastFailure: z.string().nullable(),
  }),
});

export const providerList: AnswerDoc = {
  status: 200,
  description: 'Accounts in the order of preference',
  schema: z.object({ data: z.array(account), nextCursor: z.null() }),
  example: {
    data: [
      {
        name: 'nhn',
        kind: 'nhn',
        version: 'v1.5',
        sandbox: true,
        capabilities: { customHeaders: true, unsubscribeUrl: true, openTracking: true, forbiddenHeaders: ['from'] },
        limits: { recipientsPerRequest: 1000, subjectBytes: 500 },
        quota: { recipientsPerMonth: null, usedThisMonth: 1200, leftThisMonth: null },
        health: {
          status: 'ok',
          paused: false,
          pauseReason: null,
          lastSuccessAt: '2026-11-20T09:00:00.000Z',
          lastFailureAt: null,
          lastFailure: null,
        },
      },
    ],
    nextCursor: null,
  },
};
