import { decodeId, encodeId } from '@gateway/core';
import { z } from 'zod';
import { addressText } from '../http/fields/address.js';
import { boundedList } from '../http/fields/bounded-list.js';
import { SOME_UUID, cursorOf, pageQuery } from '../http/page.js';
import { groupName } from './contacts.schema.js';

const MAX_MEMBERS = 100_000;

const description = z
  .string()
  .trim()
  .max(300)
  .transform((text) => (text === '' ? null : text))
  .meta({ description: 'For people; an empty text is none', examples: ['Bought for more than a million'] });

export const groupInput = z.strictObject({ name: groupName, description: description.optional() });

export const groupChange = groupInput.partial();

export const groupListQuery = z.strictObject({ ...pageQuery, cursor: cursorOf(z.uuid(), SOME_UUID) });

export const contactId = z.string().transform((text, ctx) => {
  const id = decodeId('contact', text);
  if (id !== undefined) return id;
  ctx.addIssue({ code: 'custom', message: 'no contact has this id', params: { code: 'unknown_reference' } });
  return z.NEVER;
});

function eitherList(
  input: { readonly addresses?: unknown; readonly contactIds?: unknown },
  ctx: z.core.$RefinementCtx,
): void {
  if ((input.addresses === undefined) === (input.contactIds === undefined)) {
    ctx.addIssue({
      code: 'custom',
      message: 'either addresses or contactIds are required',
      path: ['addresses'],
      params: { code: input.addresses === undefined ? 'required' : 'not_allowed' },
    });
  }
}

/** One of the two lists, for the documentation; `readMembers` reads it. */
export const membersInput = z
  .strictObject({
    addresses: boundedList(addressText, 1, MAX_MEMBERS)
      .optional()
      .meta({ description: 'One that no contact has becomes a contact', examples: [['kim@example.com']] }),
    contactIds: boundedList(contactId, 1, MAX_MEMBERS)
      .optional()
      .meta({ description: 'Ids of contacts', examples: [[encodeId('contact', SOME_UUID)]] }),
  })
  .superRefine(eitherList);

/** The same, as far as its entries need not be read. */
export const memberLists = z
  .strictObject({
    addresses: boundedList(z.unknown(), 1, MAX_MEMBERS).optional(),
    contactIds: boundedList(z.unknown(), 1, MAX_MEMBERS).optional(),
  })
  .superRefine(eitherList);

export const pushInput = z.strictObject({
  provider: z
    .string()
    .min(1)
    .max(50)
    .meta({ description: 'Name of an account that keeps lists', examples: ['ncp'] }),
});
