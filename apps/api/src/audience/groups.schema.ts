import { decodeId } from '@gateway/core';
import { z } from 'zod';
import { SOME_UUID, cursorOf, pageQuery } from '../http/page.js';
import { addressText, groupName } from './contacts.schema.js';

const MAX_MEMBERS = 100_000;

const description = z
  .string()
  .trim()
  .max(300)
  .nullable()
  .meta({ description: 'For people', examples: ['Bought for more than a million'] });

export const groupInput = z.strictObject({ name: groupName, description: description.optional() });

export const groupChange = groupInput.partial();

export const groupListQuery = z.strictObject({ ...pageQuery, cursor: cursorOf(z.uuid(), SOME_UUID) });

const contactId = z.string().transform((text, ctx) => {
  const id = decodeId('contact', text);
  if (id !== undefined) return id;
  ctx.addIssue({ code: 'custom', message: 'there is no such contact', params: { code: 'unknown_reference' } });
  return z.NEVER;
});

/** One of the two lists. */
export const membersInput = z
  .strictObject({
    addresses: z
      .array(addressText)
      .min(1)
      .max(MAX_MEMBERS)
      .optional()
      .meta({ description: 'One that no contact has becomes a contact', examples: [['kim@example.com']] }),
    contactIds: z
      .array(contactId)
      .min(1)
      .max(MAX_MEMBERS)
      .optional()
      .meta({ description: 'Ids of contacts', examples: [[]] }),
  })
  .superRefine((input, ctx) => {
    if ((input.addresses === undefined) === (input.contactIds === undefined)) {
      ctx.addIssue({
        code: 'custom',
        message: 'either addresses or contactIds are required',
        path: ['addresses'],
        params: { code: input.addresses === undefined ? 'required' : 'not_allowed' },
      });
    }
  });

export const pushInput = z.strictObject({
  provider: z
    .string()
    .min(1)
    .max(50)
    .meta({ description: 'Name of an account that keeps lists', examples: ['ncp'] }),
});
