import {
  FieldErrors,
  MAX_ATTACHMENTS,
  categories,
  decodeId,
  deliveries,
  quotaPolicies,
  type FieldErrorCode,
} from '@gateway/core';
import { z } from 'zod';
import { instant } from '../../http/fields/instant.js';
import { audienceExpression } from './audience-expression.js';
import { hasControlCharacter, isObject, readMailbox, refuseUnknown } from '../../http/fields/mailbox.js';
import { readHeaders } from './headers.js';
import { issue } from '../../http/fields/issue.js';
import { templateReference } from './message-template.js';
import { readVariables } from '../../http/fields/variables.js';

export const MAX_RECIPIENTS = 100_000;
export const MAX_SUBJECT_BYTES = 500;
export const MAX_BODY_BYTES = 500_000;
const MAX_METADATA_BYTES = 2048;

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** A hand-written reader as a part of a schema: its field errors become the schema's issues. */
const read = <T>(reader: (value: unknown, errors: FieldErrors) => T | undefined) =>
  z.unknown().transform((value, ctx) => {
    const errors = new FieldErrors();
    const result = reader(value, errors);
    for (const { pointer, code, detail } of errors.all) {
      const path = pointer.split('/').slice(1).map(unescapeSegment);
      ctx.addIssue(issue(code, detail, path));
    }
    const more = errors.count - errors.all.length;
    if (more > 0) ctx.addIssue({ ...issue('too_many', `and ${more} more`), params: { code: 'too_many', more } });
    return result as T;
  });

const unescapeSegment = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

export const boundedBytes = (max: number, code: FieldErrorCode) =>
  z.string().superRefine((text, ctx) => {
    const size = bytes(text);
    // Nothing else is looked at then: every other check takes longer the longer the text is.
    if (size > max) ctx.addIssue({ ...issue(code, `must be at most ${max} bytes (is ${size})`), continue: false });
  });

export const singleLine = (max: number) =>
  boundedBytes(max, 'too_long').superRefine((text, ctx) => {
    if (text.trim() === '') ctx.addIssue(issue('required', 'must not be empty'));
    if (hasControlCharacter(text))
      ctx.addIssue(issue('control_character', 'must not contain control characters or line breaks'));
  });

const mailboxJson = {
  oneOf: [
    { type: 'string', examples: ['Kim <kim@example.com>'] },
    {
      type: 'object',
      properties: { address: { type: 'string' }, name: { type: 'string' } },
      required: ['address'],
      additionalProperties: false,
    },
  ],
} as const;

/** Where a recipient is expected, a string may hold several. */
const mailboxesJson = {
  type: 'string',
  description: 'One mailbox, or several, separated by `,` or `;`; a name that contains one of these is quoted',
  examples: ['Kim <kim@example.com>, "Lee, Minsu" <lee@example.com>'],
} as const;

const SENDER_FIELDS: ReadonlySet<string> = new Set(['address', 'name']);

export const sender = read((value, errors) => {
  const mailbox = readMailbox(value, { pointer: '' }, errors);
  if (mailbox && mailbox.address.length > 100)
    errors.add(isObject(value) ? '/address' : '', 'too_long', 'a sender address has at most 100 characters');
  if (mailbox?.name && bytes(mailbox.name) > 69)
    errors.add(isObject(value) ? '/name' : '', 'too_long', 'a sender name has at most 69 bytes');
  if (isObject(value)) refuseUnknown(value, SENDER_FIELDS, { pointer: '' }, errors);
  return mailbox;
}).meta({ ...mailboxJson, description: 'Sender: an address of at most 100 characters, a name of at most 69 bytes' });

export const variables = read((value, errors) => readVariables(value, { pointer: '' }, errors) ?? {}).meta({
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
  description: "Defaults for all recipients; a recipient's own values win",
});

const headers = read((value, errors) => readHeaders(value, errors) ?? {}).meta({
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'Additional headers, for accounts that accept them',
});

/** Ids of uploaded files, as UUIDs; whether the client has them is looked up when the message is accepted. */
export const attachments = z
  .array(z.string())
  .max(MAX_ATTACHMENTS)
  .transform((ids, ctx) =>
    ids.map((id, i) => {
      const uuid = decodeId('attachment', id);
      if (uuid === undefined) ctx.addIssue(issue('unknown_reference', 'no attachment has this id', [i]));
      if (ids.indexOf(id) < i) ctx.addIssue(issue('not_allowed', 'is given twice', [i]));
      return uuid ?? '';
    }),
  );

const metadata = read((value, errors) => {
  if (value === undefined) return {};
  if (!isObject(value)) return void errors.add('', 'invalid_type', 'must be an object');
  // Counted before it is written out: a hostile one may have millions of members.
  const written = hasMoreParts(value, MAX_METADATA_BYTES) ? undefined : JSON.stringify(value);
  if (written === undefined || bytes(written) > MAX_METADATA_BYTES) {
    errors.add('', 'too_large', `has more than ${MAX_METADATA_BYTES} bytes as JSON`);
  }
  return value;
});

/** Has it more members, elements and characters than so many? Looks at no more than those. */
function hasMoreParts(root: unknown, most: number): boolean {
  let left = most;
  const open: unknown[] = [root];
  for (let next = open.pop(); next !== undefined && left >= 0; next = open.pop()) {
    if (typeof next === 'string') left -= next.length;
    if (typeof next !== 'object' || next === null) continue;
    const parts: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    left -= parts.length;
    if (left >= 0) open.push(...parts.filter((part) => part !== undefined));
  }
  return left < 0;
}

const recipientsJson = {
  type: 'array',
  minItems: 1,
  maxItems: MAX_RECIPIENTS,
  items: {
    oneOf: [
      mailboxesJson,
      {
        type: 'object',
        properties: {
          address: { type: 'string' },
          name: { type: 'string' },
          type: { type: 'string', enum: ['to', 'cc', 'bcc'], default: 'to' },
          variables: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
        },
        required: ['address'],
        additionalProperties: false,
      },
    ],
  },
} as const;

const recipientJson = { oneOf: [mailboxesJson, mailboxJson.oneOf[1]] } as const;

const shorthandJson = { oneOf: [...recipientJson.oneOf, { type: 'array', items: recipientJson }] } as const;

/** Recipients are read one by one by `RecipientReader`; the schema only describes them. */
const recipientFields = {
  recipients: z.unknown().optional().meta(recipientsJson),
  to: z.unknown().optional().meta(shorthandJson),
  cc: z.unknown().optional().meta(shorthandJson),
  bcc: z.unknown().optional().meta(shorthandJson),
};

/**
 * Everything of `POST /v1/messages`. Defaults are applied; texts are not yet parsed. Whether sender and subject may be
 * absent depends on the template.
 */
/** Empty texts are as good as absent. */
const body = boundedBytes(MAX_BODY_BYTES, 'too_large').transform((text) => (text === '' ? undefined : text));

export const messageSchema = z.strictObject({
  category: z
    .enum(categories)
    .default('transactional')
    .meta({ description: 'Chooses lane, suppression scope and advertising rules' }),
  delivery: z.enum(deliveries).default('individual').meta({
    description:
      'individual: each recipient gets a mail of their own; shared: one mail whose `to` and `cc` recipients see each other',
  }),
  template: templateReference.optional(),
  from: sender.optional(),
  subject: singleLine(MAX_SUBJECT_BYTES)
    .optional()
    .meta({ description: 'At most 500 bytes; `{{name}}` is a variable' }),
  html: body.optional(),
  text: body.optional(),
  variables: variables.optional(),
  ...recipientFields,
  audience: audienceExpression.optional(),
  headers: headers.optional(),
  attachments: attachments
    .default([])
    .meta({ description: 'Ids of uploaded files, at most 20 MiB together; none in authentication mail' }),
  sendAt: instant().optional().meta({ description: 'At most 60 days ahead' }),
  hold: z.boolean().default(false).meta({ description: 'The message is `held`, and not sent until `POST …/release`' }),
  provider: z.string().max(50).default('auto').meta({ description: '`auto` or the name of an account' }),
  metadata: metadata.optional().meta({ type: 'object', description: 'At most 2 KB; echoed, never sent' }),
  tags: z.array(singleLine(100)).max(10).default([]),
  onQuota: z.enum(quotaPolicies).default('defer'),
  dedupe: z.boolean().default(false),
  allowSplit: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});

export type MessageInput = z.output<typeof messageSchema>;
