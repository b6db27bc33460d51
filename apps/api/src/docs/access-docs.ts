import { encodeId } from '@gateway/core';
import { z } from 'zod';
import { scopes } from '../access/scopes.js';
import type { AnswerDoc } from './answers.js';

const apiKey = z.object({
  id: z.string(),
  client: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
});

const example = {
  id: encodeId('apiKey', '01941f29-7c00-7000-8000-00000000e0b1'),
  client: 'billing',
  name: 'receipts of the billing service',
  scopes: ['messages:write', 'messages:read'],
  createdAt: '2026-11-20T09:00:00.000Z',
  revokedAt: null,
};

export const newApiKey: AnswerDoc = {
  status: 201,
  description: 'The key, shown this once',
  schema: apiKey.extend({ key: z.string() }),
  example: { ...example, key: 'gk_…' },
};

export const apiKeyPage: AnswerDoc = {
  status: 200,
  description: 'Keys, newest first',
  schema: z.object({ data: z.array(apiKey), nextCursor: z.string().nullable() }),
  example: { data: [example], nextCursor: null },
};
