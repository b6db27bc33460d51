import { isGroupName, normaliseAddress, addressKey, type FieldErrorCode, FieldErrors } from '@gateway/core';
import { z } from 'zod';
import { SOME_UUID, cursorOf, pageQuery, queryText } from '../http/page.js';
import { MAX_NAME_BYTES, hasControlCharacter } from '../messages/mailbox.js';
import { readVariables } from '../messages/variables.js';

const MAX_ADDRESSES = 50;
const MAX_GROUPS = 100;
const MAX_EXTERNAL_ID = 200;
const MAX_ATTRIBUTES_BYTES = 8192;

const issue = (code: FieldErrorCode, message: string, path: readonly PropertyKey[] = []) => ({
  code: 'custom' as const,
  message,
  params: { code },
  path: [...path],
});

const singleLine = (text: string, ctx: z.core.$RefinementCtx): void => {
  if (hasControlCharacter(text)) ctx.addIssue(issue('control_character', 'must not hold control characters'));
};

export const addressText = z.string().transform((text, ctx) => {
  const normal = normaliseAddress(text);
  if (normal !== undefined) return normal;
  if (text.trim() === '') ctx.addIssue(issue('required', 'an address is required'));
  else ctx.addIssue(issue('invalid_address', 'is not an e-mail address'));
  return z.NEVER;
});

const addresses = z
  .array(addressText)
  .min(1)
  .max(MAX_ADDRESSES)
  .superRefine((list, ctx) => {
    const keys = list.map((address) => addressKey(String(address)));
    keys.forEach((key, i) => {
      if (keys.indexOf(key) < i) ctx.addIssue(issue('duplicate_address', 'stands in the list already', [i]));
    });
  })
  .meta({
    description: `1 to ${MAX_ADDRESSES}; each belongs to one contact`,
    examples: [['kim@example.com', 'kim@example.org']],
  });

export const groupName = z
  .string()
  .meta({ description: '1 to 100 of Hangul, Latin letters, digits, `.` `_` `-`', examples: ['vip'] })
  .transform((text) => text.trim().normalize('NFC'))
  .superRefine((name, ctx) => {
    if (name === '') ctx.addIssue(issue('required', 'must not be empty'));
    else if (name.length > 100) ctx.addIssue(issue('too_long', 'must be at most 100 characters'));
    else if (!isGroupName(name)) {
      ctx.addIssue(issue('not_allowed', 'may hold Hangul, Latin letters, digits and . _ - only'));
    }
  });

const groups = z
  .array(groupName)
  .max(MAX_GROUPS)
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

const externalId = z
  .string()
  .trim()
  .min(1)
  .max(MAX_EXTERNAL_ID)
  .superRefine(singleLine)
  .nullable()
  .meta({ description: 'What your own system calls it; unique', examples: ['crm-17'] });

const name = z
  .string()
  .trim()
  .min(1)
  .superRefine(singleLine)
  .superRefine((text, ctx) => {
    if (Buffer.byteLength(text) > MAX_NAME_BYTES)
      ctx.addIssue(issue('too_long', `has more than ${MAX_NAME_BYTES} bytes`));
  })
  .nullable()
  .meta({ description: 'Stands with the address, and is the variable `name`', examples: ['Kim'] });

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
  address: queryText(254)
    .optional()
    .meta({ description: 'One of its addresses', examples: ['kim@example.com'] }),
  externalId: queryText(MAX_EXTERNAL_ID)
    .optional()
    .meta({ description: 'What your own system calls it', examples: ['crm-17'] }),
});
