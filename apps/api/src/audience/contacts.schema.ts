import { isGroupName, addressKey, FieldErrors } from '@gateway/core';
import { z } from 'zod';
import { addressText, queryAddress } from '../http/fields/address.js';
import { SOME_UUID, cursorOf, pageQuery, queryText } from '../http/page.js';
import { boundedList } from '../http/fields/bounded-list.js';
import { issue } from '../http/fields/issue.js';
import { composed } from '../http/fields/text.js';
import { MAX_NAME_BYTES, hasControlCharacter } from '../http/fields/mailbox.js';
import { readVariables } from '../http/fields/variables.js';

const MAX_ADDRESSES = 50;
const MAX_GROUPS = 100;
const MAX_GROUP_NAME = 100;
const MAX_EXTERNAL_ID = 200;
const MAX_ATTRIBUTES_BYTES = 8192;

const singleLine = (text: string, ctx: z.core.$RefinementCtx): void => {
  if (hasControlCharacter(text)) ctx.addIssue(issue('control_character', 'must not contain control characters'));
};

const addresses = boundedList(addressText, 1, MAX_ADDRESSES)
  .superRefine((list, ctx) => {
    const keys = list.map((address) => addressKey(String(address)));
    keys.forEach((key, i) => {
      if (keys.indexOf(key) < i) ctx.addIssue(issue('duplicate_address', 'is in the list already', [i]));
    });
  })
  .meta({
    description: `1 to ${MAX_ADDRESSES}; each belongs to one contact`,
    examples: [['kim@example.com', 'kim@example.org']],
  });

export const groupName = z
  .string()
  .meta({ description: '1 to 100 of Hangul, Latin letters, digits, `.` `_` `-`', examples: ['vip'] })
  .transform(composed(MAX_GROUP_NAME))
  .superRefine((name, ctx) => {
    if (name === '') ctx.addIssue(issue('required', 'must not be empty'));
    else if (name.length > MAX_GROUP_NAME)
      ctx.addIssue(issue('too_long', `must be at most ${MAX_GROUP_NAME} characters`));
    else if (!isGroupName(name)) {
      ctx.addIssue(issue('not_allowed', 'may hold Hangul, Latin letters, digits and . _ - only'));
    }
  });

const groups = boundedList(groupName, 0, MAX_GROUPS)
  .meta({ description: 'Names of groups it is a member of', examples: [['vip', 'newsletter']] })
  .transform((names) => [...new Set(names)]);

const attributes = z
  .unknown()
  .transform((value, ctx) => {
    const errors = new FieldErrors();
    readVariables(value, { pointer: '' }, errors);
    for (const { pointer, code, detail } of errors.all) ctx.addIssue(issue(code, detail, pointer.split('/').slice(1)));
    if (errors.count === 0 && Buffer.byteLength(JSON.stringify(value)) > MAX_ATTRIBUTES_BYTES) {
      ctx.addIssue(issue('too_large', `has more than ${MAX_ATTRIBUTES_BYTES} bytes as JSON`));
    }
    return value as Record<string, string | number | boolean>;
  })
  .meta({
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
    description: 'Values for the variables of messages; at most 8 KB',
    examples: [{ city: 'Seoul', points: 120 }],
  });

/** An empty text is none. */
const textOrNone = (text: string): string | null => (text === '' ? null : text);

const externalId = z
  .string()
  .trim()
  .max(MAX_EXTERNAL_ID)
  .superRefine(singleLine)
  .transform(textOrNone)
  .meta({ description: 'What your own system calls it; unique; an empty text is none', examples: ['crm-17'] });

const name = z
  .string()
  .trim()
  .superRefine(singleLine)
  .superRefine((text, ctx) => {
    if (Buffer.byteLength(text) > MAX_NAME_BYTES)
      ctx.addIssue(issue('too_long', `has more than ${MAX_NAME_BYTES} bytes`));
  })
  .transform(textOrNone)
  .meta({ description: 'Shown with the address, and the variable `name`; an empty text is none', examples: ['Kim'] });

export const contactInput = z.strictObject({
  externalId: externalId.optional(),
  name: name.optional(),
  addresses,
  groups: groups.optional(),
  attributes: attributes.optional(),
});

export const contactChange = contactInput.partial();

export const contactListQuery = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.uuid(), SOME_UUID),
  group: queryText(100)
    .meta({ description: 'Name of a group', examples: ['vip'] })
    .transform((text) => text.normalize('NFC'))
    .optional(),
  address: queryAddress('One of its addresses').optional(),
  externalId: queryText(MAX_EXTERNAL_ID)
    .optional()
    .meta({ description: 'What your own system calls it', examples: ['crm-17'] }),
});
