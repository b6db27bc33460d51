import { addressKey } from '@gateway/core';
import { mentionsAddress } from '@gateway/delivery';
import { z } from 'zod';
import { addressText } from '../http/fields/address.js';
import { boundedList } from '../http/fields/bounded-list.js';
import { issue } from '../http/fields/issue.js';
import { cursorOf, pageQuery, SOME_UUID } from '../http/page.js';

const MAX_ADDRESSES = 5000;
const MOST_MENTION_DAYS = 365;

/** In lower case: two spellings of an address are one person. */
const address = addressText.transform(addressKey);

export const newErasure = z.strictObject({
  addresses: boundedList(address, 1, MAX_ADDRESSES).meta({
    description: '1 to 5,000 addresses',
    examples: [['kim@example.com']],
  }),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .superRefine((text, ctx) => {
      if (mentionsAddress(text))
        ctx.addIssue(issue('not_allowed', 'must not contain an address: the receipt keeps it'));
    })
    .optional()
    .meta({ description: 'In your own words, for the receipt; without an address', examples: ['request 2026-117'] }),
  mentionDays: z
    .int()
    .min(1)
    .max(MOST_MENTION_DAYS)
    .optional()
    .meta({
      description:
        'Also look for the addresses in texts and variables of mail to others, of so many days. They are reported, not erased',
      examples: [30],
    }),
  dryRun: z.boolean().default(false).meta({ description: 'Only count what would be erased' }),
});

export const listErasures = z.strictObject({ ...pageQuery, cursor: cursorOf(z.uuid(), SOME_UUID) });
