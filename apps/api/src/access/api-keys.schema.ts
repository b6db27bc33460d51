import { z } from 'zod';
import { boundedList } from '../http/fields/bounded-list.js';
import { instant } from '../http/fields/instant.js';
import { SOME_UUID, cursorOf, pageQuery } from '../http/page.js';
import { scopes } from '../http/scopes.js';
import { durationText } from '../http/fields/duration.js';
import { networkText } from './fields/networks.js';
import { senderText } from './fields/sender-text.js';

const NAME = z.string().trim().min(1).max(100);
const MOST_ENTRIES = 100;
const LONGEST_OVERLAP_MS = 7 * 86_400_000;
const HIGHEST_RATE = 1_000_000;

const rate = z.int().min(1).max(HIGHEST_RATE).optional();

const name = NAME.meta({ description: 'Purpose of the key' });
const scopeList = z.array(z.enum(scopes)).min(1).max(scopes.length).meta({ description: 'Permissions of the key' });
const expiresAt = instant(1970).transform((text) => new Date(text));

const limits = {
  allowedIps: boundedList(networkText, 0, MOST_ENTRIES)
    .optional()
    .meta({ description: 'Networks that requests may come from; empty: any', examples: [['203.0.113.0/24']] }),
  allowedFrom: boundedList(senderText, 0, MOST_ENTRIES)
    .optional()
    .meta({
      description: 'Senders that messages may have: addresses and domains; empty: any',
      examples: [['example.com']],
    }),
  allowedAccounts: boundedList(z.string().trim().min(1).max(100), 0, MOST_ENTRIES)
    .optional()
    .meta({ description: 'Accounts that messages may use; empty: any' }),
  needsRelease: z
    .boolean()
    .optional()
    .meta({ description: 'Messages of the key are held until another key releases them' }),
  rateLimit: z
    .strictObject({ requestsPerSecond: rate, recipientsPerSecond: rate })
    .optional()
    .meta({ description: 'Limits over all api processes; `{}` removes them' }),
};

export const createKey = z.strictObject({
  client: NAME.optional().meta({ description: 'Name of the client; a new name creates a client. Default: your own' }),
  name,
  scopes: scopeList,
  expiresAt: expiresAt.optional().meta({ description: 'From then on the key is refused; without it, it has no end' }),
  ...limits,
});

export const updateKey = z.strictObject({
  name: name.optional(),
  scopes: scopeList.optional(),
  expiresAt: z
    .union([z.literal('').transform(() => null), expiresAt])
    .optional()
    .meta({ description: 'From then on the key is refused; an empty text removes the end' }),
  ...limits,
});

export const rotateKey = z.strictObject({
  overlap: durationText(LONGEST_OVERLAP_MS)
    .optional()
    .meta({ description: 'How long the replaced key still works: 0 to 7 days, default 24 hours; `PT0S`: not at all' }),
});

export const listKeys = z.strictObject({ ...pageQuery, cursor: cursorOf(z.uuid(), SOME_UUID) });
