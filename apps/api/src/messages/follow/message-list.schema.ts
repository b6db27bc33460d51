import { categories, messageStatuses, recipientStatuses } from '@gateway/core';
import { z } from 'zod';
import { queryAddress } from '../../http/fields/address.js';
import { SOME_UUID, cursorOf, pageQuery, queryInstant, queryText } from '../../http/page.js';
import { queryFlag } from '../../http/query/query-flag.js';
import { queryInteger } from '../../http/query/query-integer.js';
import { templateIdQuery } from '../read/message-template.js';
import { isStorable } from '../../http/json/unstorable.js';

const METADATA_FILTER = /^metadata\[([^\]]{1,100})\]$/;

/** `?metadata[key]=value` comes as a flat name; everything else must be a known filter. */
export const messageListQuery = z
  .object({
    ...pageQuery,
    cursor: cursorOf(z.uuid(), SOME_UUID),
    status: z
      .enum(messageStatuses)
      .optional()
      .meta({ description: 'Status of the message', examples: ['completed'] }),
    category: z
      .enum(categories)
      .optional()
      .meta({ description: 'Category of the message', examples: ['transactional'] }),
    provider: queryText(50)
      .optional()
      .meta({ description: 'The account that got the message', examples: ['ncp'] }),
    tag: queryText(100)
      .optional()
      .meta({ description: 'One of its tags', examples: ['orders'] }),
    templateId: templateIdQuery.optional(),
    from: queryAddress('Address of the sender', 'no-reply@example.com').optional(),
    to: queryAddress('Address of a recipient', 'kim@example.com').optional(),
    subject: queryText(200)
      .optional()
      .meta({
        description: 'A part of the subject, in any case; login mail and encrypted subjects are not searched',
        examples: ['order'],
      }),
    createdAfter: queryInstant
      .optional()
      .meta({ description: 'Only messages made after this time', examples: ['2026-11-01T00:00:00Z'] }),
    createdBefore: queryInstant
      .optional()
      .meta({ description: 'Only messages made before this time', examples: ['2036-12-01T00:00:00Z'] }),
  })
  .catchall(queryText(2048))
  .superRefine((query, ctx) => {
    for (const name of Object.keys(query)) {
      if (known.has(name) || (METADATA_FILTER.test(name) && isStorable(name))) continue;
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
  'templateId',
  'from',
  'to',
  'subject',
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
    .meta({ description: 'Answer when every recipient is settled, or at the timeout', examples: ['final'] }),
  timeout: queryInteger(1, 60)
    .default(30)
    .meta({ description: 'Seconds to wait', examples: [30] }),
});

export const recipientListQuery = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.int32().min(0), 0),
  status: z
    .enum(recipientStatuses)
    .optional()
    .meta({ description: 'Status of the recipient', examples: ['delivered'] }),
  address: queryAddress('Address of the recipient').optional(),
});

export const batchListQuery = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.strictObject({ position: z.int32().min(0), id: z.uuid() }), { position: 0, id: SOME_UUID }),
});

export const addressQuery = z.strictObject({
  ...pageQuery,
  address: queryAddress('Address of the recipient'),
  cursor: cursorOf(z.strictObject({ messageId: z.uuid(), position: z.int32().min(0) }), {
    messageId: SOME_UUID,
    position: 1,
  }),
  allClients: queryFlag('With NDJSON, for an `admin` key of client `default`: the data of all clients').default(false),
});
