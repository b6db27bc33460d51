import { categories, messageStatuses, recipientStatuses } from '@gateway/core';
import { z } from 'zod';
import { cursorOf, pageQuery } from '../http/page.js';

const METADATA_FILTER = /^metadata\[([^\]]{1,100})\]$/;

/** `?metadata[key]=value` comes as a flat name; everything else must be a known filter. */
export const messageListQuery = z
  .object({
    ...pageQuery,
    cursor: cursorOf(z.uuid()).optional(),
    status: z.enum(messageStatuses).optional(),
    category: z.enum(categories).optional(),
    provider: z.string().max(50).optional(),
    tag: z.string().max(100).optional(),
    from: z.string().max(254).optional(),
    createdAfter: z.iso.datetime({ offset: true }).optional(),
    createdBefore: z.iso.datetime({ offset: true }).optional(),
  })
  .catchall(z.string())
  .superRefine((query, ctx) => {
    for (const name of Object.keys(query)) {
      if (known.has(name) || METADATA_FILTER.test(name)) continue;
      ctx.addIssue({
        code: 'custom',
        message: 'is not a filter of this list',
        path: [name],
        params: { code: 'unknown_field' },
      });
    }
  });

const known = new Set([
  'limit',
  'cursor',
  'status',
  'category',
  'provider',
  'tag',
  'from',
  'createdAfter',
  'createdBefore',
]);

export type MessageListQuery = z.output<typeof messageListQuery>;

export const metadataFilter = (query: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const key = METADATA_FILTER.exec(name)?.[1];
      return key === undefined || typeof value !== 'string' ? [] : [[key, value]];
    }),
  );

export const messageQuery = z.strictObject({
  waitFor: z
    .enum(['final'])
    .optional()
    .meta({ description: 'Answer when every recipient is settled, or at the timeout' }),
  timeout: z.coerce.number().int().min(1).max(60).default(30).meta({ description: 'Seconds to wait' }),
});

export const recipientListQuery = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.int().min(0)).optional(),
  status: z.enum(recipientStatuses).optional(),
  address: z.string().max(254).optional(),
});

export const batchListQuery = z.strictObject({ ...pageQuery, cursor: cursorOf(z.int().min(0)).optional() });

export const eventListQuery = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.strictObject({ row: z.uuid(), told: z.int().min(0) })).optional(),
});

export const addressQuery = z.strictObject({
  ...pageQuery,
  address: z.string().trim().min(1).max(254),
  cursor: cursorOf(z.strictObject({ messageId: z.uuid(), position: z.int().min(0) })).optional(),
});
