import { addressKey } from '@gateway/core';
import { z } from 'zod';
import { addressText, queryAddress } from '../http/fields/address.js';
import { boundedList } from '../http/fields/bounded-list.js';
import { cursorOf, pageQuery, queryInstant, queryText } from '../http/page.js';

const MAX_ADDRESSES = 1000;
const SCOPES = ['marketing', 'all'] as const;

/** In lower case: two spellings of an address are one person. */
const address = addressText.transform(addressKey);

export const addSuppressions = z.strictObject({
  addresses: boundedList(address, 1, MAX_ADDRESSES).meta({
    description: '1 to 1,000 addresses',
    examples: [['kim@example.com']],
  }),
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
  address: queryAddress('One address').transform(addressKey).optional(),
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
    .meta({ description: 'An account; default: all', examples: ['nhn'] }),
});

const entry = z.object({
  address: z.string().nullable().meta({ description: 'null: the address was erased; the entry is still in force' }),
  scope: z.enum(SCOPES),
  reason: z.string().nullable(),
  source: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string().nullable().meta({ description: 'The API key that added it; null: the gateway' }),
  expiresAt: z.iso.datetime().nullable(),
});

export const suppressionPage = z.object({ data: z.array(entry), nextCursor: z.string().nullable() });
export const suppressionsAdded = z.object({ added: z.int(), ignored: z.int() });

const changes = { added: z.int(), removed: z.int() };

const syncedAccount = z.object({
  provider: z.string(),
  status: z
    .enum(['completed', 'running', 'failed'])
    .meta({ description: '`running`: it continues after the answer. `failed`: it is tried again.' }),
  gateway: z.object({ ...changes, unreadable: z.int() }).meta({
    description:
      'Changes of the list of the gateway; `unreadable`: entries of the account that are no e-mail address, passed over',
  }),
  account: z
    .object({ ...changes, ignored: z.int() })
    .meta({ description: 'The same for the list of the account; `ignored`: addresses that it did not accept' }),
  startedAt: z.iso.datetime().nullable(),
  problem: z.looseObject({ code: z.string(), detail: z.string() }).optional(),
});

export const suppressionsSynced = z.object({ results: z.array(syncedAccount) });
