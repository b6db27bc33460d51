import { TemplateSyntaxError, decodeId, encodeId, parseTemplate } from '@gateway/core';
import { z } from 'zod';
import { SOME_UUID, cursorOf, pageQuery, queryText } from '../http/page.js';
import { queryInteger } from '../http/query/query-integer.js';
import { issue } from '../http/fields/issue.js';
import { composed } from '../http/fields/text.js';
import { hasControlCharacter } from '../http/fields/mailbox.js';
import { queryFlag } from '../http/query/query-flag.js';
import {
  MAX_BODY_BYTES,
  MAX_SUBJECT_BYTES,
  attachments,
  boundedBytes,
  sender,
  singleLine,
  variables,
} from '../messages/read/message.schema.js';

export const MAX_NAME_LENGTH = 100;
export const MAX_DESCRIPTION_BYTES = 300;
/** For the documentation. */
const SOME_CATEGORY = encodeId('templateCategory', SOME_UUID);

/** Words of Hangul, Latin letters, digits and `. _ -`, single spaces between them. */
const NAME = /^[\p{Script=Hangul}A-Za-z0-9._-]+(?: [\p{Script=Hangul}A-Za-z0-9._-]+)*$/u;
const NAME_RULE = 'consists of Hangul, Latin letters, digits, ".", "_", "-" and single spaces';

/** Hangul that comes in parts, as macOS writes it, is put together. */
export const templateName = z
  .string()
  .transform(composed(MAX_NAME_LENGTH))
  .superRefine((text, ctx) => {
    if (text === '') ctx.addIssue(issue('required', 'must not be empty'));
    else if (text.length > MAX_NAME_LENGTH) {
      ctx.addIssue(issue('too_long', `must be at most ${MAX_NAME_LENGTH} characters`));
    } else if (!NAME.test(text)) ctx.addIssue(issue('not_allowed', `a name ${NAME_RULE}`));
  })
  .meta({
    description: `1 to 100 characters; it ${NAME_RULE}`,
    examples: ['order-shipped'],
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
  });

const description = boundedBytes(MAX_DESCRIPTION_BYTES, 'too_long')
  .superRefine((text, ctx) => {
    if (hasControlCharacter(text)) ctx.addIssue(issue('control_character', 'must not contain control characters'));
  })
  .transform((text) => (text === '' ? null : text))
  .meta({ description: 'At most 300 bytes; an empty text is none' });

/** A malformed id counts as unknown. */
function readCategory(id: string, ctx: z.core.$RefinementCtx<string>): string {
  const uuid = decodeId('templateCategory', id);
  if (uuid !== undefined) return uuid;
  ctx.addIssue(issue('unknown_reference', 'there is no category with this id'));
  return z.NEVER;
}

const categoryReference = (description: string) =>
  z
    .string()
    .meta({ description, examples: [SOME_CATEGORY] })
    .transform(readCategory);

/** The category above a template or category; none: it is at the root. */
const placeIn = (description: string) =>
  z
    .string()
    .meta({ description: `${description}; an empty text: at the root`, examples: [SOME_CATEGORY] })
    .transform((id, ctx) => (id === '' ? null : readCategory(id, ctx)));

/** A sender, or an empty text for none. */
const senderOrNone = z
  .preprocess((value) => (value === '' ? null : value), sender.nullable())
  .meta({ ...sender.meta(), description: 'Sender, unless the message names its own; an empty text: none' });

const parses = (text: string, ctx: z.core.$RefinementCtx<string>): void => {
  try {
    parseTemplate(text);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    ctx.addIssue(issue('invalid_template', error.message));
  }
};

const subject = singleLine(MAX_SUBJECT_BYTES)
  .superRefine(parses)
  .meta({ description: 'At most 500 bytes; `{{name}}` is a variable' });

/** Also in changes, where an absent one stays as it is. */
const body = boundedBytes(MAX_BODY_BYTES, 'too_large')
  .superRefine(parses)
  .transform((text) => (text === '' ? null : text))
  .meta({ description: 'At most 500,000 bytes; an empty text is none' });

const head = {
  name: templateName,
  categoryId: placeIn('Category that it is in').optional(),
  description: description.optional(),
  enabled: z.boolean().optional().meta({ description: 'A disabled template cannot be sent' }),
};

const content = {
  from: senderOrNone.optional(),
  html: body.optional(),
  text: body.optional(),
  attachments: attachments
    .optional()
    .meta({ description: 'Ids of uploaded files that its messages carry, unless they name their own' }),
};

/** The fields of a template. */
export const templateFields = { ...head, ...content, subject };

export function needsBody({ html, text }: TextsInput, ctx: z.core.$RefinementCtx<unknown>): void {
  if (!html && !text) ctx.addIssue(issue('required', 'html or text is required', ['html']));
}

interface TextsInput {
  readonly html?: string | null | undefined;
  readonly text?: string | null | undefined;
}

export const createTemplate = z.strictObject(templateFields).superRefine(needsBody);

export const updateTemplate = z.strictObject({
  ...head,
  ...content,
  name: templateName.optional(),
  subject: subject.optional(),
});

export const getTemplateQuery = z.strictObject({
  version: queryInteger(1, 2_147_483_647)
    .optional()
    .meta({ description: 'A version; the newest unless given', examples: [1] }),
});

export const listTemplatesQuery = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.uuid(), SOME_UUID),
  categoryId: categoryReference('Templates of this category itself').optional(),
  q: queryText(200)
    .optional()
    .meta({ description: 'Part of name, description or subject', examples: ['order'] }),
  enabled: queryFlag('Only enabled ones, or only disabled ones').optional(),
  deleted: queryFlag('Deleted ones, which can be restored').default(false),
});

export const previewTemplate = z.strictObject({
  variables: variables.optional(),
  version: z.int().min(1).max(2_147_483_647).optional().meta({ description: 'The newest unless given' }),
});

export const createCategory = z.strictObject({
  name: templateName,
  parentId: placeIn('The category above it').optional(),
  description: description.optional(),
});

export const updateCategory = createCategory.partial();

export const listCategoriesQuery = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.uuid(), SOME_UUID),
  parentId: z
    .string()
    .meta({ description: 'Children of this category; `root`: those at the root', examples: ['root'] })
    .transform((id, ctx) => (id === 'root' ? null : readCategory(id, ctx)))
    .optional(),
  q: queryText(200)
    .optional()
    .meta({ description: 'Part of name or description', examples: ['order'] }),
});
