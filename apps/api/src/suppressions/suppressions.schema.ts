import { normaliseAddress } from '@gateway/core';
import { z } from 'zod';
import { cursorOf, pageQuery, queryInstant, queryText } from '../http/page.js';

const MAX_ADDRESSES = 1000;
const SCOPES = ['marketing', 'all'] as const;

/** In lower case: two spellings of an address are one person. */
const address = z.string().transform((text, ctx) => {
  const normal = normaliseAddress(text);
  if (normal !== undefined) return normal.toLowerCase();
  ctx.addIssue({ code: 'custom', message: 'is not an e-mail address', params: { code: 'invalid_address' } });
  return z.NEVER;
});

export const addSuppressions = z.strictObject({
  addresses: z
    .array(address)
    .min(1)
    .max(MAX_ADDRESSES)
    .meta({ description: '1 to 1,000 addresses', examples: [['kim@example.com']] }),
  scope: z.enum(SCOPES).meta({
    description: '`marketing`: advertisements only; `all`: receipts and login codes too',
    examples: ['marketing'],
  }),
  reason: z.string().trim().min(1).max(200).optional().meta({ description: 'In your own words' }),
});

export const listSuppressions = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.strictObject({ address: z.string(), scope: z.string() }), {
    address: 'kim@example.com',
    scope: 'all',
  }),
  address: queryText(254)
    .optional()
    .meta({ description: 'One address', examples: ['kim@example.com'] }),
  reason: queryText(200)
    .optional()
    .meta({ description: 'The reason, as it was given', examples: ['unsubscribed'] }),
  source: queryText(50)
    .optional()
    .meta({ description: '`api`, `bounce` or an account', examples: ['bounce'] }),
  since: queryInstant.optional().meta({ description: 'Added at or after', examples: ['2026-11-01T00:00:00Z'] }),
});

export const syncSuppressions = z.strictObject({
  provider: z
    .string()
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'An account; all of them if it is left out', examples: ['nhn'] }),
});

const entry = z.object({
  address: z.string(),
  scope: z.enum(SCOPES),
  reason: z.string().nullable(),
  source: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
});

export const suppressionPage = z.object({ data: z.array(entry), nextCursor: z.string().nullable() });
export const suppressionsAdded = z.object({ added: z.int(), ignored: z.int() });

const changes = { added: z.int(), removed: z.int() };

const syncedAccount = z.object({
  provider: z.string(),
  status: z
    .enum(['completed', 'running', 'failed'])
    .meta({ description: '`running`: it takes longer than a caller waits; it goes on. `failed`: it is tried again.' }),
  gateway: z.object(changes).meta({ description: 'What came onto the list of the gateway, and what was taken off it' }),
  account: z
    .object({ ...changes, ignored: z.int() })
    .meta({ description: 'The same on the list of the account; `ignored`: addresses that it did not take' }),
  startedAt: z.iso.datetime().nullable(),
  problem: z.looseObject({ code: z.string(), detail: z.string() }).optional(),
});

export const suppressionsSynced = z.object({ results: z.array(syncedAccount) });
